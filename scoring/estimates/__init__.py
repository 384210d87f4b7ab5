"""One number from answers, with its interval."""
