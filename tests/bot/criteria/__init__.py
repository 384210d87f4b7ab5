"""The criteria in the chat: their page, facts, experts' weights."""
