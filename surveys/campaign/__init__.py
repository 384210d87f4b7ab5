"""A campaign: of whom it asks, when, and by which rules."""
