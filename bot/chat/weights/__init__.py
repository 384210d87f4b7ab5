"""Experts' weights in the chat: comparing criteria, and adopting what that comes to."""
