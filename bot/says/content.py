"""What is said unasked, as the outbox keeps it: a kind, and JSON that names no channel.

`show`: a text in our markup, and rows of buttons. `change`: the same, and the message that shows
it. `file`: a caption in plain words, and whether it is shown as a picture; its path stands beside
it; without a path it is one that the channel has already, by the name it has there. `event` is for
no person.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from bot.says.said import Again, Change, Document, Show
from bot.says.screens import Button, Screen

MessageKind = Literal["show", "change", "file", "event"]
Unasked = Show | Change | Document | Again


def kept(said: Unasked) -> tuple[MessageKind, dict[str, Any]]:
    """Return what is said as it is kept."""
    match said:
        case Show(screen=screen):
            return "show", _screen(screen)
        case Change(screen, message):
            return "change", {"message": message, **_screen(screen)}
        case Again(known_kind, file_id):
            return "file", {"again": known_kind, "file_id": file_id}
        case Document(caption=caption, shown=shown):
            return "file", {"caption": caption, **({"shown": True} if shown else {})}


def read(kind: MessageKind, content: Mapping[str, Any], file: Path | None) -> Unasked:
    """Return what is said; raises KeyError or TypeError for anything that was not kept by us."""
    match kind, file:
        case "file", Path():
            return Document(file, content["caption"], content.get("shown") is True)
        case "file", None:
            return Again(content["again"], content["file_id"])
        case "change", None:
            return Change(_read_screen(content), content["message"])
        case _:
            return Show(_read_screen(content))


def _screen(screen: Screen) -> dict[str, Any]:
    rows = [[_button(button) for button in row] for row in screen.rows if row]
    return {"text": screen.text, "rows": rows}


def _button(button: Button) -> dict[str, str]:
    there = {"url": button.url} if button.url else {"data": button.data}
    return {"text": button.text, **there}


def _read_screen(content: Mapping[str, Any]) -> Screen:
    rows = tuple(tuple(Button(**button) for button in row) for row in content["rows"])
    return Screen(content["text"], rows)
