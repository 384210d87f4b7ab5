"""Moving a workspace from SQLite to PostgreSQL, with proof that nothing was lost or changed."""
