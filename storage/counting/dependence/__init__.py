"""Whose answers depend on one another: a firm's people, one person's months and measures."""
