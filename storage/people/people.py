"""Customers, managers, team leads, admins. An address, never a name, decides who somebody is."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from storage.engine.columns import kept_or
from storage.engine.connection import Parameters, Statement, StatementResult
from storage.engine.reading import Reader, Transaction, first
from storage.engine.statements import brief
from storage.people import addresses
from storage.people.addresses import IS_WRITTEN_TO, WRITTEN_TO, Address, address_in
from storage.people.link_errors import AccountTaken
from storage.people.lists.listed import ListedRole
from storage.people.names import BY_NAME, by_key, keyed
from storage.sending import errands
from storage.tables.people import accounts
from storage.tables.people import addresses as address_rows
from storage.tables.people import people as table
from surveys.messages import Language


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the company knows; `address` is where they are written to, None: nowhere yet.

    `first_name` is None where no list says which word of the name it is.

    `language` and `zone` are None until chosen (the company's then hold); staff, that is managers,
    team leads, experts and admins, are never customers. `leads` are the teams that somebody leads.
    `last_purchase_on` is the later day of the list's and the last deal's.
    """

    id: int
    name: str
    first_name: str | None
    address: Address | None
    language: Language | None
    zone: str | None
    consent_version: str | None
    consented_at: datetime | None
    declined_at: datetime | None
    opted_out_at: datetime | None
    unreachable_at: datetime | None
    is_admin: bool
    is_manager: bool
    is_customer: bool
    is_expert: bool
    leads: tuple[str, ...]
    team: str | None
    left_at: datetime | None
    manager_id: int | None
    segment: str | None
    account_id: int | None
    account: str | None
    position: str | None
    external_id: str | None
    phone: str | None
    email: str | None
    last_purchase_on: date | None

    @property
    def is_staff(self) -> bool:
        """Whether the person has any role but that of a customer."""
        return self.is_admin or self.is_manager or self.is_expert or bool(self.leads)

    @property
    def has_agreed(self) -> bool:
        """Whether the person may be written to; admins need not agree to their own bot."""
        return self.consented_at is not None or self.is_admin


_ANY = address_rows.alias()
_HERE = table.c.left_at.is_(None) & table.c.is_past.is_(other=False)
"""People who have not left and are not known from imported answers alone."""
IS_STAFF: Final = or_(
    table.c.is_admin, table.c.is_manager, table.c.is_expert, table.c.leads.is_not(None)
)
"""The condition that a row of `people` is of one of the staff, as `Person.is_staff` tells it."""
_MANAGES = or_(table.c.is_manager, table.c.leads.is_not(None))
"""Who comes by a link of the staff: managers and team leads."""
_DEALT, _LISTED = table.c.last_deal_on, table.c.last_purchase_on
BOUGHT_ON = case(
    (and_(_DEALT.is_not(None), or_(_LISTED.is_(None), _DEALT > _LISTED)), _DEALT), else_=_LISTED
).label("last_purchase_on")
"""The day of the last known purchase, from lists or from deals."""
_ELSEWHERE = {"account", "address", "last_purchase_on"}
_COLUMNS = (
    *(table.c[name] for name in Person.__dataclass_fields__ if name not in _ELSEWHERE),
    accounts.c.name.label("account"),
    address_rows.c.channel,
    address_rows.c.address,
    BOUGHT_ON,
)
_JOINED = table.outerjoin(accounts).outerjoin(address_rows, WRITTEN_TO)
_PERSONS = select(*_COLUMNS).select_from(_JOINED).order_by(*BY_NAME)
_MANAGERS = _PERSONS.where(table.c.is_manager, _HERE)
_ADMINS = brief(_PERSONS.where(table.c.is_admin, table.c.left_at.is_(None)))
_LEADS = _PERSONS.where(table.c.leads.is_not(None), _HERE)
_ONE_PERSON = _PERSONS.order_by(None)
_BY_ID = brief(_ONE_PERSON.where(table.c.id == bindparam("number")))
_BY_ADDRESS = brief(
    _ONE_PERSON.join(_ANY, _ANY.c.person_id == table.c.id).where(
        _ANY.c.channel == bindparam("channel"), _ANY.c.address == bindparam("address")
    )
)


async def by_address(reader: Reader, address: Address) -> Person | None:
    """Return the person with that address."""
    (found,) = await reader.several(at(address))
    return cast("Person | None", found)


def at(address: Address) -> Statement:
    """Return what finds the person with that address, or None, beside something else."""
    return _BY_ADDRESS, address._asdict(), _found


