"""Cases of unhappy customers: their rows, who sees them, what is done about them."""
