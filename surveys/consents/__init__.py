"""What people agree to before they are asked."""
