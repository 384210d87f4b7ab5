"""Differences: between periods, waves, managers; and which of them may be called so."""
