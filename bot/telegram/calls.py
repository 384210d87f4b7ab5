"""Outbox rows as Bot API calls, and what Telegram answers as outcomes."""

from pathlib import Path
from typing import Any

from aiogram import Bot, methods
from aiogram.methods import TelegramMethod
from aiogram.types import FSInputFile

from bot.delivery.outcomes import Delivered, Outcome, Rejected, Sent
from bot.telegram.outcomes import attempt
from storage.sending.outbox import Claimed

_METHODS: dict[str, type[TelegramMethod[Any]]] = {
    "sendMessage": methods.SendMessage,
    "sendDocument": methods.SendDocument,
    "sendPhoto": methods.SendPhoto,
    "editMessageText": methods.EditMessageText,
    "editMessageReplyMarkup": methods.EditMessageReplyMarkup,
}
_WORDS = ("text", "caption")
_FILE_PARAMETER = {"sendDocument": "document", "sendPhoto": "photo"}
REPEATED = "↻"
"""Marks a message to staff that may have arrived before."""


def build(claimed: Claimed, *, upload: bool = False) -> TelegramMethod[Any]:
    """Return the call that a row describes; a file uploaded before is named, unless `upload`."""
    parameters = dict(claimed.params)
    if claimed.repeat and claimed.audience == "staff":
        parameters |= {
            name: f"{REPEATED} {parameters[name]}" for name in _WORDS if name in parameters
        }
    if claimed.file_path is not None:
        parameters[_FILE_PARAMETER[claimed.method]] = _file(claimed, upload=upload)
    return _METHODS[claimed.method](chat_id=claimed.chat_id, **parameters)


def _file(claimed: Claimed, *, upload: bool) -> FSInputFile | str:
    if claimed.file_id is not None and not upload:
        return claimed.file_id
    path = Path(claimed.file_path or "").resolve(strict=True)
    return FSInputFile(path, filename=path.name)


async def deliver(bot: Bot, claimed: Claimed) -> Outcome:
    """Make a row's call: once more as plain text or with its file where Telegram refuses those."""
    try:
        method = build(claimed)
        outcome = await attempt(bot(method))
        if isinstance(outcome, Rejected) and outcome.formatting:
            outcome = await attempt(bot(method.model_copy(update={"parse_mode": None})))
        elif isinstance(outcome, Rejected) and claimed.file_id is not None:
            outcome = await attempt(bot(build(claimed, upload=True)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Rejected(f"unusable row: {type(error).__name__}")
    if isinstance(outcome, Rejected) and outcome.unchanged:
        return Delivered(Sent(None))
    return Delivered(sent(outcome.result)) if isinstance(outcome, Delivered) else outcome


def sent(result: object) -> Sent:
    """Return what Telegram's answer says of a message: its number and its file's name, if any."""
    message_id = getattr(result, "message_id", None)
    document = getattr(result, "document", None)
    photos = getattr(result, "photo", None)
    found = document or (photos[-1] if photos else None)
    return Sent(message_id, getattr(found, "file_id", None))
