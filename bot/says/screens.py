"""Screens: what one message shows, whatever channel draws it."""

from dataclasses import dataclass
from typing import Literal

from bot.says.markup import literal


@dataclass(frozen=True, slots=True)
class Button:
    """One button: `data` for a tap (see `taps`), or a `url` to open.

    `chosen` is the state of a button that is switched on and off; None for any other.
    """

    text: str
    data: str = ""
    url: str = ""
    chosen: bool | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """What may be typed below a screen: `data` (see `taps`) is the question it answers."""

    kind: Literal["words", "number"]
    data: str
    longest: int


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: its text in our markup, and rows of buttons below it.

    A messenger has its own place to type in; where there is none, `field` asks for one. A page
    shows a `document` folded below the text; a messenger has a button for it.
    """

    text: str
    rows: Rows = ()
    field: Field | None = None
    document: str = ""


def sentence(words: str) -> Screen:
    """Return a screen of plain words."""
    return Screen(literal(words))
