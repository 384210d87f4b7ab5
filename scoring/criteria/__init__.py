"""The criteria, their index, and money."""
