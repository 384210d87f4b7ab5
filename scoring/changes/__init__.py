"""Differences between periods, waves and managers, and which of them may be called differences."""
