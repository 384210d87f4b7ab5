"""Telegram's updates as what was heard; only private chats are listened to."""

from datetime import datetime
from typing import Any

from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update, User

from bot.says.heard import (
    Command,
    Contact,
    Edited,
    File,
    Heard,
    Media,
    MediaKind,
    Membership,
    Other,
    Sender,
    Tap,
    Words,
)
from bot.says.taps import unpack
from storage.people.addresses import of_telegram


def heard(told: dict[str, Any], now: datetime) -> Heard | None:
    """Return what an update says; raises ValidationError where it is not one of Telegram's."""
    return heard_in(Update.model_validate(told), now)


def heard_in(update: Update, now: datetime) -> Heard | None:
    """Return what an update says, None where it is nothing for us."""
    match update:
        case Update(message=Message() as message) if _is_private(message):
            return _message(message)
        case Update(callback_query=CallbackQuery() as query):
            return _tap(query, now)
        case Update(my_chat_member=ChatMemberUpdated() as change) if change.chat.type == "private":
            blocked = change.new_chat_member.status == "kicked"
            return Membership(_sender(change.from_user), 0, change.date, blocked)
        case Update(edited_message=Message() as edited) if _is_private(edited):
            text = edited.text or edited.caption
            return None if text is None else Edited(*_common(edited), text)
        case _:
            return None


def _sender(user: User) -> Sender:
    return Sender(*of_telegram(user.id), user.full_name, user.language_code or "")


def _is_private(message: Message) -> bool:
    return message.chat.type == "private" and message.from_user is not None


def _common(message: Message) -> tuple[Sender, int, datetime]:
    assert message.from_user is not None  # noqa: S101 (see _is_private)
    return _sender(message.from_user), message.message_id, message.date


def _tap(query: CallbackQuery, now: datetime) -> Heard | None:
    if query.message is None or query.message.chat.type != "private":
        return None
    who, message = _sender(query.from_user), query.message.message_id
    return Tap(who, message, now, query.id, unpack(query.data))


def _message(message: Message) -> Heard:
    common, forwarded = _common(message), message.forward_origin is not None
    match message:
        case Message(text=str() as text) if text.startswith("/"):
            return _command(common, text)
        case Message(text=str() as text):
            return Words(*common, text, forwarded=forwarded)
        case Message(contact=contact) if contact is not None:
            owner = None if contact.user_id is None else str(contact.user_id)
            return Contact(*common, contact.phone_number, owner)
        case Message(document=file) if file is not None:
            known = (file.file_id, file.file_name or "", file.file_size or 0)
            return File(*common, *known, message.caption or "", forwarded)
    media = _media(message)
    if media is None:
        return Other(*common)
    return Media(*common, *media, message.caption or "", forwarded)


def _media(message: Message) -> tuple[MediaKind, str] | None:
    match message:
        case Message(voice=voice) if voice is not None:
            return "voice", voice.file_id
        case Message(photo=[*_, largest]):
            return "photo", largest.file_id
        case Message(video=video) if video is not None:
            return "video", video.file_id
        case Message(video_note=note) if note is not None:
            return "video_note", note.file_id
        case Message(audio=audio) if audio is not None:
            return "audio", audio.file_id
    return None


def _command(common: tuple[Sender, int, datetime], text: str) -> Command:
    """Return a command's name and rest; in a private chat `@bot` can only be this one."""
    name, *rest = text[1:].split(maxsplit=1) or [""]
    return Command(*common, name.partition("@")[0], rest[0] if rest else "")
