"""The bot about itself: who it is, its names, descriptions and commands, its connection."""

import math
import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.chats import Body, User
from bot.sandbox.errors import refuse, too_many_requests
from bot.sandbox.world import World

MOST_COMMANDS = 100
LONGEST_COMMAND_DESCRIPTION = 256
LONGEST = {"name": 64, "description": 512, "short_description": 120}
CLOSE_AFTER = 600
"""Seconds after the start of a bot in which `close` is refused."""

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")


def get_me(world: World, _: Body) -> Body:
    """Do getMe."""
    return world.bot


def _language(given: Body) -> str:
    language: str = given.get("language_code", "")
    if not _LANGUAGE.fullmatch(language):
        refuse("invalid language code specified")
    return language


def _setter(field: str) -> Callable[[World, Body], bool]:
    def set_text(world: World, given: Body) -> bool:
        text = given.get(field, "")
        if len(text) > LONGEST[field]:
            refuse(f"BOT_{field.upper()}_TOO_LONG")
        world.profile[field, _language(given)] = text
        return True

    return set_text


def _scope(world: World, given: Body) -> tuple[Any, ...]:
    scope = given.get("scope") or {"type": "default"}
    if "chat_id" in scope:
        chat = world.target(scope["chat_id"])
        return (scope["type"], chat.id, scope.get("user_id", 0))
    return (scope["type"],)


def set_my_commands(world: World, given: Body) -> bool:
    """Do setMyCommands."""
    commands = given["commands"]
    if len(commands) > MOST_COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= LONGEST_COMMAND_DESCRIPTION:
            refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    plain = [c | {"command": c["command"].removeprefix("/")} for c in commands]
    world.commands[(*_scope(world, given), _language(given))] = plain
    world.signal.bump()
    return True


def get_my_commands(world: World, given: Body) -> list[Body]:
    """Do getMyCommands."""
    return world.commands.get((*_scope(world, given), _language(given)), [])


def delete_my_commands(world: World, given: Body) -> bool:
    """Do deleteMyCommands."""
    world.commands.pop((*_scope(world, given), _language(given)), None)
    world.signal.bump()
    return True


def commands_seen_by(world: World, user: User) -> list[Body]:
    """Return the menu a person sees in the private chat: the narrowest scope that has one."""
    for scope in (("chat", user.id, 0), ("all_private_chats",), ("default",)):
        for language in (user.language_code[:2], ""):
            commands = world.commands.get((*scope, language))
            if commands:
                return commands
    return []


def log_out(world: World, _: Body) -> bool:
    """Do logOut: this server does not know the bot any more."""
    world.logged_out = True
    return True


def close(world: World, _: Body) -> bool:
    """Do close: refused in the first ten minutes."""
    left = CLOSE_AFTER - (world.clock.lived() - world.begun)
    if left > 0:
        refuse(too_many_requests(math.ceil(left)))
    return True


METHODS: dict[str, Any] = {
    "getMe": get_me,
    "setMyName": _setter("name"),
    "setMyDescription": _setter("description"),
    "setMyShortDescription": _setter("short_description"),
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "logOut": log_out,
    "close": close,
}
