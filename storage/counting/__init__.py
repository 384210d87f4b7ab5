"""Answers counted: the small tables from which digests and comparisons are computed."""
