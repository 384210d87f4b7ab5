"""The bot's side of the chat: handlers, keyboards, replies."""
