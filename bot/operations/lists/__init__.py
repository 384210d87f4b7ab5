"""Lists of people: what their columns and rows mean, checked and taken."""
