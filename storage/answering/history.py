"""Answers from before Otklik, out of the company's own files: all rows or none, none twice.

Such an answer is a finished invitation that was never sent, with the `import_key` of its row: the
funnel leaves it out, every figure counts it. Somebody who answered and is on no list of the company
is kept as a past customer (`people.is_past`), whom no campaign, link or list knows, until a list
names them; so is a manager. Their waves are the calendar months in which the answers were given.
Rows are taken in the order in which they are given: of one moment the last row is the latest
answer.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Executable, bindparam, cast, func, insert, select

from storage.answering.past import PastAnswer, answer_row, question_numbers
from storage.asking import campaigns
from storage.asking.campaigns import CampaignDraft
from storage.engine.columns import BIG
from storage.engine.listed import AT_ONCE, as_json, listed, rows_in
from storage.engine.reading import Reader, Transaction
from storage.people.lists.managers import Managers
from storage.people.names import keyed
from storage.tables.people import people
from storage.tables.surveys import answers as answer_rows
from storage.tables.surveys import invitations, waves
from surveys.periods import Period

NOBODY = "answer:"
"""Prefix of the external id of whoever gave an answer that names nobody."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class PastRow:
    """One past answer. `identity` tells it from others, `content` stands for everything said in it.

    `customer` is an external id; `name` is taken for somebody new. `manager` is an id or a name.
    `month` is the calendar month of the first answer in the company's zone.
    """

    line: int
    identity: str
    content: str
    customer: str
    name: str
    answers: tuple[PastAnswer, ...]
    month: Period
    touchpoint: str
    segment: str | None = None
    manager: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryFound:
    """What taking the rows does: lines `conflicting` were imported before and said otherwise.

    `ambiguous`: names that several managers have → lines. `customers` and `managers` are new.
    """

    new: tuple[PastRow, ...]
    unchanged: int
    customers: frozenset[str]
    managers: tuple[str, ...]
    conflicting: tuple[int, ...]
    ambiguous: Mapping[str, tuple[int, ...]]


async def compare(reader: Reader, rows: Sequence[PastRow]) -> HistoryFound:
    """Return which rows are new and whom they name that nobody knows."""
    kept = await _kept(reader, rows)
    new = tuple(row for row in rows if row.identity not in kept)
    other = (row for row in rows if kept.get(row.identity, row.content) != row.content)
    managers = await _managers(reader)
    named: dict[str, list[int]] = {}
    for row in new:
        if row.manager is not None and managers.find(row.manager) is None:
            named.setdefault(row.manager, []).append(row.line)
    customers = {row.customer for row in new}
    return HistoryFound(
        new=new,
        unchanged=len(rows) - len(new),
        customers=frozenset(customers - set(await _customers(reader, customers))),
        managers=tuple(sorted(name for name in named if not managers.is_ambiguous(name))),
        conflicting=tuple(row.line for row in other),
        ambiguous={n: tuple(lines) for n, lines in named.items() if managers.is_ambiguous(n)},
    )


async def record(
    tx: Transaction, found: HistoryFound, definition_id: int, campaign: str, now: datetime
) -> None:
    """Write the new rows; `campaign` is the name under which their waves stand."""
    if not found.new:
        return
    await _add_managers(tx, found.managers, now)
    managers = await _managers(tx)
    await _add_customers(tx, found, managers.find, now)
    numbers = await _customers(tx, {row.customer for row in found.new})
    places = await _places(tx, found, numbers, definition_id, campaign, now)
    questions = await question_numbers(tx, definition_id)
    known = cache(managers.find)
    for start in range(0, len(found.new), _CHUNK):
        some = found.new[start : start + _CHUNK]
        last = await tx.scalar(_LAST) or 0
        persons = [numbers[row.customer] for row in some]
        asked = _invitations(some, places[start : start + _CHUNK], persons, known)
        await tx.many(_INVITED, {**asked, "definition_id": [definition_id] * len(some)})
        await _add_answers(tx, some, last, questions)


