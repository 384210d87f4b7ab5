"""Scales that many tests answer on."""

from scoring.estimates.counts import Scale

SATISFACTION = Scale(1, 5, 5)
