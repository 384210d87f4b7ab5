"""What a line of the conversation's table is, and how the table is read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar

from bot.chat.visit import Visit
from bot.says.heard import Command, Heard, Tap
from bot.says.said import Reply, Said
from bot.says.taps import MenuTap, SurveyTap
from storage.people.people import Person

H = TypeVar("H", bound=Heard)
Handler = Callable[[H, Visit], Awaitable[Reply]]
_SURVEY = "a survey"
"""Stands where the other buttons have their place of the menus."""


class Who(Enum):
    """For whom a line is."""

    ANYBODY = auto()
    ADMIN = auto()
    STAFF = auto()
    """An admin or a manager."""
    GONE = auto()
    """Who has left the company."""


@dataclass(frozen=True, slots=True)
class Route:
    """A line: of which kind, under which name (None: any), for whom, answered by whom."""

    kind: type[Heard]
    name: str | None
    who: Who
    handler: Handler[Any]

    def fits(self, heard: Heard, person: Person | None) -> bool:
        """Whether the line is for what was heard and for who did it."""
        named = self.name is None or self.name == name_of(heard)
        return isinstance(heard, self.kind) and named and may(self.who, person)


def on(kind: type[H], who: Who, handler: Handler[H]) -> Route:
    """Return the line for everything of a kind."""
    return Route(kind, None, who, handler)


def command(name: str, who: Who, handler: Handler[Command]) -> Route:
    """Return the line for `/name`."""
    return Route(Command, name, who, handler)


def menu(place: str, who: Who, handler: Handler[Tap[MenuTap]]) -> Route:
    """Return the line for the buttons of one place of the menus."""
    return Route(Tap, place, who, handler)


def survey(who: Who, handler: Handler[Tap[SurveyTap]]) -> Route:
    """Return the line for the buttons below a survey's questions."""
    return Route(Tap, _SURVEY, who, handler)


def name_of(heard: Heard) -> str | None:
    """Return the name by which lines are told apart within their kind."""
    match heard:
        case Command(name=name) | Tap(button=MenuTap(place=name)):
            return name
        case Tap(button=SurveyTap()):
            return _SURVEY
        case _:
            return None


def may(who: Who, person: Person | None) -> bool:
    """Whether a line is for somebody; None is a stranger."""
    if who is Who.ANYBODY:
        return True
    if person is None:
        return False
    if who is Who.GONE:
        return person.left_at is not None
    if person.left_at is not None:
        return False
    return person.is_admin or (who is Who.STAFF and person.is_manager)


async def answered(routes: Sequence[Route], heard: Heard, visit: Visit) -> list[Said]:
    """Return the answer of the first line that fits and whose handler has one."""
    for route in routes:
        if route.fits(heard, visit.person):
            reply = await route.handler(heard, visit)
            if reply is not None:
                return list(reply) if isinstance(reply, Sequence) else [reply]
    return []
