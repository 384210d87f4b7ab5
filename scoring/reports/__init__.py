"""Digests and comparisons as documents of finished numbers."""
