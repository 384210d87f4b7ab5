"""Whose customers somebody may see: a manager their own, a team lead the team's, an admin all."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, select

from storage.engine.reading import Reader
from storage.engine.statements import brief
from storage.tables.people import people as table


@dataclass(frozen=True, slots=True)
class Circle:
    """The customers of one manager and of some teams; `is_all`: all customers.

    A customer's team is the one on the list, else the manager's.
    """

    manager_id: int | None = None
    teams: tuple[str, ...] = ()
    is_all: bool = False


NOBODY: Final = Circle()
EVERYBODY: Final = Circle(is_all=True)

_MANAGER = table.alias("their_manager")
TEAM: Final[ColumnElement[str | None]] = func.coalesce(
    table.c.team,
    select(_MANAGER.c.team)
    .where(_MANAGER.c.id == table.c.manager_id)
    .correlate(table)
    .scalar_subquery(),
)
"""The team of a row of `people`: the list's, else the manager's."""
_TEAM_OF = brief(select(TEAM).where(table.c.id == bindparam("person")))


def within(circle: Circle) -> ColumnElement[bool]:
    """Return the condition that a row of `people` is a customer of this circle."""
    customer = table.c.is_customer & table.c.is_past.is_(other=False)
    if circle.is_all:
        return customer
    own = false() if circle.manager_id is None else table.c.manager_id == circle.manager_id
    return and_(customer, or_(own, _of_teams(circle.teams)))


def _of_teams(teams: tuple[str, ...]) -> ColumnElement[bool]:
    if not teams:
        return false()
    return TEAM.in_(teams)


async def team_of(reader: Reader, person_id: int) -> str | None:
    """Return the team of a customer: the list's, else the manager's."""
    found: str | None = await reader.scalar(_TEAM_OF, {"person": person_id})
    return found


async def holds(reader: Reader, circle: Circle, person_id: int) -> bool:
    """Tell whether a customer is of this circle."""
    found = select(table.c.id).where(table.c.id == person_id, within(circle))
    return await reader.scalar(found) is not None
