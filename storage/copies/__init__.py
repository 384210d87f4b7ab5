"""Copies of the database, and what follows when one takes its place."""
