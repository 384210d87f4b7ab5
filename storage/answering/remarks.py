"""What people say beyond their answers: words that follow, voices, pictures, files.

A remark belongs to the survey that it was said about. So do words that were an answer until later
ones, a skip or another answer took their place: they keep their day and the wording they were for.
Files stay with the messenger; kept is the id by which it gives them again. Anonymous surveys have
none: a voice or a file would name its speaker. Words too long for an answer wait here until shorter
ones take their place.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import RowMapping, bindparam, func, select, update

from storage.answering.invitations import Invitation, invitation_rows
from storage.engine.reading import Reader, Transaction
from storage.engine.statements import brief
from storage.tables.surveys import answers, definitions, invitations, questions
from storage.tables.surveys import remarks as table

RemarkKind = Literal["words", "voice", "photo", "video", "video_note", "audio", "document"]

FOLLOWS = timedelta(days=14)
"""How long after the last answer further words still belong to that survey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message; `text` may be empty where there is a file. `forwarded`: another's words."""

    kind: RemarkKind
    text: str
    file_id: str | None = None
    forwarded: bool = False
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark(Spoken):
    """A message that was kept."""

    id: int
    person_id: int
    invitation_id: int
    said_at: datetime
    edited_at: datetime | None
    asked: str | None
    """For an earlier answer, or words too long for one: the wording they answered, as JSON."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The answer that was typed in a message."""

    invitation_id: int
    question_key: str


async def add(
    tx: Transaction,
    invitation: Invitation,
    what: Spoken,
    now: datetime,
    asked: str | None = None,
) -> None:
    """Keep what somebody said about a survey of theirs; the survey is a named one.

    `asked`: the wording (JSON) of the question that the words are too long for.
    """
    about = {"person_id": invitation.person_id, "invitation_id": invitation.id}
    await tx.run(tx.insert(table).values(**about, **asdict(what), said_at=now, asked=asked))


_TYPED = brief(
    select(
        answers.c.value,
        answers.c.answered_at.label("said_at"),
        func.coalesce(answers.c.message, 0).label("message"),
        func.coalesce(answers.c.asked, questions.c.label).label("asked"),
    )
    .join(questions, questions.c.id == answers.c.question_id)
    .where(
        answers.c.invitation_id == bindparam("invitation"),
        questions.c.key.in_(bindparam("keys", expanding=True)),
        questions.c.kind == "text",
    )
    .order_by(answers.c.id)
)


async def set_aside(
    tx: Transaction, invitation: Invitation, keys: Collection[str], instead: str | None = None
) -> None:
    """Keep the words given to these questions as remarks, before they are answers no more.

    `instead`: the JSON of what takes their place; what says the same is not kept twice.
    """
    for row in await tx.all(_TYPED, {"invitation": invitation.id, "keys": list(keys)}):
        text = json.loads(row["value"])
        if not isinstance(text, str) or not text.strip() or row["value"] == instead:
            continue
        about = {"person_id": invitation.person_id, "invitation_id": invitation.id}
        what = {"kind": "words", "text": text, "file_id": None, "forwarded": False}
        kept = {name: row[name] for name in ("said_at", "message", "asked")}
        await tx.run(tx.insert(table).values(**about, **what, **kept))


async def lately_answered(reader: Reader, person_id: int, now: datetime) -> Invitation | None:
    """Return the named survey that further words are about: the last one, if answered lately."""
    named = definitions.c.anonymous.is_(other=False)
    lately = invitations.c.finished_at > now - FOLLOWS
    mine = invitation_rows().where(invitations.c.person_id == person_id, named, lately)
    ours = mine.where(invitations.c.import_key.is_(None))
    row = await reader.first(ours.order_by(invitations.c.finished_at.desc()).limit(1))
    return None if row is None else Invitation(**row)


async def lately_anonymous(reader: Reader, person_id: int, now: datetime) -> bool:
    """Whether further words may be about an anonymous survey: they must not stand under a name."""
    mine = (invitations.c.person_id == person_id) & (invitations.c.closes_at > now - FOLLOWS)
    answered = mine & invitations.c.finished_at.is_not(None) & definitions.c.anonymous
    joined = invitations.join(definitions, definitions.c.id == invitations.c.definition_id)
    first = select(invitations.c.id).select_from(joined).where(answered).limit(1)
    return await reader.scalar(first) is not None


async def note_typed(tx: Transaction, invitation_id: int, question_key: str, message: int) -> None:
    """Note in which message an answer was typed."""
    question = (
        select(questions.c.id)
        .join(invitations, invitations.c.definition_id == questions.c.definition_id)
        .where(invitations.c.id == invitation_id, questions.c.key == question_key)
        .scalar_subquery()
    )
    mine = (answers.c.invitation_id == invitation_id) & (answers.c.question_id == question)
    await tx.run(update(answers).where(mine).values(message=message))


async def typed_in(reader: Reader, person_id: int, message: int) -> Typed | None:
    """Return the answer that a person typed in a message, None where it holds none."""
    joined = answers.join(invitations, invitations.c.id == answers.c.invitation_id).join(
        questions, questions.c.id == answers.c.question_id
    )
    row = await reader.first(
        select(answers.c.invitation_id, questions.c.key.label("question_key"))
        .select_from(joined)
        .where(invitations.c.person_id == person_id, answers.c.message == message)
    )
    return None if row is None else Typed(**row)


async def said_in(reader: Reader, person_id: int, message: int) -> Remark | None:
    """Return what a person said in a message, None where that was no remark."""
    mine = (table.c.person_id == person_id) & (table.c.message == message)
    return _remark(await reader.first(select(table).where(mine)))


async def reword(tx: Transaction, remark_id: int, text: str, now: datetime) -> None:
    """Keep what a remark says now that its message was edited."""
    await tx.run(update(table).where(table.c.id == remark_id).values(text=text, edited_at=now))


_OF_INVITATION = brief(
    select(table).where(table.c.invitation_id == bindparam("invitation")).order_by(table.c.id)
)


async def of_invitation(reader: Reader, invitation_id: int) -> Sequence[Remark]:
    """Return everything said about a survey, in its order."""
    return [
        Remark(**row) for row in await reader.all(_OF_INVITATION, {"invitation": invitation_id})
    ]


async def take_back(tx: Transaction, remark: Remark) -> None:
    """Drop the words of a remark, whose place others take; its file stays."""
    mine = table.c.id == remark.id
    if remark.file_id is None:
        await tx.run(table.delete().where(mine))
    else:
        await tx.run(update(table).where(mine).values(text="", asked=None))


async def of_invitations(reader: Reader, invitation_ids: Sequence[int]) -> Sequence[Remark]:
    """Return everything said about these surveys, in its order."""
    said = select(table).where(table.c.invitation_id.in_(invitation_ids)).order_by(table.c.id)
    return [Remark(**row) for row in await reader.all(said)]


async def get(reader: Reader, remark_id: int) -> Remark | None:
    """Return a remark, None where there is none."""
    return _remark(await reader.first(select(table).where(table.c.id == remark_id)))


def _remark(row: RowMapping | None) -> Remark | None:
    return None if row is None else Remark(**row)
