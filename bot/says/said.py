"""What is to be said to the person who was heard; each channel says it in its own way."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.says.screens import Rows, Screen


@dataclass(frozen=True, slots=True)
class Show:
    """A new message. With `invitation_id`, that survey goes on in this message.

    `share_phone` is the label of the channel's own button for sharing one's phone number; "" takes
    that button away.
    """

    screen: Screen
    invitation_id: int | None = None
    share_phone: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An earlier message changes to this; None: the one whose button was tapped."""

    screen: Screen
    message: int | None = None


@dataclass(frozen=True, slots=True)
class Unbutton:
    """An earlier message loses its buttons."""

    message: int


@dataclass(frozen=True, slots=True)
class Toast:
    """A short sentence that answers a tap and disappears; without text it only acknowledges."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with plain words below it."""

    image: bytes
    name: str
    caption: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file beside the database, with plain words and buttons below it.

    `shown`: as a picture in the chat.
    """

    path: Path
    caption: str
    shown: bool = False
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Again:
    """A file that somebody sent in this channel, sent again by the id that it has there.

    `kind` is one of `heard.MediaKind`, or "document".
    """

    kind: str
    file_id: str


Now = Show | Change | Unbutton | Toast | Picture | Again


@dataclass(frozen=True, slots=True)
class Later:
    """A reply that needs much reading: it is made after the commit, so that nobody waits for it.

    `make` gets a reader of the database.
    """

    make: Callable[[Any], Awaitable[Now]]


Said = Now | Later
Reply = Said | Sequence[Said] | None
"""What a handler returns, in order; None where it does not handle what was heard."""