_LAST = select(func.max(invitations.c.id))
_INVITED, _PEOPLE = insert(invitations), insert(people)


async def _add_people(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Insert people in small batches: nothing else runs while a statement is prepared."""
    for some in chunks(rows, _CHUNK):
        await tx.many_alike(_PEOPLE, [keyed(row) for row in some])


async def _kept(reader: Reader, rows: Sequence[PastRow]) -> dict[str, str]:
    """Return identity → content of those rows that are stored already."""
    key = invitations.c.import_key
    found: dict[str, str] = {}
    for some in chunks(sorted({row.identity for row in rows}), AT_ONCE):
        given = listed(reader, some)
        same = key.between(given.c.value + ":", given.c.value + ";")
        kept = await reader.scalars(select(key).join_from(given, invitations, same))
        found |= dict(one.split(":", 1) for one in kept)
    return found


T = TypeVar("T")


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the values in pieces of a size."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _key(row: PastRow) -> str:
    return f"{row.identity}:{row.content}"


async def _managers(reader: Reader) -> Managers:
    columns = (people.c.id, people.c.external_id, people.c.name)
    rows = await reader.all(select(*columns).where(people.c.is_manager))
    return Managers([(row["id"], row["external_id"], row["name"]) for row in rows], [])


async def _customers(reader: Reader, external_ids: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(sorted(external_ids), AT_ONCE):
        given = listed(reader, some)
        same = people.c.is_customer & (people.c.external_id == given.c.value)
        rows = await reader.all(
            select(people.c.external_id, people.c.id).join_from(given, people, same)
        )
        found |= {row["external_id"]: row["id"] for row in rows}
    return found


async def _add_managers(tx: Transaction, names: Sequence[str], now: datetime) -> None:
    rows = [
        {"external_id": name, "name": name, "is_manager": True, "is_past": True, "created_at": now}
        for name in names
    ]
    await _add_people(tx, rows)


async def _add_customers(
    tx: Transaction, found: HistoryFound, manager: Callable[[str], int | None], now: datetime
) -> None:
    """Add who is new, as their latest answer has them."""
    latest = {row.customer: row for row in sorted(found.new, key=answered_at)}
    rows = [
        {
            "external_id": external_id,
            "name": latest[external_id].name,
            "segment": latest[external_id].segment,
            "manager_id": _found(manager, latest[external_id].manager),
            "is_customer": True,
            "is_past": True,
            "created_at": now,
        }
        for external_id in sorted(found.customers)
    ]
    await _add_people(tx, rows)


def _found(manager: Callable[[str], int | None], said: str | None) -> int | None:
    return None if said is None else manager(said)


def answered_at(row: PastRow) -> datetime:
    """Return when a row's answer was given."""
    return row.answers[0].answered_at


async def _places(
    tx: Transaction,
    found: HistoryFound,
    numbers: Mapping[str, int],
    definition_id: int,
    campaign: str,
    now: datetime,
) -> list[int]:
    """Return each row's wave: its month's, or another where its customer is in that one already."""
    campaign_id, known = await _waves(tx, definition_id)
    taken = await _taken(tx, definition_id, sorted(set(numbers.values())))
    labels = []
    for row in found.new:
        person_id = numbers[row.customer]
        label = next(name for name in _labels(row.month.key) if person_id not in taken[name])
        taken[label].add(person_id)
        labels.append(label)
    months = {label: row.month for label, row in zip(labels, found.new, strict=True)}
    missing = {label: month for label, month in sorted(months.items()) if label not in known}
    if campaign_id is None:
        draft = CampaignDraft(definition_id=definition_id, name=campaign, closes_after_days=1)
        campaign_id = (await campaigns.create(tx, draft, None, now)).id
    for label, month in missing.items():
        closed_at = min(month.end, now)
        wave = await campaigns.start_wave(tx, campaign_id, label, month.start, closed_at)
        known[label] = wave.id
    return [known[label] for label in labels]


async def _waves(reader: Reader, definition_id: int) -> tuple[int | None, dict[str, int]]:
    """Return the campaign of the imported answers to this survey version; its waves by label."""
    campaign_id: int | None = await reader.scalar(
        select(waves.c.campaign_id)
        .join(invitations, invitations.c.wave_id == waves.c.id)
        .where(invitations.c.definition_id == definition_id, invitations.c.import_key.is_not(None))
        .limit(1)
    )
    if campaign_id is None:
        return None, {}
    mine = select(waves.c.label, waves.c.id).where(waves.c.campaign_id == campaign_id)
    return campaign_id, {row["label"]: row["id"] for row in await reader.all(mine)}


async def _taken(
    reader: Reader, definition_id: int, persons: Sequence[int]
) -> defaultdict[str, set[int]]:
    """Return wave → those of the persons who are in it, of the imported answers."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for some in chunks(persons, AT_ONCE):
        given = listed(reader, some)
        same = invitations.c.person_id == cast(given.c.value, BIG)
        rows = await reader.all(
            select(waves.c.label, invitations.c.person_id)
            .join_from(given, invitations, same)
            .join(waves, waves.c.id == invitations.c.wave_id)
            .where(invitations.c.definition_id == definition_id)
            .where(invitations.c.import_key.is_not(None))
        )
        for row in rows:
            found[row["label"]].add(row["person_id"])
    return found


def _labels(month: str) -> Iterator[str]:
    yield month
    for number in count(2):
        yield f"{month} #{number}"


def _invitations(
    rows: Sequence[PastRow],
    wave_ids: Sequence[int],
    persons: Sequence[int],
    manager: Callable[[str], int | None],
) -> dict[str, Sequence[Any]]:
    """Return the columns of some rows' invitations."""
    moments = ("created_at", "opened_at", "started_at", "finished_at", "closes_at", "closed_at")
    at = list(map(answered_at, rows))
    return {
        "wave_id": wave_ids,
        "person_id": persons,
        "touchpoint": [row.touchpoint for row in rows],
        "channel": ["import"] * len(rows),
        "manager_id": [_found(manager, row.manager) for row in rows],
        "segment": [row.segment for row in rows],
        "attributes": [_as_json(row.attributes) for row in rows],
        "state": ["finished"] * len(rows),
        "import_key": list(map(_key, rows)),
        **dict.fromkeys(moments, at),
    }


def _as_json(attributes: Mapping[str, str]) -> str | None:
    return json.dumps(dict(attributes), ensure_ascii=False, sort_keys=True) if attributes else None


_MADE = (
    select(invitations.c.id, invitations.c.import_key)
    .where(invitations.c.id > bindparam("last"))
    .order_by(invitations.c.id)
)


async def _add_answers(
    tx: Transaction, rows: Sequence[PastRow], last: int, questions: Mapping[str, int]
) -> None:
    """Add what was answered in the invitations above number `last`, which are those of the rows.

    In the order of the rows, not of their keys: of two answers at one moment, the one that is
    written last counts as the later.
    """
    by_key = {_key(row): row for row in rows}
    made = await tx.tuples(_MADE, {"last": last})
    given = [
        tuple(answer_row(number, questions, answer).values())
        for number, key in made
        for answer in by_key[key].answers
    ]
    await tx.run(_answered(tx.dialect), {"answers": as_json(given)})


@cache
def _answered(dialect: str) -> Executable:
    """Return the statement that adds many answers at once.

    A statement a row would cost three times as much on SQLite: because of the trigger that forgets
    kept figures it keeps, for each, what its pages held before.
    """
    columns = answer_rows.c
    each = (
        columns.invitation_id, columns.question_id, columns.value, columns.score,
        columns.answered_at,
    )  # fmt: skip
    rows, cells = rows_in("answers", each, dialect)
    asked = select(*cells).select_from(rows).order_by(rows.c.key)
    return insert(answer_rows).from_select(each, asked)
