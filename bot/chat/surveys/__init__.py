"""Surveys in the chat: answered, tried, edited."""
