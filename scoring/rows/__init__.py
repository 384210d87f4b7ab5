"""Statistics that need respondents' rows: they take and give DataFrames with documented columns."""
