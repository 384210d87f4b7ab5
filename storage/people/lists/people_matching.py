"""Whom the rows of a list mean among those who are here: by id, else by phone or e-mail.

A list without ids has phones or e-mails for ids. Then somebody known under an id of the CRM is
meant by the phone or e-mail; and somebody known by phone or e-mail alone gets the id of a list
that has one.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Text,
    bindparam,
    cast,
    delete,
    distinct,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from storage.engine.reading import Reader, Transaction
from storage.tables.imports import import_rows as stage
from storage.tables.people import people

_Key = tuple[bool, str]
"""Whether a row is a customer's, and its id."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """A row of a list that may mean several people; it is taken off the list."""

    line: int
    said: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A phone number or e-mail address that several people share; `line`: its first row."""

    said: str
    line: int
    rows: int


async def match_people(tx: Transaction, import_id: int) -> Sequence[Candidates]:
    """Find out whom each row means; return the rows that may mean several people.

    Attributes that a list does not mention are added to those it does.
    """
    if not (await tx.scalar(_ANYBODY_HERE) or await _is_anybody_meant(tx, import_id)):
        return ()  # a first list: there is nobody to match
    mine = stage.c.import_id == import_id
    same = (people.c.external_id == stage.c.external_id) & (
        people.c.is_customer == stage.c.is_customer
    )
    number = select(people.c.id).where(same).scalar_subquery()
    # A list is matched for the preview and again when it is taken: few rows change by then.
    changed = mine & stage.c.person_id.is_distinct_from(number)
    await tx.run(update(stage).where(changed).values(person_id=number))
    nobody = mine & stage.c.person_id.is_(None)
    ambiguous = await _by_contact(tx, import_id)
    await _with_new_ids(tx, nobody)
    if await _is_anybody_meant(tx, import_id):
        await _merge_attributes(tx, mine)
    return ambiguous


_ANYBODY_HERE = select(
    exists().where(
        or_(
            people.c.external_id.is_not(None),
            people.c.phone.is_not(None),
            people.c.email_key.is_not(None),
        )
    )
)
"""Tells whether anybody is here whom a list may mean, which a person without any of these is not.
"""


async def _is_anybody_meant(reader: Reader, import_id: int) -> bool:
    """Tell whether a row means somebody who is here, which an index says; on a first list none."""
    # The sum leaves no index but that of people: by the list's number all its rows would be read.
    meant = (stage.c.import_id + 0 == import_id) & (stage.c.person_id > 0)
    return bool(await reader.scalar(select(exists().where(meant))))


class _Match(NamedTuple):
    """A row of the list (`customer`, `key`, `line`) and somebody whom it may mean."""

    customer: bool
    key: str
    line: int
    person_id: int
    external_id: str | None
    has_left: bool


async def _by_contact(tx: Transaction, import_id: int) -> Sequence[Candidates]:
    """Match the rows whose id is a phone or an e-mail address.

    Mostly no id is one. Ids stand first in a row, and those that begin with a plus beside each
    other, so that is told without reading all of a long list.
    """
    mine = stage.c.import_id == import_id
    nobody = mine & stage.c.person_id.is_(None)
    found: list[_Match] = []
    # By both roles, or no index would lead to the ids.
    plus = stage.c.is_customer.in_((True, False)) & stage.c.external_id.between("+", ",")
    if await tx.scalar(select(exists().where(mine, plus))):
        is_phone = nobody & (stage.c.external_id == stage.c.phone)
        found += await _matches(tx, people.c.phone == stage.c.phone, is_phone)
    if await tx.scalar(select(exists().where(mine, stage.c.external_id.contains("@")))):
        is_email = nobody & (stage.c.external_id == stage.c.email_key)
        found += await _matches(tx, people.c.email_key == stage.c.external_id, is_email)
    candidates: defaultdict[_Key, list[_Match]] = defaultdict(list)
    for match in found:
        candidates[match.customer, match.key].append(match)
    present = [
        [match for match in same if not match.has_left] or same for same in candidates.values()
    ]
    await _assign(tx, nobody, [same[0] for same in present if len(same) == 1])
    ambiguous = [same[0] for same in present if len(same) > 1]
    for match in ambiguous:
        meant = (stage.c.external_id == match.key) & (stage.c.is_customer == match.customer)
        await tx.run(delete(stage).where(nobody, meant))
    return [Candidates(match.line, match.key) for match in ambiguous]


async def _matches(
    reader: Reader, same: ColumnElement[bool], rows: ColumnElement[bool]
) -> list[_Match]:
    found = await reader.all(
        select(
            stage.c.is_customer.label("customer"),
            stage.c.external_id.label("key"),
            stage.c.line,
            people.c.id.label("person_id"),
            people.c.external_id,
            people.c.left_at.is_not(None).label("has_left"),
        )
        .join_from(stage, people, same & (people.c.is_customer == stage.c.is_customer))
        .where(rows)
    )
    return [_Match(**row) for row in found]


async def _assign(tx: Transaction, nobody: ColumnElement[bool], matches: Iterable[_Match]) -> None:
    """Note whom rows mean; a row without an id gets the person's."""
    values = [
        {
            "key": match.key,
            "customer": match.customer,
            "person": match.person_id,
            "id": match.external_id or match.key,
        }
        for match in matches
    ]
    if values:
        changed: dict[str, Any] = {
            "person_id": bindparam("person"),
            "external_id": bindparam("id"),
        }
        await tx.run(update(stage).where(nobody, _IS_ROW).values(changed), values)


