"""Campaigns from the decision whom to ask to the last answer."""
