"""Dumps of a PostgreSQL database."""
