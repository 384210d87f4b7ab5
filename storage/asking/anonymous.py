"""Answers born anonymous: no row leads from a person or an invitation to them, or back.

A sheet is found by a random handle that only the chat's buttons carry; its SHA-256 is kept while
the sheet is being filled in, and dropped when it is finished. What stays is a random number, a
month, and one coarse breakdown (a customer's segment, a manager's team). Numbers are random and
answers have no row number, so the order of answering is not kept either.

Finished sheets wait until five of a survey are there. They are then released together: written
anew in random order under new numbers (on PostgreSQL a row also remembers the transaction that
wrote it), dated with the batch's latest month, and without a breakdown that would show a group of
fewer than five or let one be had by subtraction. The invitation knows only that it was answered.

Sheets left unfinished are dropped in the month after the survey closes: somebody may have begun
twice, and nobody can tell. Until then the closing's month is all that is kept of its dates.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from random import SystemRandom
from typing import Any

from sqlalchemy import RowMapping, delete, func, select, update

from storage.asking import invitations
from storage.asking.invitations import Invitation
from storage.engine.reading import Reader, Transaction
from storage.errors import AlreadyAnswered, SheetUnknown
from storage.people import workspace
from storage.tables.people import people
from storage.tables.surveys import anonymous_answers as answer_rows
from storage.tables.surveys import anonymous_sheets as table
from storage.tables.surveys import definitions
from surveys.counts.anonymity import MIN_GROUP, coarse_month, disclosable, releasable

_HANDLE_BYTES = 12
_NUMBER_BITS = 62


async def begin(tx: Transaction, invitation_id: int, now: datetime) -> str:
    """Open a sheet and return its handle (16 characters), which is not kept.

    Raises NotFound, AlreadyAnswered.
    """
    invitation = await _unanswered(tx, invitation_id)
    handle = secrets.token_urlsafe(_HANDLE_BYTES)
    await tx.run(
        tx.insert(table).values(
            id=_random_number(),
            definition_id=invitation.definition_id,
            handle_hash=_hash(handle),
            month=await _month(tx, now),
            breakdown=await _breakdown(tx, invitation),
            closes_month=await _month(tx, invitation.closes_at),
        )
    )
    await invitations.start(tx, invitation_id, now)
    return handle


async def _unanswered(reader: Reader, invitation_id: int) -> Invitation:
    invitation = await invitations.get(reader, invitation_id)
    if invitation.finished_at is not None:
        raise AlreadyAnswered(invitation_id)
    return invitation


async def _breakdown(reader: Reader, invitation: Invitation) -> str | None:
    of_definition = definitions.c.id == invitation.definition_id
    audience = await reader.scalar(select(definitions.c.audience).where(of_definition))
    column, group = (
        (people.c.segment, invitation.segment)
        if audience == "customers"
        else (people.c.team, invitation.team)
    )
    alike: int = await reader.scalar(select(func.count()).where(column == group))
    return group if alike >= MIN_GROUP else None


async def answers(reader: Reader, handle: str) -> dict[str, str]:
    """Return question key → the answer's JSON; nothing where the sheet is finished or unknown."""
    mine = (
        select(answer_rows.c.question_key, answer_rows.c.value)
        .join(table, table.c.id == answer_rows.c.sheet_id)
        .where(table.c.handle_hash == _hash(handle))
    )
    return {row["question_key"]: row["value"] for row in await reader.all(mine)}


async def answer(
    tx: Transaction, handle: str, question_key: str, value_json: str, score: float | None
) -> None:
    """Keep an answer, in place of an earlier one; raises SheetUnknown."""
    sheet = await _sheet(tx, handle)
    values = {"value": value_json, "score": score}
    statement = tx.insert(answer_rows).values(
        sheet_id=sheet["id"], question_key=question_key, **values
    )
    await tx.run(
        statement.on_conflict_do_update(index_elements=["sheet_id", "question_key"], set_=values)
    )


async def forget_answers(tx: Transaction, handle: str, keys: Collection[str]) -> None:
    """Drop answers to questions that no longer apply."""
    sheet = await _sheet(tx, handle)
    of_sheet = answer_rows.c.sheet_id == sheet["id"]
    await tx.run(delete(answer_rows).where(of_sheet, answer_rows.c.question_key.in_(keys)))


