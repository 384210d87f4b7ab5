"""Cases: by which calendar they are due, what customers and staff write in them."""
