"""The rows of a list that is on its way in: put aside, their managers found, left out, dropped."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from storage.engine.constant import Constant, mapped
from storage.engine.reading import Reader, Transaction
from storage.people import people as people_of
from storage.people.lists.listed import ListedRows, PersonRow, by_column, folded
from storage.people.lists.managers import TO_COME, Managers
from storage.people.lists.people_matching import as_text
from storage.people.names import keys_of
from storage.tables.imports import import_rows as stage
from storage.tables.people import people

MADE = -1
"""The line number of managers who are on no line of the list."""
_CHUNK = 1_000
_AT_ONCE = 1_024
"""Rows that are put aside together: a power of two, which is one statement."""
MANAGES = stage.c.is_lead_only.is_(other=False)
"""The condition that one of the staff on a list is a manager, and no team lead alone."""
STAYS = stage.c.has_left.is_(other=False)


@dataclass(frozen=True, slots=True)
class ManagerProblem:
    """Rows whose manager nobody matches, or several do; `first` is the first such line."""

    manager: str
    ambiguous: bool
    rows: int
    first: int


async def put(tx: Transaction, import_id: int, rows: Sequence[PersonRow]) -> None:
    """Add rows to a list; an id stands there once for each role."""
    listed = rows if isinstance(rows, ListedRows) else by_column(rows)
    for start in range(0, len(rows), _AT_ONCE):
        await tx.many(_STAGE, _staged(import_id, listed[start : start + _AT_ONCE].columns))


_STAGE = insert(stage)


def _staged(import_id: int, said: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Return the columns of some rows, but for those about which none of the rows says anything.

    Half of a row's columns are never filled; to hand over that they are not takes SQLite as long as
    to keep the others.
    """
    count = len(said["line"])
    columns: dict[str, Sequence[Any]] = {
        "import_id": Constant(import_id, count),
        "is_customer": mapped("customer".__eq__, said["role"]),
        "external_id": said["external_id"],
        "line": said["line"],
        "name": said["name"],
        "name_key": keys_of(said["name"]),
        "first_name": said["first_name"],
        "company": _or_none(said["company"]),
        "position": said["position"],
        "manager": _or_none(said["manager_external_id"]),
        "segment": said["segment"],
        "team": said["team"],
        "language": said["language"],
        "phone": said["phone"],
        "email": said["email"],
        "email_key": folded(said["email"]),
        "last_purchase_on": said["last_purchase_on"],
        "attributes": _written(said["attributes"]),
        "has_left": said["has_left"],
        "leads": mapped(lambda one: people_of.teams_as_text(one) if one else None, said["leads"]),
        "is_lead_only": said["is_lead_only"],
    }
    silent = {name for name in _USUALLY_NOT if not any(columns[name])}
    silent |= {name for name, column in columns.items() if column.count(None) == count}
    return {name: column for name, column in columns.items() if name not in silent}


_USUALLY_NOT = ("has_left", "is_lead_only")
"""Columns that say no where nothing is said."""


def _or_none(column: Sequence[str | None]) -> Sequence[str | None]:
    return mapped(lambda one: one or None, column) if "" in column else column


def _written(attributes: Sequence[Mapping[str, str]]) -> list[str | None]:
    """Write once what is said of many people of a list, such as their city."""
    ids = list(map(id, attributes))
    kinds = dict(zip(ids, attributes, strict=True))
    texts = {key: as_text(one) if one else None for key, one in kinds.items()}
    return list(map(texts.__getitem__, ids))


async def keep_apart(tx: Transaction) -> None:
    """Keep the lists of this program out of the file for as long as it has it open, on SQLite.

    For one that takes a list and ends: nobody asks for the rows again, and in the file each would
    be written four times, until nothing is left of it. Of two tables of a name SQLite finds the
    temporary one, which lies in a file without a name.
    """
    if tx.dialect == "sqlite":
        for made in await tx.scalars(_MADE):
            await tx.run(text(_ANEW.sub(r"CREATE \1 temp.", made, count=1)))


