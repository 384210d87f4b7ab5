"""People from the company's lists: all rows or none, and a rerun changes nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from storage.errors import ManagersUnknown
from storage.people import Role
from storage.reading import Reader, Transaction
from storage.tables.people import accounts
from storage.tables.people import people as table
from surveys.definition import Language

_TO_COME = -1
"""Stands for the number of a row that is made only when the import is not a mere check."""

_COLUMNS = (
    "name",
    "account_id",
    "manager_id",
    "segment",
    "team",
    "language",
    "phone",
    "email",
    "last_purchase_on",
    "attributes",
    "left_at",
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A customer or manager as the company's list has them; None: the list does not say.

    `company` is the customer's employer, `manager_external_id` the manager's `external_id`.
    """

    role: Role
    external_id: str
    name: str
    company: str | None = None
    manager_external_id: str | None = None
    segment: str | None = None
    team: str | None = None
    language: Language | None = None
    phone: str | None = None
    email: str | None = None
    last_purchase_on: date | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many people were, or would be, new, different, the same."""

    added: int
    changed: int
    unchanged: int


async def apply(
    tx: Transaction, rows: Sequence[PersonRow], now: datetime, *, check: bool = False
) -> ImportResult:
    """Add and change people so that they are as listed; `check` only counts.

    People are recognised by role and `external_id`; the last row of an id counts. What the list
    does not say stays; who had left and is listed is back. Raises ManagersUnknown.
    """
    employers = await _accounts(tx, {row.company for row in rows if row.company}, check=check)
    none: dict[str, int] = {}
    managers = [row for row in rows if row.role == "manager"]
    first = await _apply_role(tx, managers, now, employers, none, check=check)
    known = {key: row["id"] for key, row in (await _known(tx, "manager")).items()}
    known |= {row.external_id: known.get(row.external_id, _TO_COME) for row in managers}
    customers = [row for row in rows if row.role == "customer"]
    _require_managers(customers, known)
    then = await _apply_role(tx, customers, now, employers, known, check=check)
    return ImportResult(
        first.added + then.added,
        first.changed + then.changed,
        first.unchanged + then.unchanged,
    )


def _require_managers(customers: Iterable[PersonRow], known: Mapping[str, int]) -> None:
    named = {row.manager_external_id for row in customers if row.manager_external_id}
    missing = named - known.keys()
    if missing:
        raise ManagersUnknown(tuple(sorted(missing)))


async def _accounts(tx: Transaction, names: set[str], *, check: bool) -> dict[str, int]:
    rows = await tx.all(select(accounts.c.name, accounts.c.id))
    known = {row["name"]: row["id"] for row in rows}
    missing = sorted(names - known.keys())
    if not missing:
        return known
    if check:
        return known | dict.fromkeys(missing, _TO_COME)
    await tx.run(tx.insert(accounts), [{"name": name} for name in missing])
    return await _accounts(tx, names, check=check)


async def _known(reader: Reader, role: Role) -> dict[str, dict[str, Any]]:
    """Return external id → the columns that an import sets, for one role."""
    columns = (table.c.id, table.c.external_id, *(table.c[name] for name in _COLUMNS))
    of_role = table.c.is_customer.is_(role == "customer") & table.c.external_id.is_not(None)
    rows = await reader.all(select(*columns).where(of_role))
    return {row["external_id"]: dict(row) for row in rows}


async def _apply_role(
    tx: Transaction,
    rows: Sequence[PersonRow],
    now: datetime,
    employers: Mapping[str, int],
    managers: Mapping[str, int],
    *,
    check: bool,
) -> ImportResult:
    if not rows:
        return ImportResult(0, 0, 0)
    known = await _known(tx, rows[0].role)
    listed = {row.external_id: _values(row, employers, managers) for row in rows}
    added = [
        _new(rows[0].role, key, values, now) for key, values in listed.items() if key not in known
    ]
    changed = [
        known[key] | values
        for key, values in listed.items()
        if key in known and known[key] != known[key] | values
    ]
    if not check:
        await _write(tx, added, changed)
    return ImportResult(len(added), len(changed), len(listed) - len(added) - len(changed))


def _values(
    row: PersonRow, employers: Mapping[str, int], managers: Mapping[str, int]
) -> dict[str, Any]:
    values = {
        "name": row.name,
        "account_id": employers[row.company] if row.company else None,
        "manager_id": managers[row.manager_external_id] if row.manager_external_id else None,
        "segment": row.segment,
        "team": row.team,
        "language": row.language,
        "phone": row.phone,
        "email": row.email,
        "last_purchase_on": row.last_purchase_on,
        "attributes": _attributes(row) if row.attributes else None,
    }
    return {key: value for key, value in values.items() if value is not None} | {"left_at": None}


def _attributes(row: PersonRow) -> str:
    return json.dumps(dict(row.attributes), ensure_ascii=False, sort_keys=True)


def _new(role: Role, external_id: str, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return (
        dict.fromkeys(_COLUMNS)
        | {"attributes": "{}"}
        | dict(values)
        | {
            "external_id": external_id,
            "is_customer": role == "customer",
            "is_manager": role == "manager",
            "created_at": now,
        }
    )


async def _write(
    tx: Transaction, added: Sequence[dict[str, Any]], changed: Sequence[dict[str, Any]]
) -> None:
    if added:
        await tx.run(tx.insert(table), added)
    if changed:
        by_number = update(table).where(table.c.id == bindparam("number"))
        rows = [{"number": row["id"], **{name: row[name] for name in _COLUMNS}} for row in changed]
        await tx.run(by_number.values({name: bindparam(name) for name in _COLUMNS}), rows)
