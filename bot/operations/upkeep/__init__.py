"""What keeps the installation in order: what went wrong is told, tried again or mended."""
