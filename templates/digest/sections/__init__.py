"""The sections of a digest, one a module: figures in, finished words and coordinates out."""
