"""Cases: opened by a low score or by a message, due by working time, told to a CRM."""
