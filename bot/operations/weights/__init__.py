"""Experts compare criteria: what is compared, what their judgements come to."""
