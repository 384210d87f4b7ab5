"""Commands that set up, examine, copy and restore."""
