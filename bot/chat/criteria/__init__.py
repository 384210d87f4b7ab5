"""The criteria of the work with customers: their page, the facts behind them, their weights."""
