"""Rows as a file, from the chat: by buttons or typed words."""
