"""Asking about chats, people and files."""

from typing import Any

from bot.sandbox.chats import Body, Chat
from bot.sandbox.content.files import LARGEST_DOWNLOAD
from bot.sandbox.errors import refuse
from bot.sandbox.methods.sending import replied
from bot.sandbox.world import World

_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def _known(world: World, chat_id: int | str) -> Chat:
    """Return a chat to read about: a blocked bot may read, but it knows no stranger's chat."""
    if isinstance(chat_id, str):
        return world.target(chat_id)
    user = world.users.get(chat_id)
    if user is not None and user.started:
        return world.private_chat(user)
    chat = world.chats.get(chat_id)
    if chat is None or chat.private:
        refuse("chat not found")
    return world.target(chat_id)


def get_chat(world: World, given: Body) -> Body:
    """Do getChat."""
    chat = _known(world, given["chat_id"])
    body = world.chat_body(chat) | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if chat.pinned:
        body["pinned_message"] = replied(chat.messages[chat.pinned[-1]])
    return body


def get_chat_member(world: World, given: Body) -> Body:
    """Do getChatMember."""
    chat = _known(world, given["chat_id"])
    user_id = given["user_id"]
    if user_id == world.bot["id"]:
        return {"status": "member" if chat.bot_member else "kicked", "user": world.bot_body()}
    user = world.users.get(user_id)
    if user is None:
        refuse("user not found")
    status = "member" if user_id in chat.members else "left"
    return {"status": status, "user": user.body()}


def get_file(world: World, given: Body) -> Body:
    """Do getFile: up to 20 MB."""
    stored = world.files.by_id(given["file_id"])
    if stored is None:
        refuse("invalid file_id")
    if len(stored.content) > LARGEST_DOWNLOAD:
        refuse("file is too big")
    return stored.body() | {"file_path": stored.path}


METHODS: dict[str, Any] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getFile": get_file,
}
