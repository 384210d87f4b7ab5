"""Who people are, how they come in, and the lists they come from."""
