"""Answers from before Otklik, out of the company's own files: all rows or none, none twice.

Such an answer is a finished invitation that was never sent, with the `import_key` of its row: the
funnel leaves it out, every figure counts it. Somebody who answered and is on no list of the company
is kept as a past customer (`people.is_past`), whom no campaign, link or list knows, until a list
names them; so is a manager. Their waves are the calendar months in which the answers were given.
Rows are given in order of time, and taken so: of one moment the last is the latest answer.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain, repeat
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, insert, literal_column, select

from storage.answering.history import keys, people, waves
from storage.answering.history.keys import written_keys
from storage.answering.history.rows import PastRows
from storage.answering.past import number_of, question_numbers
from storage.engine.constant import Constant
from storage.engine.reading import Reader, Transaction
from storage.people.lists.managers import name_key
from storage.tables.surveys import answers as answer_rows
from storage.tables.surveys import invitations

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
    kept = await keys.kept(reader, rows)
    new = rows.chosen([at for at in range(len(rows)) if at not in kept]) if kept else rows
    conflicting = tuple(
        rows.line[at] for at, said in kept.items() if not rows.content[at].startswith(said)
    )
    managers = await people.managers_here(reader)
    named: dict[str, list[int]] = {}
    for line, manager in zip(new.line, new.manager, strict=True):
        if manager is not None and managers.find(manager) is None:
            named.setdefault(manager, []).append(line)
    customers = set(new.customer)
    return HistoryFound(
        new=new,
        unchanged=len(rows) - len(new),
        customers=frozenset(customers - set(await people.customers_here(reader, customers))),
        managers=_once_each(name for name in named if not managers.is_ambiguous(name)),
        conflicting=conflicting,
        ambiguous={n: tuple(lines) for n, lines in named.items() if managers.is_ambiguous(n)},
    )


def _once_each(names: Iterable[str]) -> tuple[str, ...]:
    """Return one spelling of each name."""
    spelt: dict[tuple[str, ...], str] = {}
    for name in sorted(names):
        spelt.setdefault(name_key(name), name)
    return tuple(spelt.values())


async def record(
    tx: Transaction, found: HistoryFound, definition_id: int, campaign: str, now: datetime
) -> None:
    """Write the new rows, in order of time; their waves stand under the name `campaign`."""
    if not found.new:
        return
    await people.add_managers(tx, found.managers, now)
    managers = await people.managers_here(tx)
    known = await people.customers_here(tx, set(found.new.customer) - found.customers)
    taken = await waves.taken_by(tx, definition_id, sorted(known.values()))
    numbers = known | await people.add_customers(tx, found.new, found.customers, managers.find, now)
    persons = list(map(numbers.__getitem__, found.new.customer))
    places = await waves.places(tx, found.new.month, persons, taken, definition_id, campaign, now)
    questions = await question_numbers(tx, definition_id)
    manager = cache(managers.find)
    for start in range(0, len(found.new), _CHUNK):
        some = found.new.part(start, start + _CHUNK)
        last = await tx.scalar(_LAST) or 0
        moments = tx.ready(some.at)
        whom = places[start : start + _CHUNK], persons[start : start + _CHUNK]
        asked = _invitations(some, *whom, moments, manager)
        await tx.many(_INVITED, {"definition_id": Constant(definition_id, len(some)), **asked})
        made = await _made(tx, asked["import_key"], last)
        await tx.many(_ANSWERED, _answers(some, made, moments, questions))


_LAST = select(func.max(invitations.c.id))
_INVITED = insert(invitations).values(
    channel=literal_column("'import'"), state=literal_column("'finished'")
)
_ANSWERED = insert(answer_rows)


T = TypeVar("T")


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
        said["manager_id"] = [people.number_of_manager(manager, one) for one in rows.manager]
    if any(rows.segment):
        said["segment"] = rows.segment
    if any(rows.attributes):
        said["attributes"] = list(map(_as_json, rows.attributes))
    return {
        "wave_id": wave_ids,
        "person_id": persons,
        "touchpoint": rows.touchpoint,
        "import_key": written_keys(rows),
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
        return range(last + 1, newest + 1)  # no number was skipped: the order is that of writing
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
