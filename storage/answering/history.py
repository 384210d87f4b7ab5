"""Answers from before Otklik, out of the company's own files: all rows or none, none twice.

Such an answer is a finished invitation that was never sent, with the `import_key` of its row: the
funnel leaves it out, every figure counts it. Somebody who answered and is on no list of the company
is kept as a past customer (`people.is_past`), whom no campaign, link or list knows, until a list
names them; so is a manager. Their waves are the calendar months in which the answers were given.
Rows are given in order of time, and taken so: of one moment the last is the latest answer.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain, count, repeat
from typing import Any, TypeVar

from sqlalchemy import bindparam, cast, func, insert, literal_column, or_, select

from storage.answering.past import number_of, question_numbers
from storage.answering.past_rows import PastRows
from storage.asking import campaigns
from storage.asking.campaigns import CampaignDraft
from storage.engine.columns import BIG
from storage.engine.listed import AT_ONCE, listed
from storage.engine.reading import Reader, Transaction
from storage.people.lists.managers import Managers
from storage.people.names import key_of
from storage.tables.people import people
from storage.tables.surveys import answers as answer_rows
from storage.tables.surveys import invitations, waves
from surveys.periods import Period

NOBODY = "answer:"
"""Prefix of the external id of whoever gave an answer that names nobody."""
_CHUNK = 4_096


@dataclass(frozen=True, slots=True)
class HistoryFound:
    """What taking the rows does: lines `conflicting` were imported before and said otherwise.

    `ambiguous`: names that several managers have → lines. `customers` and `managers` are new.
    """

    new: PastRows
    unchanged: int
    customers: frozenset[str]
    managers: tuple[str, ...]
    conflicting: tuple[int, ...]
    ambiguous: Mapping[str, tuple[int, ...]]


async def compare(reader: Reader, rows: PastRows) -> HistoryFound:
    """Return which rows are new and whom they name that nobody knows."""
    kept = await _kept(reader, rows)
    new = rows.chosen([at for at in range(len(rows)) if at not in kept]) if kept else rows
    conflicting = tuple(
        rows.line[at] for at, said in kept.items() if not rows.content[at].startswith(said)
    )
    managers = await _managers(reader)
    named: dict[str, list[int]] = {}
    for line, manager in zip(new.line, new.manager, strict=True):
        if manager is not None and managers.find(manager) is None:
            named.setdefault(manager, []).append(line)
    customers = set(new.customer)
    return HistoryFound(
        new=new,
        unchanged=len(rows) - len(new),
        customers=frozenset(customers - set(await _customers(reader, customers))),
        managers=tuple(sorted(name for name in named if not managers.is_ambiguous(name))),
        conflicting=conflicting,
        ambiguous={n: tuple(lines) for n, lines in named.items() if managers.is_ambiguous(n)},
    )


async def record(
    tx: Transaction, found: HistoryFound, definition_id: int, campaign: str, now: datetime
) -> None:
    """Write the new rows, in order of time; their waves stand under the name `campaign`."""
    if not found.new:
        return
    await _add_managers(tx, found.managers, now)
    managers = await _managers(tx)
    numbers = await _customers(tx, set(found.new.customer) - found.customers)
    numbers |= await _add_customers(tx, found, managers.find, now)
    persons = list(map(numbers.__getitem__, found.new.customer))
    places = await _places(tx, found.new, persons, definition_id, campaign, now)
    questions = await question_numbers(tx, definition_id)
    known = cache(managers.find)
    for start in range(0, len(found.new), _CHUNK):
        some = found.new.part(start, start + _CHUNK)
        last = await tx.scalar(_LAST) or 0
        moments = tx.ready(some.at)
        whom = places[start : start + _CHUNK], persons[start : start + _CHUNK]
        asked = _invitations(some, *whom, moments, known)
        await tx.many(_INVITED, {"definition_id": [definition_id] * len(some), **asked})
        made = await _made(tx, asked["import_key"], last)
        await tx.many(_ANSWERED, _answers(some, made, moments, questions))


_LAST = select(func.max(invitations.c.id))
_PEOPLE = insert(people)
_INVITED = insert(invitations).values(
    channel=literal_column("'import'"), state=literal_column("'finished'")
)
_ANSWERED = insert(answer_rows)


async def _add_people(tx: Transaction, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert past people in small batches: nothing else runs while a statement is prepared."""
    names = columns["name"]
    whole = {**columns, "name_key": list(map(key_of, names)), "is_past": [True] * len(names)}
    for start in range(0, len(names), _CHUNK):
        end = start + _CHUNK
        await tx.many(_PEOPLE, {name: column[start:end] for name, column in whole.items()})


