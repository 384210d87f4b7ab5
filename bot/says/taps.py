"""What a button carries: a short, versioned, *untrusted* reference.

Whoever handles a tap checks it against the sender's own rights and open invitation; a client can
send any text it likes here.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

VERSION = "1"
_MOST_DIGITS = 18
SurveyAction = Literal["answer", "back", "skip", "done", "change"]
_ACTIONS: dict[str, SurveyAction] = {action[0]: action for action in get_args(SurveyAction)}
_LETTERS = {action: letter for letter, action in _ACTIONS.items()}
_SURVEY_TAP = re.compile(
    rf"{VERSION}:([a-z]):([0-9]{{1,18}}):([0-9]{{1,3}}):([A-Za-z0-9_-]{{0,24}})(?::([A-Za-z0-9_-]{{10,22}}))?"
)
_MENU_TAP = re.compile(rf"{VERSION}:m:([a-z_]{{1,16}})((?::[A-Za-z0-9_.-]{{0,24}}){{0,3}})")


@dataclass(frozen=True, slots=True)
class SurveyTap:
    """A button below a question: which invitation, which question by place, which option.

    `handle` is the anonymous response's key, which stands nowhere but in the buttons.
    """

    action: SurveyAction
    invitation_id: int
    question: int = 0
    option: str = ""
    handle: str = ""

    def pack(self) -> str:
        """Return the callback data, at most 64 bytes."""
        data = (
            f"{VERSION}:{_LETTERS[self.action]}:{self.invitation_id}:{self.question}:{self.option}"
        )
        return f"{data}:{self.handle}" if self.handle else data


@dataclass(frozen=True, slots=True)
class MenuTap:
    """A button of a menu: what to show or do, with up to three short arguments."""

    place: str
    arguments: tuple[str, ...] = ()

    def pack(self) -> str:
        """Return the callback data, at most 64 bytes."""
        return ":".join((VERSION, "m", self.place, *self.arguments))

    def number(self, index: int) -> int | None:
        """Return an argument as a number that a database can store, or None."""
        text = self.arguments[index] if index < len(self.arguments) else ""
        fits = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
        return int(text) if fits else None


def unpack(data: str | None) -> SurveyTap | MenuTap | None:
    """Read callback data; None where it is not ours or of a version that is gone."""
    if data is None:
        return None
    if found := _MENU_TAP.fullmatch(data):
        return MenuTap(found[1], tuple(found[2].split(":")[1:]))
    found = _SURVEY_TAP.fullmatch(data)
    if found is None or found[1] not in _ACTIONS:
        return None
    return SurveyTap(_ACTIONS[found[1]], int(found[2]), int(found[3]), found[4], found[5] or "")
