"""What falls due: reminders, expiry, digests."""
