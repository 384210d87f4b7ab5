"""Copies of the database, restores, and the hold that follows one."""
