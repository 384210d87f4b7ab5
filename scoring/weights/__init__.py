"""Weights from comparisons of criteria, and the choice among alternatives by them."""
