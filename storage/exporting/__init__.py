"""Rows for files: everything that is kept of answers, people, cases and decisions, in batches."""
