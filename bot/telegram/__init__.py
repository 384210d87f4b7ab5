"""What speaks to Telegram itself."""
