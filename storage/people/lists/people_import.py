"""People from the company's lists: all rows or none, and a rerun changes nothing.

A list is first put into `import_rows`, in as many transactions as one likes, so that a long one
keeps nobody waiting; then it is counted, and taken in one transaction by one statement for each
role.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storage.engine.columns import Moment
from storage.engine.reading import Reader, Transaction
from storage.errors import ManagersUnknown
from storage.people.lists.list_rows import MADE, MANAGES, STAYS, drop, name_managers, put
from storage.people.lists.listed import PersonRow
from storage.people.lists.people_matching import give_ids, match_people
from storage.tables.imports import import_rows as stage
from storage.tables.people import accounts, people

_AT_ONCE = 0
"""The number of an import that begins and ends within one transaction."""
_NO_ACCOUNT = -1
_PLAIN = (
    "name",
    "name_key",
    "first_name",
    "position",
    "segment",
    "team",
    "language",
    "phone",
    "email",
    "email_key",
    "last_purchase_on",
    "attributes",
    "leads",
)

Columns = ReadOnlyColumnCollection[str, Any]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many people of a list were, or would be, new, changed, unchanged, or leaving.

    Somebody marked as left who is not here counts as unchanged. `made` counts managers made from a
    mere name, who have no row of their own.
    """

    added: int
    changed: int
    unchanged: int
    left: int = 0
    made: int = 0


async def apply(
    tx: Transaction, rows: Sequence[PersonRow], now: datetime, *, check: bool = False
) -> ImportResult:
    """Add and change people so that they are as listed; `check` only counts.

    People are recognised by role and `external_id`; the last row of an id counts. What the list
    does not say stays; who had left and is listed is back. Raises ManagersUnknown.
    """
    await put(tx, _AT_ONCE, list({(row.role, row.external_id): row for row in rows}.values()))
    await match_people(tx, _AT_ONCE)
    problems = await name_managers(tx, _AT_ONCE)
    if problems:
        await drop(tx, _AT_ONCE)
        raise ManagersUnknown(tuple(sorted(problem.manager for problem in problems)))
    if not check:
        return await take(tx, _AT_ONCE, now)
    counted = await count(tx, _AT_ONCE)
    await drop(tx, _AT_ONCE)
    return counted


async def count(reader: Reader, import_id: int) -> ImportResult:
    """Count what taking a list would do, once its people are matched."""
    matched = stage.outerjoin(people, people.c.id == stage.c.person_id)
    is_made = stage.c.line == MADE
    is_new = people.c.id.is_(None) & ~is_made & STAYS
    changed = and_(people.c.id.is_not(None), STAYS, _differs())
    numbers = select(
        func.count().label("rows"),
        *(
            func.coalesce(func.sum(case((which, 1), else_=0)), 0).label(name)
            for name, which in (("added", is_new), ("changed", changed), ("made", is_made))
        ),
    )
    row = await reader.first(numbers.select_from(matched).where(stage.c.import_id == import_id))
    if row is None:
        return ImportResult(0, 0, 0)
    left = len(await leaving(reader, import_id))
    unchanged = row["rows"] - row["added"] - row["changed"] - row["made"] - left
    return ImportResult(row["added"], row["changed"], unchanged, left, row["made"])


async def leaving(reader: Reader, import_id: int, *, complete: bool = False) -> Sequence[int]:
    """Return who leaves by a list: people it marks so, and people missing from a `complete` one.

    The list must be matched. Nobody is missing from a role that the list does not name, nor without
    a number in the CRM.
    """
    mine = stage.c.import_id == import_id
    listed = mine & (stage.c.person_id == people.c.id)
    goes: ColumnElement[bool] = exists().where(listed, stage.c.has_left)
    if complete:
        of_role = mine & (stage.c.is_customer == people.c.is_customer)
        goes = or_(goes, and_(exists().where(of_role), ~exists().where(listed)))
    known = people.c.external_id.is_not(None) & or_(
        people.c.is_customer, people.c.is_manager, people.c.leads.is_not(None)
    )
    here = people.c.left_at.is_(None) & people.c.is_past.is_(other=False)
    found = select(people.c.id).where(known, here, goes).order_by(people.c.id)
    return list(await reader.scalars(found))


