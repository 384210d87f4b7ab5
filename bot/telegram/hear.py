"""Telegram's updates as what was heard.

Private chats are listened to. Of a group only this is heard: whether the bot is in it, and where it
moves.

Read from the JSON itself: models of whole updates cost more than all that is done with them, and
nobody reads the rest. What is read is checked; `ValidationError` where it is of another type.
"""

from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.says.heard import (
    Command,
    Contact,
    Edited,
    File,
    GroupMoved,
    Heard,
    Media,
    MediaKind,
    Membership,
    Other,
    PutIn,
    PutOut,
    Sender,
    Tap,
    Words,
)
from bot.says.taps import unpack
from storage.people.addresses import of_telegram

T = TypeVar("T")
UpdateJson = dict[str, Any]
_MEDIA: tuple[MediaKind, ...] = ("voice", "photo", "video", "video_note", "audio")


class ValidationError(ValueError):
    """An update is not one of Telegram's."""


def heard(told: UpdateJson, now: datetime) -> Heard | None:
    """Return what an update says, None where it is nothing for us; raises ValidationError."""
    match told:
        case {"message": dict(message)} if _is_private(message):
            return _message(message)
        case {"callback_query": dict(query)}:
            return _tap(query, now)
        case {"my_chat_member": {"chat": {"type": "private"}} as change}:
            status = _read(_read(change, "new_chat_member", dict), "status", str)
            who, when = _sender(_read(change, "from", dict)), _moment(change)
            return Membership(who, 0, when, status == "kicked")
        case {"edited_message": dict(edited)} if _is_private(edited):
            text = _words(edited, "text") or _words(edited, "caption")
            return Edited(*_common(edited), text) if text else None
        case _:
            return _of_group(told)


def _of_group(told: UpdateJson) -> Heard | None:
    match told:
        case {"my_chat_member": {"chat": {"type": "group" | "supergroup"}} as change}:
            return _in_group(change)
        case {"message": {"migrate_to_chat_id": int(moved_to), "from": dict(user)} as message}:
            where = str(_read(_read(message, "chat", dict), "id", int))
            return GroupMoved(_sender(user), 0, _moment(message), where, str(moved_to))
        case _:
            return None


def _in_group(change: UpdateJson) -> Heard:
    chat = _read(change, "chat", dict)
    address, title = str(_read(chat, "id", int)), _words(chat, "title")
    status = _read(_read(change, "new_chat_member", dict), "status", str)
    who, when = _sender(_read(change, "from", dict)), _moment(change)
    if status in {"left", "kicked"}:
        return PutOut(who, 0, when, address)
    return PutIn(who, 0, when, address, title)


def _read(told: UpdateJson, name: str, kind: type[T]) -> T:
    value = told.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValidationError(name)
    return value


def _sender(user: UpdateJson) -> Sender:
    name = " ".join(filter(None, (_read(user, "first_name", str), _words(user, "last_name"))))
    return Sender(*of_telegram(_read(user, "id", int)), name, _words(user, "language_code"))


def _is_private(message: UpdateJson) -> bool:
    return _in_private(message) and "from" in message


def _in_private(message: UpdateJson) -> bool:
    return _read(_read(message, "chat", dict), "type", str) == "private"


def _moment(told: UpdateJson) -> datetime:
    return datetime.fromtimestamp(_read(told, "date", int), UTC)


def _common(message: UpdateJson) -> tuple[Sender, int, datetime]:
    sender = _sender(_read(message, "from", dict))
    return sender, _read(message, "message_id", int), _moment(message)


def _tap(query: UpdateJson, now: datetime) -> Heard | None:
    message = query.get("message")
    if not isinstance(message, dict) or not _in_private(message):
        return None
    who, number = _sender(_read(query, "from", dict)), _read(message, "message_id", int)
    return Tap(who, number, now, _read(query, "id", str), unpack(query.get("data")))


def _words(told: UpdateJson, name: str) -> str:
    return _read(told, name, str) if told.get(name) is not None else ""


def _message(message: UpdateJson) -> Heard:
    common, forwarded = _common(message), message.get("forward_origin") is not None
    match message:
        case {"text": str(text)} if text.startswith("/"):
            return _command(common, text)
        case {"text": str(text)}:
            return Words(*common, text, forwarded=forwarded)
        case {"contact": dict(contact)}:
            owner = contact.get("user_id")
            phone = _read(contact, "phone_number", str)
            return Contact(*common, phone, None if owner is None else str(owner))
        case {"document": dict(file)}:
            known = (_read(file, "file_id", str), _words(file, "file_name"), _size(file))
            return File(*common, *known, _words(message, "caption"), forwarded)
    for kind in _MEDIA:
        found = message.get(kind)
        if found:
            largest = found[-1] if isinstance(found, list) else found
            file_id = _read(largest, "file_id", str)
            said = _words(message, "caption")
            return Media(*common, kind, file_id, said, forwarded, _size(largest))
    return Other(*common)


def _size(file: UpdateJson) -> int:
    return _read(file, "file_size", int) if file.get("file_size") else 0


def _command(common: tuple[Sender, int, datetime], text: str) -> Command:
    """Return a command's name and rest; in a private chat `@bot` can only be this one."""
    name, *rest = text[1:].split(maxsplit=1) or [""]
    return Command(*common, name.partition("@")[0], rest[0] if rest else "")
