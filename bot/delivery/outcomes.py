"""What became of a message: a channel's answers reduced to the cases that call for an action."""

from dataclasses import dataclass
from typing import Any

from storage.people.addresses import Address


@dataclass(frozen=True, slots=True)
class Sent:
    """What the channel keeps: its number of the message, and its name for a file sent with it."""

    message: int | None
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel took the message; `result` is its answer, `Sent` for a message."""

    result: Any


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person blocked the bot, never started it, or is gone."""

    error: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The channel will never take this as it is."""

    error: str
    formatting: bool = False
    unchanged: bool = False
    too_old: bool = False


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group has another address now."""

    address: Address


@dataclass(frozen=True, slots=True)
class SlowDown:
    """Nothing may be sent for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly not delivered; worth trying again."""

    error: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Another system did not take an event; worth trying again, and no trouble of a messenger."""

    error: str


@dataclass(frozen=True, slots=True)
class NotTried:
    """Nothing of it was sent: before its turn came there was trouble, or the program stops."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Perhaps delivered, perhaps not: there is no way to find out."""

    error: str


Outcome = (
    Delivered
    | Unreachable
    | Rejected
    | Migrated
    | SlowDown
    | NotSent
    | NotTaken
    | NotTried
    | Unknown
)
