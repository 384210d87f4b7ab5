"""The demo: what it shows is what happened."""