def _found(result: StatementResult) -> Person | None:
    row = first(result)
    return None if row is None else _person(row)


def _has(address: Address) -> ColumnElement[bool]:
    theirs = _ANY.c.channel == address.channel, _ANY.c.address == address.address
    return table.c.id.in_(select(_ANY.c.person_id).where(*theirs))


async def by_id(reader: Reader, person_id: int) -> Person | None:
    """Return the person of that number."""
    row = await reader.first(_BY_ID, {"number": person_id})
    return None if row is None else _person(row)


async def by_ids(reader: Reader, ids: Collection[int]) -> dict[int, Person]:
    """Return the people of these numbers, by number."""
    return {one.id: one for one in await _many(reader, table.c.id.in_(ids))}


async def by_external(
    reader: Reader, external_id: str, role: ListedRole = "customer"
) -> Person | None:
    """Return the person with that number in the company's CRM, which numbers roles separately."""
    of_role = table.c.is_customer if role == "customer" else table.c.is_customer.is_(other=False)
    return await _one(reader, table.c.external_id == external_id, of_role)


async def customers(reader: Reader) -> Sequence[Person]:
    """Return every customer who has not left, by name."""
    return await _many(reader, table.c.is_customer, _HERE)


async def managers(reader: Reader) -> Sequence[Person]:
    """Return the managers who have not left, by name."""
    return await _all(reader, _MANAGERS)


async def admins(reader: Reader) -> Sequence[Person]:
    """Return the admins, by name."""
    return await _all(reader, _ADMINS, {})


async def leads(reader: Reader, team: str | None = None) -> Sequence[Person]:
    """Return the team leads who have not left, by name; those of one team, where it is named."""
    found = await _all(reader, _LEADS)
    return [one for one in found if team is None or team in one.leads]


async def set_leads(tx: Transaction, person_id: int, teams: Collection[str]) -> None:
    """Make somebody the lead of these teams; of none: no team lead any more."""
    await _set(tx, table.c.id == person_id, leads=teams_as_text(teams))


def teams_as_text(teams: Collection[str]) -> str | None:
    """Write teams one way, so that the same teams are the same text; None for none."""
    return json.dumps(sorted(teams), ensure_ascii=False) if teams else None


async def teams(reader: Reader) -> Sequence[str]:
    """Return the teams of managers and customers who have not left, sorted."""
    of_people = table.c.team.is_not(None) & _HERE
    return by_key(await reader.scalars(select(table.c.team).where(of_people).distinct()))


async def without_chat(reader: Reader, role: ListedRole | None) -> Sequence[Person]:
    """Return customers and managers (or those of one role) who cannot be written to yet.

    Team leads count among the managers.
    """
    roles = {"customer": table.c.is_customer, "manager": _MANAGES}
    of_role = or_(*roles.values()) if role is None else roles[role]
    return await _many(reader, of_role, _HERE, ~IS_WRITTEN_TO)


async def without_chat_after(
    reader: Reader, role: ListedRole | None, after: int, limit: int
) -> Sequence[Person]:
    """Return the next people who cannot be written to yet, by their number, above `after`."""
    roles = {"customer": table.c.is_customer, "manager": _MANAGES}
    of_role = or_(*roles.values()) if role is None else roles[role]
    here_not = of_role & _HERE & ~IS_WRITTEN_TO
    page = _PERSONS.order_by(None).order_by(table.c.id).where(here_not, table.c.id > after)
    return [_person(row) for row in await reader.all(page.limit(limit))]


@dataclass(frozen=True, slots=True)
class Presence:
    """How many people are known, and how many of them can be written to (`…_here`)."""

    customers: int
    customers_here: int
    managers: int
    managers_here: int


