"""What an admin can do, the same from the chat and from the command line. No aiogram here."""