async def anything_imported(reader: Reader) -> bool:
    """Tell whether any past answer is here."""
    found = select(invitations.c.id).where(invitations.c.import_key > "").limit(1)
    return await reader.scalar(found) is not None


async def any_earlier(reader: Reader) -> bool:
    """Tell whether any past answer has a key of before."""
    key = invitations.c.import_key
    found = select(invitations.c.id).where(or_(key < _LED, key.between("r", "s"))).limit(1)
    return await reader.scalar(found) is not None


async def _kept(reader: Reader, rows: PastRows) -> dict[int, str]:
    """Return the places of those rows that are stored already → what they said, where kept."""
    if not await anything_imported(reader):
        return {}
    asked = set(rows.key)
    if await any_earlier(reader):
        asked |= {one for one in rows.earlier_key if one}
        asked |= set(map(own_part, asked))
    found: dict[str, str] = {}
    key = invitations.c.import_key
    for some in chunks(sorted(asked), AT_ONCE):
        given = listed(reader, some)
        same = key.between(given.c.value + ":", given.c.value + ";")
        kept = await reader.scalars(select(key).join_from(given, invitations, same))
        found |= {own_part(one): said for one, _, said in (one.partition(":") for one in kept)}
    known: dict[int, str] = {}
    for at, pair in enumerate(zip(rows.key, rows.earlier_key, strict=True)):
        for own in map(own_part, pair):
            if own in found:
                known[at] = found[own] if rows.content[at] else ""
    return known


_LED = "g"
"""What has no lead begins with a hexadecimal digit and sorts before."""
_DIGITS = 32
_CONTENT = 16


def own_part(key: str) -> str:
    """Return what tells a row from all others: its key without the lead.

    Keys were without one until they were led by what lets them ascend as the rows do: SQLite keeps
    few pages in memory, and keys in no order at all changed another one with each row.
    """
    return key[-_DIGITS:]


T = TypeVar("T")


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the values in pieces of a size."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _keys(rows: PastRows) -> list[str]:
    if not any(rows.content):
        return [f"{key}:" for key in rows.key]
    said = zip(rows.key, rows.content, strict=True)
    return [f"{key}:{content[:_CONTENT]}" for key, content in said]


async def _managers(reader: Reader) -> Managers:
    columns = (people.c.id, people.c.external_id, people.c.name)
    rows = await reader.all(select(*columns).where(people.c.is_manager))
    return Managers([(row["id"], row["external_id"], row["name"]) for row in rows], [])


async def _customers(reader: Reader, external_ids: Iterable[str]) -> dict[str, int]:
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


async def _add_managers(tx: Transaction, names: Sequence[str], now: datetime) -> None:
    same: dict[str, Sequence[Any]] = {
        "is_manager": [True] * len(names),
        "created_at": [now] * len(names),
    }
    await _add_people(tx, {"external_id": names, "name": names, **same})


async def _add_customers(
    tx: Transaction, found: HistoryFound, manager: Callable[[str], int | None], now: datetime
) -> dict[str, int]:
    """Add who is new, as their latest answer has them, and return their numbers."""
    new = found.new
    latest = dict(zip(new.customer, range(len(new)), strict=True))
    whose = sorted(found.customers)
    places = [latest[customer] for customer in whose]
    last = await tx.scalar(_LAST_PERSON) or 0
    await _add_people(
        tx,
        {
            "external_id": whose,
            "name": [new.name[at] for at in places],
            "segment": [new.segment[at] for at in places],
            "manager_id": [_found(manager, new.manager[at]) for at in places],
            "is_customer": [True] * len(whose),
            "created_at": [now] * len(whose),
        },
    )
    newest = await tx.scalar(_LAST_PERSON) or 0
    if newest - last == len(whose):  # no number is left out: they stand as they were written
        return dict(zip(whose, range(last + 1, newest + 1), strict=True))
    return await _customers(tx, whose)