async def show(tx: Transaction, handle: str, question_key: str) -> None:
    """Note which question is before the person; raises SheetUnknown."""
    which = table.c.handle_hash == _hash(handle)
    if not await tx.run(update(table).where(which).values(current_question=question_key)):
        raise SheetUnknown


async def current(reader: Reader, handle: str) -> str | None:
    """Return the question that is before the person; None where the sheet is finished."""
    which = table.c.handle_hash == _hash(handle)
    question: str | None = await reader.scalar(select(table.c.current_question).where(which))
    return question


async def finish(tx: Transaction, handle: str, invitation_id: int, now: datetime) -> None:
    """Cut the last thread between chat and sheet, and note that the invitation was answered.

    Raises SheetUnknown, AlreadyAnswered.
    """
    sheet = await _sheet(tx, handle)
    invitation = await _unanswered(tx, invitation_id)
    if invitation.definition_id != sheet["definition_id"]:
        raise SheetUnknown
    cut = {"handle_hash": None, "current_question": None, "closes_month": None}
    values = cut | {"finished": True, "month": await _month(tx, now)}
    await tx.run(update(table).where(table.c.id == sheet["id"]).values(values))
    await invitations.finish(tx, invitation_id, now)
    await _release(tx, sheet["definition_id"])


async def release_due(tx: Transaction, now: datetime) -> int:
    """Drop sheets left unfinished in surveys long closed, release full batches.

    Return how many sheets were released.
    """
    over = table.c.finished.is_(other=False) & (table.c.closes_month < await _month(tx, now))
    await tx.run(delete(table).where(over))
    waiting = table.c.finished & table.c.released.is_(other=False)
    surveys = await tx.scalars(select(table.c.definition_id).where(waiting).distinct())
    return sum([await _release(tx, definition_id) for definition_id in surveys])


async def waiting(reader: Reader, definition_id: int) -> int:
    """Count the finished sheets of a survey that wait for a full batch."""
    of_survey = (table.c.definition_id == definition_id) & table.c.finished
    unreleased = of_survey & table.c.released.is_(other=False)
    count: int = await reader.scalar(select(func.count()).where(unreleased))
    return count


async def _release(tx: Transaction, definition_id: int) -> int:
    unreleased = table.c.finished & table.c.released.is_(other=False)
    batch = await tx.all(select(table).where(table.c.definition_id == definition_id, unreleased))
    if not releasable(len(batch)):
        return 0
    old = [sheet["id"] for sheet in batch]
    given = await tx.all(select(answer_rows).where(answer_rows.c.sheet_id.in_(old)))
    sheets, rewritten = _rewritten(batch, given)
    await tx.run(delete(answer_rows).where(answer_rows.c.sheet_id.in_(old)))
    await tx.run(delete(table).where(table.c.id.in_(old)))
    await tx.run(tx.insert(table), sheets)
    if rewritten:
        await tx.run(tx.insert(answer_rows), rewritten)
    return len(batch)


def _rewritten(
    batch: Sequence[RowMapping], given: Sequence[RowMapping]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    numbers = {sheet["id"]: _random_number() for sheet in batch}
    shown = disclosable(Counter(sheet["breakdown"] or "" for sheet in batch)) - {""}
    month = max(sheet["month"] for sheet in batch)
    sheets = [
        dict(sheet)
        | {
            "id": numbers[sheet["id"]],
            "month": month,
            "breakdown": sheet["breakdown"] if sheet["breakdown"] in shown else None,
            "released": True,
        }
        for sheet in batch
    ]
    rows = [dict(row) | {"sheet_id": numbers[row["sheet_id"]]} for row in given]
    SystemRandom().shuffle(sheets)
    SystemRandom().shuffle(rows)
    return sheets, rows


async def _sheet(reader: Reader, handle: str) -> RowMapping:
    row = await reader.first(select(table).where(table.c.handle_hash == _hash(handle)))
    if row is None:
        raise SheetUnknown
    return row


async def _month(reader: Reader, now: datetime) -> str:
    return coarse_month(now, (await workspace.get(reader)).zone)


def _random_number() -> int:
    return secrets.randbits(_NUMBER_BITS) + 1


def _hash(handle: str) -> str:
    return hashlib.sha256(handle.encode(errors="replace")).hexdigest()
