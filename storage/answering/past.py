"""Answers from before Otklik: a whole wave brought in at once, closed already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.answering.invitations import SNAPSHOT
from storage.asking import ledger
from storage.asking.campaigns import Wave
from storage.asking.ledger import Line
from storage.engine.reading import Reader, Transaction
from storage.errors import NotFound
from storage.tables.people import people
from storage.tables.surveys import answers as answer_rows
from storage.tables.surveys import invitations as table
from storage.tables.surveys import questions
from surveys.messages import Message


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """One answer as `invitations.answer` takes it."""

    question_key: str
    value_json: str
    score: float | None
    answered_at: datetime


async def record(
    tx: Transaction,
    wave: Wave,
    definition_id: int,
    touchpoint: str,
    given: Mapping[int, Sequence[PastAnswer]],
) -> None:
    """Write what people were asked in a wave and answered, as if it had come by the chat.

    `given`: person id → their answers in order; none: the survey expired. The snapshot of a person
    is that of today. Raises NotFound; ConstraintViolated where somebody was asked in this wave
    already.
    """
    if not given:
        return
    known = await _people(tx, given)
    numbers = await question_numbers(tx, definition_id)
    common = {"wave_id": wave.id, "definition_id": definition_id, "touchpoint": touchpoint}
    asked = [
        common | _snapshot(known, person_id) | _course(wave, answers)
        for person_id, answers in given.items()
    ]
    await tx.run(tx.insert(table), asked)
    of_wave = select(table.c.person_id, table.c.id).where(table.c.wave_id == wave.id)
    invited = {row["person_id"]: row["id"] for row in await tx.all(of_wave)}
    rows = [
        answer_row(invited[person_id], numbers, answer)
        for person_id, answers in given.items()
        for answer in answers
    ]
    if rows:
        await tx.run(tx.insert(answer_rows), rows)
    await ledger.record(tx, wave.id, map(Line, given), wave.started_at)


async def _people(reader: Reader, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    columns = (people.c.id.label("person_id"), *SNAPSHOT)
    rows = await reader.all(select(*columns).where(people.c.id.in_(ids)))
    return {row["person_id"]: dict(row) for row in rows}


def _snapshot(known: Mapping[int, Mapping[str, Any]], person_id: int) -> dict[str, Any]:
    if person_id not in known:
        raise NotFound(what=Message("person"), key=str(person_id))
    return dict(known[person_id])


async def question_numbers(reader: Reader, definition_id: int) -> dict[str, int]:
    """Return the numbers of a survey's questions by key."""
    of_definition = questions.c.definition_id == definition_id
    rows = await reader.all(select(questions.c.key, questions.c.id).where(of_definition))
    return {row["key"]: row["id"] for row in rows}


def _course(wave: Wave, answers: Sequence[PastAnswer]) -> dict[str, Any]:
    began = answers[0].answered_at if answers else None
    return {
        "state": "finished" if answers else "expired",
        "created_at": wave.started_at,
        "sent_at": wave.started_at,
        "opened_at": began,
        "started_at": began,
        "finished_at": answers[-1].answered_at if answers else None,
        "closes_at": wave.closes_at,
        "closed_at": wave.closes_at,
    }


def answer_row(
    invitation_id: int, numbers: Mapping[str, int], answer: PastAnswer
) -> dict[str, Any]:
    """Return the columns of an answer; raises NotFound for an unknown question."""
    return {
        "invitation_id": invitation_id,
        "question_id": number_of(numbers, answer.question_key),
        "value": answer.value_json,
        "score": answer.score,
        "answered_at": answer.answered_at,
    }


def number_of(numbers: Mapping[str, int], question_key: str) -> int:
    """Return a question's number; raises NotFound for an unknown one."""
    if question_key not in numbers:
        raise NotFound(what=Message("question"), key=question_key)
    return numbers[question_key]
