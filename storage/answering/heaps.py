"""Finished anonymous sheets: first in a sealed heap, then released together with others.

The heap of a survey is one row, sealed under a key that stands in no copy, and is written anew in
random order with every sheet that joins it: neither its rows, nor the log, nor the difference
between two copies tells which answers came last. Whatever makes a full batch
(`surveys.counts.anonymity`) leaves it for rows that anybody may read, under random numbers; its key
is then replaced (`storage.renewal`), so that the log cannot be opened afterwards.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple
from random import SystemRandom

from sqlalchemy import Subquery, func, select

from storage.engine import sealing
from storage.engine.reading import Reader, Transaction
from storage.engine.sealing import Keys
from storage.errors import SealBroken
from storage.tables.surveys import anonymous_answers as answer_rows
from storage.tables.surveys import anonymous_sheets as sheets
from storage.tables.surveys import anonymous_waiting as table
from storage.tables.surveys import definitions, invitations
from surveys.counts.anonymity import Part, counted_together, parts_of, release

_NUMBER_BITS = 62


async def add(tx: Transaction, definition_id: int, sheet: Part) -> list[Sequence[Part]]:
    """Put a finished sheet, of a finished invitation, among those that wait.

    Full batches are released, and returned. A heap whose key is gone is given up, since nobody can
    ever read it.
    """
    try:
        waiting = await _waiting(tx, definition_id)
    except SealBroken:
        waiting = []
        others = await count(tx, definition_id) - 1
        await _give_up(tx, definition_id, max(others, 0))
    return await _settle(tx, definition_id, [*waiting, sheet])


async def seal_anew(tx: Transaction) -> None:
    """Seal every heap under the present key, except those that no key opens."""
    there = select(table.c.definition_id).where(table.c.sealed.is_not(None))
    for definition_id in await tx.scalars(there):
        with suppress(SealBroken):
            await _settle(tx, definition_id, await _waiting(tx, definition_id))


async def sealed(reader: Reader, keys: Keys) -> tuple[int, int]:
    """Count the heaps that wait sealed, and those of them that no key opens."""
    heaps = await reader.scalars(select(table.c.sealed).where(table.c.sealed.is_not(None)))
    waiting = [heap for heap in heaps if sealing.is_sealed(heap)]
    return len(waiting), sum(not keys.opens(heap) for heap in waiting)


async def count(reader: Reader, definition_id: int) -> int:
    """Count the people whose answers to a survey wait, all or in part, for a full batch.

    People who were erased, and surveys that were aged, no longer count; their answers may wait.
    """
    missing = _missing()
    of_survey = missing.c.definition_id == definition_id
    waiting: int | None = await reader.scalar(select(missing.c.people).where(of_survey))
    return max(waiting or 0, 0)


async def write_off(tx: Transaction) -> int:
    """Note what a copy lacks, since it holds no heap; return how many people's answers."""
    missing = _missing()
    empty = select(table.c.definition_id).where(table.c.sealed.is_not(None))
    rows = await tx.all(
        select(missing).where(missing.c.people > 0, missing.c.definition_id.not_in(empty))
    )
    for row in rows:
        await _give_up(tx, row["definition_id"], row["people"])
    return sum(row["people"] for row in rows)


async def _give_up(tx: Transaction, definition_id: int, people: int) -> None:
    statement = tx.insert(table).values(definition_id=definition_id, sealed=None, lost=people)
    added = {"sealed": None, "lost": table.c.lost + people}
    await tx.run(statement.on_conflict_do_update(index_elements=["definition_id"], set_=added))


def _missing() -> Subquery:
    """Return for each anonymous survey how many answers were neither released nor lost.

    What was released is counted at the question that most people answered, since answers to the
    other questions may wait longer.
    """
    finished = (
        select(invitations.c.definition_id, func.count().label("people"))
        .join(definitions, definitions.c.id == invitations.c.definition_id)
        .where(definitions.c.anonymous, invitations.c.finished_at.is_not(None))
        .group_by(invitations.c.definition_id)
        .subquery()
    )
    by_question = (
        select(sheets.c.definition_id, func.count().label("people"))
        .join(answer_rows, answer_rows.c.sheet_id == sheets.c.id)
        .group_by(sheets.c.definition_id, answer_rows.c.question_key)
        .subquery()
    )
    released = (
        select(by_question.c.definition_id, func.max(by_question.c.people).label("people"))
        .group_by(by_question.c.definition_id)
        .subquery()
    )
    known = func.coalesce(released.c.people, 0) + func.coalesce(table.c.lost, 0)
    return (
        select(finished.c.definition_id, (finished.c.people - known).label("people"))
        .select_from(finished)
        .outerjoin(released, released.c.definition_id == finished.c.definition_id)
        .outerjoin(table, table.c.definition_id == finished.c.definition_id)
        .subquery()
    )


async def _waiting(tx: Transaction, definition_id: int) -> list[Part]:
    """Return what waits; raises SealBroken."""
    of_survey = table.c.definition_id == definition_id
    heap: bytes | None = await tx.scalar(select(table.c.sealed).where(of_survey))
    if heap is None:
        return []
    told = json.loads(tx.keys.opened(heap) if sealing.is_sealed(heap) else heap)
    return [Part(*part) for part in told]


async def _settle(
    tx: Transaction, definition_id: int, waiting: Iterable[Part]
) -> list[Sequence[Part]]:
    """Release full batches, which are returned, and seal the rest, in random order."""
    from storage.asking import definitions as published  # noqa: PLC0415 (who counts needs no survey)

    survey = (await published.get(tx, definition_id)).survey
    together = counted_together(survey)
    batches, rest = release(part for sheet in waiting for part in parts_of(sheet, together))
    for batch in batches:
        await _publish(tx, definition_id, batch)
        tx.keys.spent = True
    SystemRandom().shuffle(rest)
    heap = tx.keys.seal(json.dumps([astuple(part) for part in rest]).encode()) if rest else None
    statement = tx.insert(table).values(definition_id=definition_id, sealed=heap)
    await tx.run(
        statement.on_conflict_do_update(
            index_elements=["definition_id"], set_={"sealed": statement.excluded.sealed}
        )
    )
    return batches


async def _publish(tx: Transaction, definition_id: int, batch: Iterable[Part]) -> None:
    numbered = [(secrets.randbits(_NUMBER_BITS) + 1, part) for part in batch]
    SystemRandom().shuffle(numbered)
    rows = [
        {
            "id": number,
            "definition_id": definition_id,
            "month": part.month,
            "breakdown": part.breakdown,
        }
        for number, part in numbered
    ]
    given = [
        {"sheet_id": number, "question_key": key, "value": value, "score": score}
        for number, part in numbered
        for key, (value, score) in part.answers.items()
    ]
    SystemRandom().shuffle(given)
    await tx.run(tx.insert(sheets), rows)
    await tx.run(tx.insert(answer_rows), given)
