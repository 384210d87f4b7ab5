"""The command menu that Telegram shows beside the text field."""

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.methods import SetMyCommands
from aiogram.types import BotCommand, BotCommandScopeChat, BotCommandScopeDefault

from storage.database import Database
from storage.people import people
from storage.people.addresses import TELEGRAM
from templates.texts import LANGUAGES, Texts, mark

log = structlog.get_logger()

_EVERYBODY = {
    "start": mark("where we are"),
    "help": mark("what I can do"),
    "language": mark("Русский, English"),
    "stop": mark("no more invitations"),
}
_ADMIN = {
    "menu": mark("campaigns and digests"),
    "digest": mark("digest of the last month"),
    "why": mark("why somebody was not asked"),
    "people": mark("customers, managers, links"),
    "card": mark("a customer's card"),
    "outbox": mark("messages that may not have arrived"),
}


def _commands(texts: Texts, table: dict[str, str]) -> list[BotCommand]:
    return [BotCommand(command=name, description=texts(what)) for name, what in table.items()]


async def publish_commands(bot: Bot, database: Database) -> None:
    """Tell Telegram the menus; a refusal is logged, the bot works without them."""
    async with database.reading() as reader:
        admins = await people.admins(reader)
    calls = [
        SetMyCommands(
            commands=_commands(Texts(language), _EVERYBODY),
            scope=BotCommandScopeDefault(),
            language_code=None if language == "ru" else language,
        )
        for language in LANGUAGES
    ]
    calls += [
        SetMyCommands(
            commands=_commands(
                Texts("en" if person.language == "en" else "ru"), _ADMIN | _EVERYBODY
            ),
            scope=BotCommandScopeChat(chat_id=int(person.address.address)),
        )
        for person in admins
        if person.address is not None and person.address.channel == TELEGRAM
    ]
    for call in calls:
        try:
            await bot(call)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("commands_not_published", error=type(error).__name__)
