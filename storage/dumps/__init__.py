"""Copies of a PostgreSQL database: dumps by the server's own programs, verified, and put back."""
