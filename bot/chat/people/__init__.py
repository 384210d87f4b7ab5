"""People in the chat: lists of them, their links, their cards, their leaving."""
