"""What customers' words are about, and what in them must not be quoted."""
