"""What the company counts itself: monthly facts, and minutes from a time study."""
