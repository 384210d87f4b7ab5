"""Counts: what storage hands to scoring."""