_IS_ROW = (stage.c.external_id == bindparam("key")) & (stage.c.is_customer == bindparam("customer"))


_IS_CONTACT = people.c.external_id.like("+%") | people.c.external_id.like("%@%")
"""Chooses people whose id is a phone, as E.164 writes it, or an e-mail address."""


async def _with_new_ids(tx: Transaction, nobody: ColumnElement[bool]) -> None:
    """Match the rows with ids of their own to people whose id is a phone or an e-mail address."""
    if not await tx.scalar(select(exists().where(_IS_CONTACT))):
        return  # the usual case, which saves three passes over a long list
    claims: defaultdict[int, set[_Match]] = defaultdict(set)
    other = stage.alias()
    is_listed = exists().where(
        other.c.import_id == stage.c.import_id,
        other.c.is_customer == people.c.is_customer,
        other.c.external_id == people.c.external_id,
    )
    contacts: tuple[tuple[ColumnElement[str], ColumnElement[bool]], ...] = (
        (stage.c.phone, stage.c.phone.is_not(None)),
        (stage.c.email, stage.c.email.is_not(None)),
        (stage.c.email_key, stage.c.email_key != stage.c.email),
    )
    for contact, said in contacts:
        of_list = nobody & said & ~is_listed
        for match in await _matches(tx, people.c.external_id == contact, of_list):
            claims[match.person_id].add(match._replace(external_id=match.key))
    claimed = Counter((one.customer, one.key) for matches in claims.values() for one in matches)
    sure = [
        match
        for matches in claims.values()
        for match in matches
        if len(matches) == 1 and claimed[match.customer, match.key] == 1
    ]
    await _assign(tx, nobody, sure)


async def _merge_attributes(tx: Transaction, mine: ColumnElement[bool]) -> None:
    rows = await tx.all(
        select(
            stage.c.external_id,
            stage.c.is_customer,
            stage.c.attributes,
            people.c.attributes.label("kept"),
        )
        .join_from(stage, people, people.c.id == stage.c.person_id)
        .where(mine, stage.c.attributes != people.c.attributes, people.c.attributes != "{}")
    )
    merged = [
        {
            "key": row["external_id"],
            "customer": row["is_customer"],
            "merged": as_text(json.loads(row["kept"]) | json.loads(row["attributes"])),
        }
        for row in rows
    ]
    if merged:
        changed: dict[str, Any] = {"attributes": bindparam("merged")}
        await tx.run(update(stage).where(mine, _IS_ROW).values(changed), merged)


# `json.dumps` would make an encoder for each of a hundred thousand people.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def as_text(attributes: Mapping[str, str]) -> str:
    """Write attributes one way, so that the same attributes are the same text."""
    return _ENCODER.encode(dict(attributes))


async def shared_phones(reader: Reader, import_id: int, *, repeated: bool) -> Sequence[Shared]:
    """Return the numbers that several people would share: nobody can come in by them.

    `repeated`: a number stands on several rows of the list.
    """
    return await _shared(reader, import_id, stage.c.phone, people.c.phone, repeated=repeated)


async def shared_emails(reader: Reader, import_id: int, *, repeated: bool) -> Sequence[Shared]:
    """Return the addresses that several people would share: these may be one person."""
    kept = people.c.email_key
    return await _shared(reader, import_id, stage.c.email_key, kept, repeated=repeated)


async def _shared(
    reader: Reader,
    import_id: int,
    listed: ColumnElement[Any],
    kept: ColumnElement[Any],
    *,
    repeated: bool,
) -> Sequence[Shared]:
    mine = (stage.c.import_id == import_id) & listed.is_not(None)
    person = literal("person ") + cast(people.c.id, Text)
    known = literal("person ") + cast(stage.c.person_id, Text)
    who = func.coalesce(known, literal("new ") + stage.c.external_id)
    of_list = select(listed.label("said"), stage.c.line, who.label("who")).where(mine)
    # Somebody listed under a new number will no longer have the old one.
    renewed = exists().where(mine, stage.c.person_id == people.c.id)
    of_others = select(kept, null(), person).where(
        kept.in_(select(listed).where(mine)), people.c.left_at.is_(None), ~renewed
    )
    if not repeated and not (
        await reader.scalar(_ANYBODY_HERE) and await reader.first(of_others.limit(1))
    ):
        return ()  # the usual case, which saves sorting a long list
    both = union_all(of_list, of_others).subquery()
    shared = await reader.all(
        select(
            both.c.said, func.min(both.c.line).label("line"), func.count(both.c.line).label("rows")
        )
        .group_by(both.c.said)
        .having(func.count(distinct(both.c.who)) > 1)
    )
    found = (Shared(row["said"], row["line"], row["rows"]) for row in shared)
    return sorted(found, key=lambda one: one.line)


async def give_ids(tx: Transaction, import_id: int) -> None:
    """Give people who are known by phone or e-mail alone the ids that a list has for them."""
    if not await _is_anybody_meant(tx, import_id):
        return
    mine = (stage.c.import_id == import_id) & (stage.c.person_id == people.c.id)
    other = mine & people.c.external_id.is_distinct_from(stage.c.external_id)
    await tx.run(update(people).where(other).values(external_id=stage.c.external_id))
