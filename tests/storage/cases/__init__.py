"""Cases and what is done about them."""
