"""Outbox rows as Bot API calls, and Telegram's answers as outcomes."""

from dataclasses import replace
from pathlib import Path

from aiogram import Bot

from bot.delivery.outcomes import Delivered, Outcome, Rejected, Sent
from bot.says.content import Unasked, read
from bot.says.said import Again, Document
from bot.telegram import speak
from bot.telegram.outcomes import attempt
from storage.sending.outbox import Claimed

_LARGEST = (1 << 63) - 1
"""The largest number that a database keeps: a larger one would make the whole transaction fail."""
REPEATED = "↻"
"""Marks a message to staff that may have arrived before."""


def said_in(claimed: Claimed) -> Unasked:
    """Return what a row says, marked where it may be a repeat to staff."""
    file = None if claimed.file_path is None else Path(claimed.file_path)
    said = read(claimed.kind, claimed.content, file)
    if not (claimed.repeat and claimed.audience == "staff"):
        return said
    if isinstance(said, Again):
        return said
    if isinstance(said, Document):
        return replace(said, caption=f"{REPEATED} {said.caption}")
    return replace(said, screen=replace(said.screen, text=f"{REPEATED} {said.screen.text}"))


async def deliver(bot: Bot, claimed: Claimed) -> Outcome:
    """Make a row's call: once more as plain text or with its file where Telegram refuses those."""
    try:
        said, to = said_in(claimed), claimed.address.address
        method = speak.call(said, to, claimed.file_id)
        outcome = await attempt(bot(method))
        if isinstance(outcome, Rejected) and outcome.formatting:
            outcome = await attempt(bot(speak.plain(method)))
        elif isinstance(outcome, Rejected) and claimed.file_id is not None:
            outcome = await attempt(bot(speak.call(said, to)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Rejected(f"unusable row: {type(error).__name__}")
    if isinstance(outcome, Rejected) and outcome.unchanged:
        return Delivered(Sent(None))
    return Delivered(sent(outcome.result)) if isinstance(outcome, Delivered) else outcome


def sent(result: object) -> Sent:
    """Return what Telegram's answer says of a message: its number and its file's name, if any."""
    if isinstance(result, dict):
        number = result.get("message_id")
        return Sent(number if isinstance(number, int) and abs(number) <= _LARGEST else None)
    message_id = getattr(result, "message_id", None)
    document = getattr(result, "document", None)
    photos = getattr(result, "photo", None)
    found = document or (photos[-1] if photos else None)
    return Sent(message_id, getattr(found, "file_id", None))
