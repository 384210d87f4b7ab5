"""Cases in the chat: lists, one case, what is done about it."""
