"""What a line of the conversation's table is, and how the table is read."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.chat.auditing import note_by_name
from bot.chat.visit import Visit
from bot.rights import Action, Role, may
from bot.says.heard import Command, Heard, Tap
from bot.says.said import Reply, Said
from bot.says.taps import MenuTap, SurveyTap

H = TypeVar("H", bound=Heard)
Handler = Callable[[H, Visit], Awaitable[Reply]]
Lines = Callable[[str | None], Sequence["Route"]]
"""Finds the lines that may be for a name."""
_SURVEY = "a survey"
"""The name of all survey buttons; a menu's buttons are named by their place in the menus."""


@dataclass(frozen=True, slots=True)
class Route:
    """A line: of which kind, under which name (None: any), what is done, answered by whom."""

    kind: type[Heard]
    name: str | None
    action: Action
    handler: Handler[Any]

    def fits(self, heard: Heard, name: str | None) -> bool:
        """Whether the line is for what was heard, which goes by that name."""
        return (self.name is None or self.name == name) and isinstance(heard, self.kind)


def on(kind: type[H], action: Action, handler: Handler[H]) -> Route:
    """Return the line for everything of a kind."""
    return Route(kind, None, action, handler)


def command(name: str, action: Action, handler: Handler[Command]) -> Route:
    """Return the line for `/name`."""
    return Route(Command, name, action, handler)


def menu(place: str, action: Action, handler: Handler[Tap[MenuTap]]) -> Route:
    """Return the line for the buttons of one place of the menus."""
    return Route(Tap, place, action, handler)


def survey(action: Action, handler: Handler[Tap[SurveyTap]]) -> Route:
    """Return the line for the buttons below a survey's questions."""
    return Route(Tap, _SURVEY, action, handler)


def name_of(heard: Heard) -> str | None:
    """Return the name by which lines are told apart within their kind."""
    match heard:
        case Command(name=name) | Tap(button=MenuTap(place=name)):
            return name
        case Tap(button=SurveyTap()):
            return _SURVEY
        case _:
            return None


def lines_by_name(routes: Sequence[Route]) -> Lines:
    """Return what finds the lines that may be for a name, in their order."""
    for_all = [route for route in routes if route.name is None]
    by_name = {
        name: [route for route in routes if route.name in {None, name}]
        for name in {route.name for route in routes}
    }
    return lambda name: by_name.get(name, for_all)


async def answered(lines: Lines, heard: Heard, visit: Visit, roles: Collection[Role]) -> list[Said]:
    """Return the reply of the first line that fits, that the roles allow, and that replies."""
    name = name_of(heard)
    for route in lines(name):
        if route.fits(heard, name) and may(route.action, *roles):
            reply = await route.handler(heard, visit)
            if reply is not None:
                await note_by_name(route.name, heard, visit, reply)
                return list(reply) if isinstance(reply, Sequence) else [reply]
    return []
