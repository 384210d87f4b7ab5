"""Experts, their judgements, and adopted weights: as rows."""
