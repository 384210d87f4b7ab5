"""Answers born anonymous: no row leads from a person or an invitation to them, or back.

A sheet is found by a random handle that only the chat's buttons carry. While it is being filled in
it is sealed by that handle, of which the database knows the SHA-256; when it is finished it joins
the sealed heap of those that wait for their batch (`storage.answering.heaps`). The invitation knows
only that it was answered: its times are those of the last message about it.

Sheets left unfinished are dropped in the month after the survey closes: somebody may have begun
twice, and nobody can tell. Until then the closing's month is all that is kept of its dates.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select, update

from storage.answering import heaps, invitations
from storage.answering.invitations import Invitation
from storage.engine import sealing
from storage.engine.reading import Reader, Transaction
from storage.errors import AlreadyAnswered, SheetUnknown
from storage.people import workspace
from storage.tables.people import people
from storage.tables.surveys import anonymous_open as table
from storage.tables.surveys import definitions
from surveys.counts.anonymity import Given, Part, coarse_month
from surveys.counts.minima import MIN_ANONYMOUS

_HANDLE_BYTES = 12


@dataclass(slots=True)
class _Sheet:
    """What is sealed of an unfinished sheet; `question` is the one before the person."""

    definition_id: int
    breakdown: str | None
    question: str | None = None
    answers: dict[str, Given] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return json.dumps(
            [self.definition_id, self.breakdown, self.question, self.answers]
        ).encode()


async def begin(tx: Transaction, invitation_id: int, now: datetime) -> str:
    """Open a sheet and return its handle (16 characters), which is not kept.

    Raises NotFound, AlreadyAnswered.
    """
    invitation = await _unanswered(tx, invitation_id)
    handle = secrets.token_urlsafe(_HANDLE_BYTES)
    sheet = _Sheet(invitation.definition_id, await _breakdown(tx, invitation))
    await tx.run(
        tx.insert(table).values(
            handle_hash=_hash(handle),
            closes_month=await _month(tx, invitation.closes_at),
            sealed=sealing.seal_for(handle, sheet.to_json()),
        )
    )
    await invitations.start(tx, invitation_id, last_written(invitation, now))
    return handle


def last_written(invitation: Invitation, now: datetime) -> datetime:
    """Return the only time of answering that an anonymous survey's invitation keeps."""
    written = invitation.reminded_at or invitation.sent_at or invitation.created_at
    return min(written, now)


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
    return group if alike >= MIN_ANONYMOUS else None


async def is_open(reader: Reader, handle: str) -> bool:
    """Tell whether there is such a sheet; there is none once it has ended, or after a restore."""
    which = table.c.handle_hash == _hash(handle)
    return await reader.scalar(select(table.c.handle_hash).where(which)) is not None


async def answers(reader: Reader, handle: str) -> dict[str, str]:
    """Return question key → the answer's JSON; nothing if the sheet is finished or unknown."""
    sheet = await _found(reader, handle)
    return {} if sheet is None else {key: value for key, (value, _) in sheet.answers.items()}


async def answer(
    tx: Transaction, handle: str, question_key: str, value_json: str, score: float | None
) -> None:
    """Keep an answer, in place of an earlier one; raises SheetUnknown."""
    sheet = await _sheet(tx, handle)
    sheet.answers[question_key] = (value_json, score)
    await _keep(tx, handle, sheet)


async def forget_answers(tx: Transaction, handle: str, keys: Collection[str]) -> None:
    """Drop answers to questions that no longer apply; raises SheetUnknown."""
    sheet = await _sheet(tx, handle)
    for key in keys:
        sheet.answers.pop(key, None)
    await _keep(tx, handle, sheet)


async def show(tx: Transaction, handle: str, question_key: str) -> None:
    """Note which question is before the person; raises SheetUnknown."""
    sheet = await _sheet(tx, handle)
    sheet.question = question_key
    await _keep(tx, handle, sheet)


async def current(reader: Reader, handle: str) -> str | None:
    """Return the question that is before the person; None where the sheet is finished."""
    sheet = await _found(reader, handle)
    return None if sheet is None else sheet.question


class Finished(NamedTuple):
    """The time that is kept of an answered invitation, and the batches that were released by it."""

    kept_at: datetime
    batches: Sequence[Sequence[Part]]


async def finish(tx: Transaction, handle: str, invitation_id: int, now: datetime) -> Finished:
    """Put the sheet among those that wait, and note that the invitation was answered.

    Raises SheetUnknown, AlreadyAnswered.
    """
    sheet = await _sheet(tx, handle)
    invitation = await _unanswered(tx, invitation_id)
    if invitation.definition_id != sheet.definition_id:
        raise SheetUnknown
    await tx.run(delete(table).where(table.c.handle_hash == _hash(handle)))
    moment = last_written(invitation, now)
    await invitations.finish(tx, invitation_id, moment)
    finished = Part(await _month(tx, now), sheet.breakdown, sheet.answers)
    batches = await heaps.add(tx, sheet.definition_id, finished)
    return Finished(moment, batches)


async def drop_abandoned(tx: Transaction, now: datetime) -> int:
    """Drop unfinished sheets of surveys that closed long ago; return how many."""
    return await tx.run(delete(table).where(table.c.closes_month < await _month(tx, now)))


async def _found(reader: Reader, handle: str) -> _Sheet | None:
    which = table.c.handle_hash == _hash(handle)
    sealed: bytes | None = await reader.scalar(select(table.c.sealed).where(which))
    if sealed is None:
        return None
    definition_id, breakdown, question, given = json.loads(sealing.open_with(handle, sealed))
    return _Sheet(definition_id, breakdown, question, given)


async def _sheet(reader: Reader, handle: str) -> _Sheet:
    sheet = await _found(reader, handle)
    if sheet is None:
        raise SheetUnknown
    return sheet


async def _keep(tx: Transaction, handle: str, sheet: _Sheet) -> None:
    which = table.c.handle_hash == _hash(handle)
    sealed = sealing.seal_for(handle, sheet.to_json())
    await tx.run(update(table).where(which).values(sealed=sealed))


async def _month(reader: Reader, now: datetime) -> str:
    return coarse_month(now, (await workspace.get(reader)).zone)


def _hash(handle: str) -> str:
    return hashlib.sha256(handle.encode(errors="replace")).hexdigest()
