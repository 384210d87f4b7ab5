"""The database itself: connections, transactions, the schema, what is peculiar to each kind."""
