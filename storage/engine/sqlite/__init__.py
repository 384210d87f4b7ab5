"""What is peculiar to SQLite: one file, one place of its own, a thread for each connection."""
