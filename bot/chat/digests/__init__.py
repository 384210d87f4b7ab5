"""Digests on schedule: how often, when, in which language, and about whom."""
