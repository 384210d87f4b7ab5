"""What people may ask for: that their data is erased."""
