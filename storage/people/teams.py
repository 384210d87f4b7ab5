"""The managers of a team, and how many customers each has."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import case, func, select

from storage.engine.reading import Reader
from storage.people.addresses import WRITTEN_TO
from storage.people.names import BY_NAME
from storage.tables.people import addresses
from storage.tables.people import people as table


class Member(NamedTuple):
    """A manager; `customers_here` of the `customers` can be written to."""

    id: int
    name: str
    customers: int
    customers_here: int


async def members(reader: Reader, teams: Sequence[str]) -> Sequence[Member]:
    """Return the managers of these teams who have not left, by name."""
    of_teams = table.c.is_manager & table.c.left_at.is_(None) & table.c.team.in_(teams)
    found = select(table.c.id, table.c.name).where(of_teams).order_by(*BY_NAME)
    managers = await reader.all(found)
    here = func.sum(case((addresses.c.address.is_not(None), 1), else_=0))
    theirs = (
        select(table.c.manager_id, func.count().label("customers"), here.label("here"))
        .select_from(table.outerjoin(addresses, WRITTEN_TO))
        .where(
            table.c.is_customer,
            table.c.left_at.is_(None),
            table.c.manager_id.in_([row["id"] for row in managers]),
        )
        .group_by(table.c.manager_id)
    )
    counts = {row["manager_id"]: row for row in await reader.all(theirs)}
    return [
        Member(row["id"], row["name"], counts[row["id"]]["customers"], counts[row["id"]]["here"])
        if row["id"] in counts
        else Member(row["id"], row["name"], 0, 0)
        for row in managers
    ]
