"""Answers, people, cases and decisions as files for spreadsheets and statistics."""
