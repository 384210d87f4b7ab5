"""`otklik calc`: every formula by hand."""
