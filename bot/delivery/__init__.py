"""Getting updates in and messages out without losing or doubling any."""
