"""The program: Telegram conversation, delivery, jobs, command line."""
