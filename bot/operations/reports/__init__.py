"""Digests and comparisons, from the database to finished words."""
