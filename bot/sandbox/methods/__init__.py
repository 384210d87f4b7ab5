"""The modelled Bot API methods: each takes the world and checked parameters, returns the result."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.methods import chats, editing, profile, sending
from bot.sandbox.world import World

BotMethod = Callable[[World, dict[str, Any]], Any]

METHODS: dict[str, BotMethod] = {
    **sending.METHODS,
    **editing.METHODS,
    **chats.METHODS,
    **profile.METHODS,
}
"""All but getUpdates and the webhook's three, which live with the connection (api.py)."""
