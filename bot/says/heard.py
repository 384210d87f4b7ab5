"""What a person did, the same for every channel; all of it is untrusted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from bot.says.taps import SurveyTap

MediaKind = Literal["voice", "photo", "video", "video_note", "audio"]
B_co = TypeVar("B_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who did it: rights follow from the channel and the address in it alone.

    `name` and `language` (a code such as "ru", or "") are what the channel says of them.
    """

    channel: str
    address: str
    name: str = ""
    language: str = ""

    @property
    def at(self) -> tuple[str, str]:
        """The channel and the address in it."""
        return self.channel, self.address


@dataclass(frozen=True, slots=True)
class Heard:
    """What everything heard has; `message` is the message it belongs to, 0 for none."""

    who: Sender
    message: int
    when: datetime


@dataclass(frozen=True, slots=True)
class Tap(Heard, Generic[B_co]):
    """A button of `message` was tapped.

    `button` is what it carried (see `taps`), None where that is not ours; `key` is what the channel
    wants answered.
    """

    key: str
    button: B_co


@dataclass(frozen=True, slots=True)
class Words(Heard):
    """A message of words; `below` is the question they were typed below, where known."""

    text: str
    below: SurveyTap | None = None
    forwarded: bool = False
    """They are another's words, passed on."""


@dataclass(frozen=True, slots=True)
class Edited(Heard):
    """An earlier message has other words now."""

    text: str


@dataclass(frozen=True, slots=True)
class Command(Heard):
    """Words that begin with a slash: `/name rest`."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Contact(Heard):
    """A phone number; `owner` is the address in the channel that it belongs to."""

    phone: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class File(Heard):
    """A document; `size` in bytes, 0 where the channel does not say. `caption`: words with it."""

    file_id: str
    name: str
    size: int
    caption: str = ""
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Media(Heard):
    """A voice message, picture, film or piece of music; `file_id` is the channel's name for it.

    `size` in bytes, 0 where the channel does not say.
    """

    kind: MediaKind
    file_id: str
    caption: str = ""
    forwarded: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Other(Heard):
    """Any other message: a place, a poll, a sticker, or the channel's own notes in the chat."""


@dataclass(frozen=True, slots=True)
class PutIn(Heard):
    """Somebody put the bot into the group at `address`."""

    address: str
    title: str


@dataclass(frozen=True, slots=True)
class PutOut(Heard):
    """The bot was put out of the group at `address`."""

    address: str


@dataclass(frozen=True, slots=True)
class GroupMoved(Heard):
    """The group at `address` is at `moved_to` from now on."""

    address: str
    moved_to: str


@dataclass(frozen=True, slots=True)
class Membership(Heard):
    """The person blocked the bot, or came back."""

    blocked: bool
