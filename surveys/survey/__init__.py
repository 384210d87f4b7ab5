"""A survey: its definition, its answers, and the way through it."""