_MADE = text(
    "SELECT sql FROM main.sqlite_master WHERE tbl_name = 'import_rows' AND sql IS NOT NULL"
    " AND type IN ('table', 'index') ORDER BY type DESC"
)
_ANEW = re.compile(r"CREATE (TABLE|INDEX) ")
_APART = text("SELECT count(*) FROM temp.sqlite_master WHERE name = 'import_rows'")


async def drop(tx: Transaction, import_id: int) -> None:
    """Forget a list; SQLite takes half the time where it may forget all that there is.

    A list that is kept apart stays: it ends with its program, which soon does.
    """
    if tx.dialect == "sqlite" and await tx.scalar(_APART):
        return
    if tx.dialect == "sqlite" and not await tx.scalar(_ANOTHER, {"mine": import_id}):
        await tx.run(delete(stage))  # nobody else writes before this transaction ends
        return
    await tx.run(delete(stage).where(stage.c.import_id == import_id))


_ANOTHER = select(
    exists().where(stage.c.import_id < bindparam("mine"))
    | exists().where(stage.c.import_id > bindparam("mine"))
)


async def name_managers(tx: Transaction, import_id: int) -> Sequence[ManagerProblem]:
    """Find the customers' managers, by id or else by name; return those who are not found.

    New managers on the same list have no number yet; they get it when the list is taken.
    """
    mine = (stage.c.import_id == import_id) & stage.c.is_customer & stage.c.manager.is_not(None)
    unnumbered = or_(stage.c.manager_id.is_(None), stage.c.manager_id == TO_COME)
    mine = mine & unnumbered
    named = await tx.scalars(select(stage.c.manager).where(mine).distinct())
    if not named:
        return []
    known = await _managers(tx, import_id)
    found = {manager: known.find(manager) for manager in named}
    numbered = [(manager, number) for manager, number in found.items() if number is not None]
    for start in range(0, len(numbered), _CHUNK):
        chunk = dict(numbered[start : start + _CHUNK])
        number = case(chunk, value=stage.c.manager)
        of_these = mine & stage.c.manager.in_(chunk)
        await tx.run(update(stage).where(of_these).values(manager_id=number))
    missing = {manager for manager, number in found.items() if number is None}
    if not missing:
        return []
    counted = select(
        stage.c.manager, func.count().label("rows"), func.min(stage.c.line).label("first")
    )
    rows = await tx.all(counted.where(mine).group_by(stage.c.manager))
    return [
        ManagerProblem(name, known.is_ambiguous(name), row["rows"], row["first"])
        for name, row in sorted({row["manager"]: row for row in rows}.items())
        if name in missing
    ]


async def _managers(reader: Reader, import_id: int) -> Managers:
    columns = (people.c.id, people.c.external_id, people.c.name)
    present = await reader.all(
        select(*columns).where(people.c.is_manager, people.c.is_past.is_(other=False))
    )
    listed = await reader.all(
        select(stage.c.external_id, stage.c.name).where(
            stage.c.import_id == import_id, stage.c.is_customer.is_(other=False), MANAGES, STAYS
        )
    )
    known = [(row["id"], row["external_id"], row["name"]) for row in present]
    return Managers(known, [(row["external_id"], row["name"]) for row in listed])


async def make_managers(tx: Transaction, import_id: int, names: Collection[str]) -> None:
    """Add managers who are known by name alone to a list; the name is also their id."""
    rows = [PersonRow("manager", name, name, line=MADE) for name in sorted(names)]
    await put(tx, import_id, rows)


async def leave_out(tx: Transaction, import_id: int, managers: Iterable[str]) -> None:
    """Take the customers of these managers off a list."""
    for manager in managers:
        same = (stage.c.import_id == import_id) & (stage.c.manager == manager)
        await tx.run(delete(stage).where(same, stage.c.is_customer))
