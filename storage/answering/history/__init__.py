"""Past answers out of the company's own files."""
