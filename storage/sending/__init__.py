"""What comes from Telegram and what goes out: inbox, outbox and the work that was asked for."""
