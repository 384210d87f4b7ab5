"""The command menu that Telegram shows beside the text field."""

from collections.abc import Awaitable, Callable

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
)
from aiogram.methods import DeleteMyCommands, SetMyCommands
from aiogram.types import BotCommand, BotCommandScopeChat, BotCommandScopeDefault

from storage.database import Database
from storage.people import people
from storage.people.addresses import TELEGRAM, Address
from surveys.messages import LANGUAGES, Language, known_language, mark
from templates.texts import Texts

log = structlog.get_logger()

_EVERYBODY = {
    "start": mark("where we are"),
    "help": mark("what I can do"),
    "language": mark("Русский, English"),
    "stop": mark("no more invitations"),
    "consent": mark("what I agreed to, and taking it back"),
    "mydata": mark("everything that is kept about me"),
    "forget": mark("erase my data"),
}
_ADMIN = {
    "menu": mark("campaigns and digests"),
    "digest": mark("digest: now, 2026-Q3, 2026-10 2025-10"),
    "web": mark("the digest as a page"),
    "export": mark("data as a file: answers 2026-Q3"),
    "why": mark("why somebody was not asked"),
    "people": mark("customers, managers, links"),
    "card": mark("a customer's card"),
    "outbox": mark("messages that may not have arrived"),
    "audit": mark("what staff did"),
}
_ADMINS = _ADMIN | {name: what for name, what in _EVERYBODY.items() if name != "forget"}
"""Staff are erased once they have left, not by a word of their own."""


def _commands(texts: Texts, table: dict[str, str]) -> list[BotCommand]:
    return [BotCommand(command=name, description=texts(what)) for name, what in table.items()]


def _of_chat(chat_id: int, language: Language | None) -> SetMyCommands | DeleteMyCommands:
    scope = BotCommandScopeChat(chat_id=chat_id)
    if language is None:
        return DeleteMyCommands(scope=scope)
    return SetMyCommands(commands=_commands(Texts(language), _ADMINS), scope=scope)


def menus(bot: Bot) -> Callable[[Address, Language | None], Awaitable[None]]:
    """Return a function that shows a chat an admin's commands in a language; None: everybody's.

    It raises where Telegram cannot be reached; a chat that is gone is left alone.
    """

    async def show(address: Address, language: Language | None) -> None:
        if address.channel != TELEGRAM:
            return
        try:
            await bot(_of_chat(int(address.address), language))
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            log.warning("commands_not_published", error=type(error).__name__)

    return show


async def publish_commands(bot: Bot, database: Database) -> None:
    """Tell Telegram the menus; a refusal is logged, the bot works without them."""
    async with database.reading() as reader:
        admins = await people.admins(reader)
    calls: list[SetMyCommands | DeleteMyCommands] = [
        SetMyCommands(
            commands=_commands(Texts(language), _EVERYBODY),
            scope=BotCommandScopeDefault(),
            language_code=None if language == "ru" else language,
        )
        for language in LANGUAGES
    ]
    calls += [
        _of_chat(int(person.address.address), known_language(person.language) or "ru")
        for person in admins
        if person.address is not None and person.address.channel == TELEGRAM
    ]
    for call in calls:
        try:
            await bot(call)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("commands_not_published", error=type(error).__name__)
