"""Finds imported answers that are stored already, however their file was read."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import RowMapping, cast, func, select

from storage.answering.history.keys import own_part
from storage.answering.history.people import NOBODY
from storage.answering.history.rows import PastRows
from storage.engine.columns import Moment
from storage.engine.listed import AT_ONCE, chunks, listed
from storage.engine.reading import Reader
from storage.tables.people import people
from storage.tables.surveys import answers as answer_rows
from storage.tables.surveys import invitations, questions


async def seen_before(reader: Reader, rows: PastRows, at: Sequence[datetime]) -> int:
    """Count rows that are stored already: same time, score and person, but another key.

    A file that is imported again with other columns gives such rows. A row that names nobody may be
    anybody's. Each kept answer matches at most one row. `at` is when each row is taken to be given.
    """
    if not rows:
        return 0
    kept: Counter[_Seen] = Counter()
    async for row in _scored(reader, rows, at):
        kept[_Seen(row["answered_at"], row["score"], _named(row["external_id"]))] += 1
    if not kept:
        return 0
    scores = (answers[0].score for answers in rows.answers)
    given = Counter(map(_Seen, at, scores, map(_named, rows.customer)))
    alike = kept & given
    kept, given = kept - alike, given - alike
    return alike.total() + sum(
        (_of_anybody(nameless, named=False) & _of_anybody(others, named=True)).total()
        for nameless, others in ((kept, given), (given, kept))
    )


async def crowded_moments(
    reader: Reader, question_key: str, *, at_least: int, most: int
) -> dict[datetime, int]:
    """Return moments of imported answers to a question → how many, those with the most first."""
    answers = func.count().label("answers")
    rows = await reader.all(
        select(answer_rows.c.answered_at, answers)
        .join(questions, questions.c.id == answer_rows.c.question_id)
        .join(invitations, invitations.c.id == answer_rows.c.invitation_id)
        .where(questions.c.key == question_key, invitations.c.import_key.is_not(None))
        .group_by(answer_rows.c.answered_at)
        .having(answers >= at_least)
        .order_by(answers.desc(), answer_rows.c.answered_at.desc())
        .limit(most)
    )
    return {row["answered_at"]: row["answers"] for row in rows}


class _Seen(NamedTuple):
    """What tells one answer from another, whichever columns were read; no `customer`: anybody."""

    at: datetime
    score: float | None
    customer: str


async def _scored(
    reader: Reader, rows: PastRows, at: Sequence[datetime]
) -> AsyncIterator[RowMapping]:
    """Yield the imported answers to the rows' question at their moments, except the rows' own."""
    own = set(map(own_part, rows.key))
    moments = {moment.astimezone(UTC) for moment in set(at)}
    texts = sorted(moment.isoformat(timespec="microseconds") for moment in moments)
    for some in chunks(texts, AT_ONCE):
        given = listed(reader, some)
        moment = given.c.value if reader.dialect == "sqlite" else cast(given.c.value, Moment)
        found = await reader.all(
            select(
                answer_rows.c.answered_at,
                answer_rows.c.score,
                people.c.external_id,
                invitations.c.import_key,
            )
            .select_from(given)
            .join(questions, questions.c.key == rows.answers[0][0].question_key)
            .join(
                answer_rows,
                (answer_rows.c.question_id == questions.c.id)
                & (answer_rows.c.answered_at == moment),
            )
            .join(invitations, invitations.c.id == answer_rows.c.invitation_id)
            .join(people, people.c.id == invitations.c.person_id)
            .where(invitations.c.import_key.is_not(None))
        )
        for row in found:
            if own_part(row["import_key"].partition(":")[0]) not in own:
                yield row


def _named(external_id: str) -> str:
    return "" if external_id.startswith(NOBODY) else external_id


def _of_anybody(seen: Counter[_Seen], *, named: bool) -> Counter[tuple[datetime, float | None]]:
    """Return the times and scores of the answers that name somebody, or of all the others."""
    found: Counter[tuple[datetime, float | None]] = Counter()
    for one, number in seen.items():
        if bool(one.customer) is named:
            found[one.at, one.score] += number
    return found