_LAST_PERSON = select(func.max(people.c.id))


def _found(manager: Callable[[str], int | None], said: str | None) -> int | None:
    return None if said is None else manager(said)


async def _places(
    tx: Transaction,
    rows: PastRows,
    persons: Sequence[int],
    definition_id: int,
    campaign: str,
    now: datetime,
) -> list[int]:
    """Return each row's wave: its month's, or another where its customer is in that one already."""
    campaign_id, known = await _waves(tx, definition_id)
    taken = await _taken(tx, definition_id, sorted(set(persons)))
    labels = []
    months: dict[str, Period] = {}
    for person_id, month in zip(persons, rows.month, strict=True):
        label = month.key
        if person_id in taken[label]:
            label = next(name for name in _labels(label) if person_id not in taken[name])
        taken[label].add(person_id)
        labels.append(label)
        months[label] = month
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
        .where(invitations.c.definition_id == definition_id, invitations.c.import_key > "")
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
        rows = await reader.tuples(
            select(waves.c.label, invitations.c.person_id)
            .join_from(given, invitations, same)
            .join(waves, waves.c.id == invitations.c.wave_id)
            .where(invitations.c.definition_id == definition_id)
            .where(invitations.c.import_key.is_not(None))
        )
        for label, person_id in rows:
            found[label].add(person_id)
    return found


def _labels(month: str) -> Iterator[str]:
    yield month
    for number in count(2):
        yield f"{month} #{number}"


def _invitations(
    rows: PastRows,
    wave_ids: Sequence[int],
    persons: Sequence[int],
    moments: Sequence[Any],
    manager: Callable[[str], int | None],
) -> dict[str, Sequence[Any]]:
    """Return the columns of some rows' invitations, but for those that say nothing in any row."""
    said: dict[str, Sequence[Any]] = {}
    if any(rows.manager):
        said["manager_id"] = [_found(manager, one) for one in rows.manager]
    if any(rows.segment):
        said["segment"] = rows.segment
    if any(rows.attributes):
        said["attributes"] = list(map(_as_json, rows.attributes))
    return {
        "wave_id": wave_ids,
        "person_id": persons,
        "touchpoint": rows.touchpoint,
        "import_key": _keys(rows),
        **dict.fromkeys(_MOMENTS, moments),
        **said,
    }


_MOMENTS = ("created_at", "finished_at", "closes_at", "closed_at")


def _as_json(attributes: Mapping[str, str]) -> str | None:
    return json.dumps(dict(attributes), ensure_ascii=False, sort_keys=True) if attributes else None


async def _made(tx: Transaction, keys: Sequence[str], last: int) -> Sequence[int]:
    """Return the numbers of the invitations of these keys, all above number `last`."""
    newest = await tx.scalar(_LAST)
    if newest - last == len(keys):
        return range(last + 1, newest + 1)  # no number is left out: they stand as they were written
    known = {key: number for number, key in await tx.tuples(_MADE, {"last": last})}
    return [known[key] for key in keys]


_MADE = select(invitations.c.id, invitations.c.import_key).where(
    invitations.c.id > bindparam("last")
)


def _answers(
    rows: PastRows, made: Sequence[int], moments: Sequence[Any], questions: Mapping[str, int]
) -> dict[str, Sequence[Any]]:
    """Return the columns of what was answered in these invitations.

    In the order of the rows, not of their keys: of two answers at one moment, the one that is
    written last counts as the later.
    """
    said = list(chain.from_iterable(rows.answers))
    counts = list(map(len, rows.answers))
    keys = [one.question_key for one in said]
    numbers = {key: number_of(questions, key) for key in set(keys)}
    return {
        "invitation_id": _each(made, counts),
        "question_id": list(map(numbers.__getitem__, keys)),
        "value": [one.value_json for one in said],
        "score": [one.score for one in said],
        "answered_at": _each(moments, counts),
    }


def _each(column: Sequence[T], counts: Sequence[int]) -> list[T]:
    """Return what each row says as often as is counted for it."""
    return list(chain.from_iterable(map(repeat, column, counts)))