def _differs() -> ColumnElement[bool]:
    said = [
        and_(stage.c[name].is_not(None), people.c[name].is_distinct_from(stage.c[name]))
        for name in (*_PLAIN, "manager_id")
    ]
    # A subquery, not a join: it runs for rows of people who are here, and a first list has none.
    account = select(accounts.c.id).where(accounts.c.name == stage.c.company).scalar_subquery()
    other_account = people.c.account_id.is_distinct_from(func.coalesce(account, _NO_ACCOUNT))
    is_new_manager = and_(
        stage.c.is_customer.is_(other=False), MANAGES, people.c.is_manager.is_(other=False)
    )
    return or_(
        *said,
        and_(stage.c.company.is_not(None), other_account),
        people.c.external_id.is_distinct_from(stage.c.external_id),
        people.c.left_at.is_not(None),
        people.c.is_past,
        is_new_manager,
    )


async def take(tx: Transaction, import_id: int, now: datetime) -> ImportResult:
    """Make people as a list has them, and forget the list, which must have been matched here.

    Its managers must be known.

    People who leave by it stay as they are: `storage.people.leaving` ends what they have.
    """
    await _add_accounts(tx, import_id)
    counted = await count(tx, import_id)
    await give_ids(tx, import_id)
    staff = (stage.c.import_id == import_id) & stage.c.is_customer.is_(other=False)
    if await tx.scalar(select(exists().where(staff))):
        await _upsert(tx, import_id, now, customers=False)
        await name_managers(tx, import_id)
    await _upsert(tx, import_id, now, customers=True)
    await drop(tx, import_id)
    return counted


async def _add_accounts(tx: Transaction, import_id: int) -> None:
    listed = select(stage.c.company).where(
        stage.c.import_id == import_id, stage.c.company.is_not(None)
    )
    statement = tx.insert(accounts).from_select(["name"], listed.distinct())
    await tx.run(statement.on_conflict_do_nothing(index_elements=["name"]))


async def _upsert(tx: Transaction, import_id: int, now: datetime, *, customers: bool) -> None:
    listed: FromClause = stage.outerjoin(accounts, accounts.c.name == stage.c.company)
    values: dict[str, ColumnElement[Any]] = {
        "external_id": stage.c.external_id,
        "is_customer": stage.c.is_customer,
        "is_manager": and_(stage.c.is_customer.is_(other=False), MANAGES),
        "account_id": accounts.c.id,
        "manager_id": stage.c.manager_id,
        "created_at": literal(now, Moment()),
        **{name: stage.c[name] for name in _PLAIN if name != "attributes"},
        "attributes": func.coalesce(stage.c.attributes, "{}"),
    }
    mine = (stage.c.import_id == import_id) & stage.c.is_customer.is_(customers) & STAYS
    rows = select(*values.values()).select_from(listed).where(mine)
    statement = tx.insert(people).from_select(list(values), rows)
    changes = _changes(statement.excluded)
    differs = [people.c[name].is_distinct_from(value) for name, value in changes.items()]
    await tx.run(
        statement.on_conflict_do_update(
            index_elements=["external_id", "is_customer"],
            set_={**changes, "left_at": None, "is_past": False},
            where=or_(*differs, people.c.left_at.is_not(None), people.c.is_past),
        )
    )


def _changes(said: Columns) -> dict[str, ColumnElement[Any]]:
    """Return what a row sets: what the list says, else the present value."""
    kept = {
        name: func.coalesce(said[name], people.c[name])
        for name in (*_PLAIN, "account_id", "manager_id")
        if name not in {"attributes", "first_name"}
    }
    is_renamed = said["name"].is_distinct_from(people.c.name)
    known = case((is_renamed, None), else_=people.c.first_name)
    first_name = func.coalesce(said["first_name"], known)
    silent = said["attributes"] == "{}"
    attributes = case((silent, people.c.attributes), else_=said["attributes"])
    manages = or_(said["is_manager"], people.c.is_manager)
    whole = {"first_name": first_name, "attributes": attributes, "is_manager": manages}
    return {**kept, **whole}
