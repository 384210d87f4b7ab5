"""Commands about surveys, campaigns and events."""
