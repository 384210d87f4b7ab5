"""Named answers, one for each question, as JSON; anonymous ones have no invitation."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Executable, bindparam, null, select, update

from storage.answering.invitations import ONE, Invitation, start
from storage.engine.columns import Moment
from storage.engine.reading import Reader, Transaction, first, insert_into, tuples
from storage.engine.statements import brief, quiet
from storage.errors import NotFound
from storage.tables.surveys import answers as answer_rows
from storage.tables.surveys import invitations as table
from storage.tables.surveys import questions
from surveys.messages import Message

_NUMBER: BindParameter[int] = bindparam("number", type_=table.c.id.type)
_GIVEN = brief(
    select(questions.c.key, answer_rows.c.value)
    .join(questions, questions.c.id == answer_rows.c.question_id)
    .where(answer_rows.c.invitation_id == _NUMBER)
    .order_by(questions.c.position)
)


async def given(reader: Reader, invitation_id: int) -> dict[str, str]:
    """Return question key → the answer's JSON, in the survey's order."""
    return dict(await reader.tuples(_GIVEN, {"number": invitation_id}))


async def with_invitation(
    reader: Reader, invitation_id: int
) -> tuple[Invitation | None, dict[str, str]]:
    """Return an invitation and its answers, as `given` does, in one visit."""
    of_it = {"number": invitation_id}
    row, found = await reader.several((ONE, of_it, first), (_GIVEN, of_it, tuples))
    return None if row is None else Invitation(**row), dict(found)


async def keep(
    tx: Transaction,
    invitation_id: int,
    question_key: str,
    value_json: str,
    score: float | None,
    now: datetime,
    *,
    first: bool = True,
) -> None:
    """Keep an answer, in place of an earlier one to the same question.

    It is written with the next statement or at the transaction's end, which raises NotFound. Words
    that were given before must be set aside first: `remarks.set_aside`.

    `first`: no other was kept before, as far as is known.
    """
    values = {
        "number": invitation_id,
        "question": question_key,
        "given": value_json,
        "points": score,
        "moment": now,
    }
    none = NotFound(what=Message("question"), key=question_key)
    tx.later(_keeping(tx.dialect), values, none)
    if first:
        await start(tx, invitation_id, now)


@cache
def _keeping(dialect: str) -> Executable:
    """Return the statement that keeps an answer; it finds the question by its key."""
    kept = answer_rows.c
    question = select(
        table.c.id,
        questions.c.id,
        bindparam("given", type_=kept.value.type),
        bindparam("points", type_=kept.score.type),
        bindparam("moment", type_=Moment()),
    ).where(
        table.c.id == _NUMBER,
        questions.c.definition_id == table.c.definition_id,
        questions.c.key == bindparam("question"),
    )
    columns = ["invitation_id", "question_id", "value", "score", "answered_at"]
    new = insert_into(answer_rows, dialect).from_select(columns, question)
    changed: dict[str, Any] = {name: new.excluded[name] for name in columns[2:]}
    changed |= {"message": null(), "asked": null()}
    return quiet(brief(new.on_conflict_do_update(index_elements=columns[:2], set_=changed)))


async def note_asked(tx: Transaction, invitation_id: int, question_key: str, asked: str) -> None:
    """Note under which wording (JSON) an answer was typed."""
    await tx.run(update(answer_rows).where(_one(invitation_id, question_key)).values(asked=asked))


async def reword(
    tx: Transaction, invitation_id: int, question_key: str, value_json: str, now: datetime
) -> None:
    """Keep what an answer says now that its message was edited; its wording stays."""
    values = {"value": value_json, "answered_at": now}
    await tx.run(update(answer_rows).where(_one(invitation_id, question_key)).values(values))


_ASKED = brief(
    select(answer_rows.c.asked)
    .join(questions, questions.c.id == answer_rows.c.question_id)
    .where(answer_rows.c.invitation_id == _NUMBER, questions.c.key == bindparam("question"))
)


async def asked(reader: Reader, invitation_id: int, question_key: str) -> str | None:
    """Return the wording (JSON) that a question was answered under; None: it is not known."""
    of_it = {"number": invitation_id, "question": question_key}
    found: str | None = await reader.scalar(_ASKED, of_it)
    return found


def _one(invitation_id: int, question_key: str) -> ColumnElement[bool]:
    question = (
        select(questions.c.id)
        .join(table, table.c.definition_id == questions.c.definition_id)
        .where(table.c.id == invitation_id, questions.c.key == question_key)
        .scalar_subquery()
    )
    return (answer_rows.c.invitation_id == invitation_id) & (answer_rows.c.question_id == question)


class Written(NamedTuple):
    """When an answer was given, and the wording (JSON) it was typed under, where that is kept."""

    at: datetime
    asked: str | None


_WRITTEN = brief(
    select(
        answer_rows.c.invitation_id,
        questions.c.key,
        answer_rows.c.answered_at,
        answer_rows.c.asked,
    )
    .join(questions, questions.c.id == answer_rows.c.question_id)
    .where(answer_rows.c.invitation_id.in_(bindparam("ids", expanding=True)))
)


async def written_to(reader: Reader, ids: Collection[int]) -> Mapping[int, Mapping[str, Written]]:
    """Return invitation → question key → when and under which wording it was answered."""
    rows = await reader.all(_WRITTEN, {"ids": list(ids)})
    found: dict[int, dict[str, Written]] = {invitation_id: {} for invitation_id in ids}
    for row in rows:
        written = Written(row["answered_at"], row["asked"])
        found[row["invitation_id"]][row["key"]] = written
    return found


async def given_to(reader: Reader, ids: Collection[int]) -> Mapping[int, Mapping[str, str]]:
    """Return invitation → question key → the answer's JSON."""
    rows = await reader.all(
        select(answer_rows.c.invitation_id, questions.c.key, answer_rows.c.value)
        .join(questions, questions.c.id == answer_rows.c.question_id)
        .where(answer_rows.c.invitation_id.in_(ids))
        .order_by(answer_rows.c.invitation_id, questions.c.position)
    )
    found: dict[int, dict[str, str]] = {invitation_id: {} for invitation_id in ids}
    for row in rows:
        found[row["invitation_id"]][row["key"]] = row["value"]
    return found


async def drop(tx: Transaction, invitation_id: int, keys: Collection[str]) -> None:
    """Drop answers to questions that no longer apply."""
    dropped = (
        select(questions.c.id)
        .join(table, table.c.definition_id == questions.c.definition_id)
        .where(table.c.id == invitation_id, questions.c.key.in_(keys))
    )
    mine = answer_rows.c.invitation_id == invitation_id
    await tx.run(answer_rows.delete().where(mine, answer_rows.c.question_id.in_(dropped)))
