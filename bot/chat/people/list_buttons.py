"""What all screens of a list share: its name, its buttons, how long a label may be."""

from bot.says.markup import literal
from bot.says.screens import Button
from bot.says.taps import MenuTap
from storage.people.lists.imports import Import
from templates.texts import Texts

LONGEST = 40
_LONGEST_NAME = 60


def tap(place: str, one: Import, *arguments: str) -> str:
    """Return the data of a button about this list."""
    return MenuTap(place, (str(one.id), *arguments)).pack()


def cut(text: str, longest: int = LONGEST) -> str:
    """Return a text no longer than that, an ellipsis at its end where it was."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def titled(one: Import, text: str) -> str:
    """Return a text below the list's file name."""
    return f"<b>{literal(cut(one.file_name, _LONGEST_NAME))}</b>\n\n{text}"


def to_preview(texts: Texts, one: Import) -> Button:
    """Return the way back to what taking the list would do."""
    return Button(texts("‹ Back to the list"), tap("list", one))
