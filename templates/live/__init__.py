"""The pages around the live digest: the bar above it, and the small pages beside it."""
