"""Campaigns in the chat: begun, watched, compared, explained."""