async def presence(reader: Reader) -> Presence:
    """Count customers and managers who have not left."""

    def number(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    here = address_rows.c.address.is_not(None)
    counted = select(
        number(table.c.is_customer).label("customers"),
        number(table.c.is_customer, here).label("customers_here"),
        number(table.c.is_manager).label("managers"),
        number(table.c.is_manager, here).label("managers_here"),
    ).select_from(table.outerjoin(address_rows, WRITTEN_TO))
    row = await reader.first(counted.where(_HERE))
    return Presence(0, 0, 0, 0) if row is None else Presence(**row)


async def segments(reader: Reader) -> Sequence[str]:
    """Return the customers' segments in use, sorted."""
    of_customers = table.c.is_customer & table.c.segment.is_not(None) & _HERE
    return by_key(await reader.scalars(select(table.c.segment).where(of_customers).distinct()))


async def add_admin(
    tx: Transaction, address: Address, name: str, language: Language, now: datetime
) -> Person:
    """Make the person at this address an admin, even if they had left.

    Raises AccountTaken for a customer's address.
    """
    known = await by_address(tx, address)
    if known is not None and known.is_customer:
        raise AccountTaken(known.id)
    if known is None:
        known = await add(tx, now, address, name=name, language=language, is_admin=True)
    else:
        await _set(tx, table.c.id == known.id, is_admin=True, left_at=None)
    await show_commands(tx, known.id, now)
    return await get(tx, known.id)


async def show_commands(tx: Transaction, person_id: int, now: datetime) -> None:
    """Have a person's chat show the commands that fit their present rights."""
    await errands.ask(tx, "commands", None, now, {"person": person_id}, once=True)


async def add(
    tx: Transaction, now: datetime, address: Address | None = None, **values: Any
) -> Person:
    """Make a person of these columns, at this address; raises AccountTaken."""
    known = None if address is None else await by_address(tx, address)
    if known is not None:
        raise AccountTaken(known.id)
    inserted = tx.insert(table).values(created_at=now, **keyed(values)).returning(table.c.id)
    person_id: int = await tx.scalar(inserted)
    if address is not None:
        await addresses.bind(tx, person_id, address)
    return await get(tx, person_id)


async def get(reader: Reader, person_id: int) -> Person:
    """Return a person who is known to exist."""
    person = await by_id(reader, person_id)
    if person is None:
        raise LookupError(person_id)
    return person


async def change(tx: Transaction, person_id: int, **values: Any) -> None:
    """Set these columns of a person."""
    await _set(tx, table.c.id == person_id, **values)


async def set_language(tx: Transaction, person_id: int, language: Language) -> None:
    """Keep the language a person chose."""
    await _set(tx, table.c.id == person_id, language=language)


async def consent(tx: Transaction, person_id: int, version: str, now: datetime) -> None:
    """Note that the person agreed to this version of the text."""
    agreed = {"consent_version": version, "consented_at": now, "declined_at": None}
    await _set(tx, table.c.id == person_id, **agreed)


async def decline(tx: Transaction, person_id: int, now: datetime) -> None:
    """Note that the person did not agree, or no longer does."""
    refused = {"consent_version": None, "consented_at": None, "declined_at": now}
    await _set(tx, table.c.id == person_id, **refused)


async def unreachable(tx: Transaction, address: Address, now: datetime) -> None:
    """Note that messages no longer arrive at this address (blocked, gone)."""
    await _set(tx, _has(address) & table.c.unreachable_at.is_(None), unreachable_at=now)


async def reachable(tx: Transaction, address: Address) -> None:
    """Note that the address is back."""
    await _set(tx, _has(address), unreachable_at=None)


async def bought(tx: Transaction, person_id: int, day: date) -> None:
    """Note a deal of that day; a day earlier than the known one changes nothing."""
    later = or_(_DEALT.is_(None), day > _DEALT)
    await _set(tx, (table.c.id == person_id) & later, last_deal_on=day)


async def leave_all(tx: Transaction, ids: Collection[int], now: datetime) -> None:
    """Note that these people are no longer with the company; an earlier leaving keeps its day."""
    rights = {"is_admin": False, "is_expert": False, "leads": None}
    gone = {"left_at": kept_or(table.c.left_at, now), **rights}
    await _set(tx, table.c.id.in_(ids), **gone)


async def no_admin(tx: Transaction, person_id: int) -> None:
    """Take an admin's rights back; other roles stay."""
    await _set(tx, table.c.id == person_id, is_admin=False)


async def _set(tx: Transaction, which: ColumnElement[bool], **values: Any) -> None:
    await tx.run(update(table).where(which).values(keyed(values)))


async def _one(reader: Reader, *which: ColumnElement[bool]) -> Person | None:
    row = await reader.first(_PERSONS.where(*which))
    return None if row is None else _person(row)


async def _many(reader: Reader, *which: ColumnElement[bool]) -> Sequence[Person]:
    return await _all(reader, _PERSONS.where(*which))


async def _all(
    reader: Reader, statement: Select[Any], parameters: Parameters = None
) -> Sequence[Person]:
    return [_person(row) for row in await reader.all(statement, parameters)]


def _person(row: RowMapping) -> Person:
    values = dict(row)
    values["address"] = address_in(values)
    values["leads"] = tuple(json.loads(values["leads"] or "[]"))
    del values["channel"]
    return Person(**values)
