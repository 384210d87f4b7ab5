"""Screens: what one message shows, whatever channel draws it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """One button: `data` for a tap (see `taps`), or a `url` to open."""

    text: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: its text in our markup, and rows of buttons below it."""

    text: str
    rows: Rows = ()


def markup(rows: Rows) -> dict[str, Any]:
    """Return rows of buttons as the Bot API's inline keyboard."""
    return {
        "inline_keyboard": [
            [
                {"text": button.text, "url": button.url}
                if button.url
                else {"text": button.text, "callback_data": button.data}
                for button in row
            ]
            for row in rows
            if row
        ]
    }


def parameters(screen: Screen) -> dict[str, Any]:
    """Return a screen as parameters of sendMessage."""
    return {"text": screen.text, "parse_mode": "HTML", "reply_markup": markup(screen.rows)}
