"""What is peculiar to PostgreSQL: a server, several programs that write, its own sort order."""
