"""What is said unasked, as the outbox keeps it: a kind, and JSON that names no channel.

`show`: a text in our markup, and rows of buttons. `change`: the same, and the message that shows
it. `file`: a caption in plain words, and whether it is shown as a picture; its path stands beside
it; without a path it is one that the channel has already, by the name it has there. `event` is for
no person.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from bot.says.said import Again, Change, Document, Show
from bot.says.screens import Button, Rows, Screen

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
        case Document(caption=caption, shown=shown, rows=rows):
            more = {"shown": True} if shown else {}
            return "file", {"caption": caption, **more, **({"rows": _rows(rows)} if rows else {})}


def read(kind: MessageKind, content: Mapping[str, Any], file: Path | None) -> Unasked:
    """Return what is said; raises KeyError or TypeError for anything that was not kept by us."""
    match kind, file:
        case "file", Path():
            shown, rows = content.get("shown") is True, _read_rows(content.get("rows", ()))
            return Document(file, content["caption"], shown, rows)
        case "file", None:
            return Again(content["again"], content["file_id"])
        case "change", None:
            return Change(_read_screen(content), content["message"])
        case _:
            return Show(_read_screen(content))


def _screen(screen: Screen) -> dict[str, Any]:
    return {"text": screen.text, "rows": _rows(screen.rows)}


def without_buttons(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of something said, without its buttons."""
    return {**content, "rows": []} if "rows" in content else dict(content)


def _rows(rows: Rows) -> list[list[dict[str, str]]]:
    return [[_button(button) for button in row] for row in rows if row]


def _button(button: Button) -> dict[str, str]:
    there = {"url": button.url} if button.url else {"data": button.data}
    return {"text": button.text, **there}


def _read_screen(content: Mapping[str, Any]) -> Screen:
    return Screen(content["text"], _read_rows(content["rows"]))


def _read_rows(rows: Sequence[Any]) -> Rows:
    return tuple(tuple(Button(**button) for button in row) for row in rows)
