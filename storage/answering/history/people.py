"""Whom past answers name: those who are here, and those who are added for them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from storage.answering.history.rows import PastRows
from storage.engine.constant import Constant
from storage.engine.listed import AT_ONCE, chunks, listed
from storage.engine.reading import Reader, Transaction
from storage.people.lists.managers import Managers
from storage.people.names import keys_of
from storage.tables.people import people

NOBODY = "answer:"
"""Prefix of the external id of whoever gave an answer that names nobody."""
_PEOPLE = insert(people)
_CHUNK = 4_096


async def managers_here(reader: Reader) -> Managers:
    """Return the managers who may be meant."""
    columns = (people.c.id, people.c.external_id, people.c.name)
    rows = await reader.all(select(*columns).where(people.c.is_manager))
    return Managers([(row["id"], row["external_id"], row["name"]) for row in rows], [])


async def customers_here(reader: Reader, external_ids: Iterable[str]) -> dict[str, int]:
    """Return external id → number of those who are customers, also past ones."""
    found: dict[str, int] = {}
    if await reader.scalar(_ANY_CUSTOMER) is None:
        return found
    for some in chunks(sorted(external_ids), AT_ONCE):
        given = listed(reader, some)
        same = people.c.is_customer & (people.c.external_id == given.c.value)
        known = select(people.c.external_id, people.c.id).join_from(given, people, same)
        found |= dict(await reader.tuples(known))
    return found


_ANY_CUSTOMER = select(people.c.id).where(people.c.is_customer).limit(1)


async def add_managers(tx: Transaction, names: Sequence[str], now: datetime) -> None:
    """Add past managers of these names."""
    same: dict[str, Sequence[Any]] = {
        "is_manager": Constant(value=True, rows=len(names)),
        "created_at": Constant(now, len(names)),
    }
    await _add_people(tx, {"external_id": names, "name": names, **same})


async def add_customers(
    tx: Transaction,
    new: PastRows,
    whom: Collection[str],
    manager: Callable[[str], int | None],
    now: datetime,
) -> dict[str, int]:
    """Add some, as the latest of the rows has each, and return external id → number.

    They are numbered as they appear, so that indexes of who was asked grow at their ends.
    """
    latest = dict(zip(new.customer, range(len(new)), strict=True))
    whose = [customer for customer in latest if customer in whom]
    places = [latest[customer] for customer in whose]
    last = await tx.scalar(_LAST_PERSON) or 0
    said: dict[str, Sequence[Any]] = {
        "external_id": whose,
        "name": [new.name[at] for at in places],
        "is_customer": Constant(value=True, rows=len(whose)),
        "created_at": Constant(now, len(whose)),
    }
    if any(new.segment):
        said["segment"] = [new.segment[at] for at in places]
    if any(new.manager):
        said["manager_id"] = [number_of_manager(manager, new.manager[at]) for at in places]
    await _add_people(tx, said)
    newest = await tx.scalar(_LAST_PERSON) or 0
    if newest - last == len(whose):  # no number was skipped, so they follow the order of writing
        return dict(zip(whose, range(last + 1, newest + 1), strict=True))
    return await customers_here(tx, whose)


_LAST_PERSON = select(func.max(people.c.id))


def number_of_manager(manager: Callable[[str], int | None], said: str | None) -> int | None:
    """Return the number of whom a row names, None where it names nobody."""
    return None if said is None else manager(said)


async def _add_people(tx: Transaction, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert past people in small batches: nothing else runs while a statement is prepared."""
    names = columns["name"]
    whole = {
        **columns,
        "name_key": keys_of(names),
        "is_past": Constant(value=True, rows=len(names)),
    }
    for start in range(0, len(names), _CHUNK):
        end = start + _CHUNK
        await tx.many(_PEOPLE, {name: column[start:end] for name, column in whole.items()})
