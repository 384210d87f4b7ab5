"""What whoever keeps the program up may ask it."""
