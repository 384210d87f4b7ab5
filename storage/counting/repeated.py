"""Who answered the NPS in several months, and how: what a trend must take into account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, case, func, select

from storage.counting.scores import OF_QUESTION, within
from storage.engine.reading import Reader
from storage.tables.surveys import answers, definitions, invitations, question_measures, questions
from surveys.counts.measures import NPS
from surveys.counts.recommending import DETRACTOR_MAX, PASSIVE_MAX


async def counted(reader: Reader, moments: Sequence[datetime]) -> list[Any]:
    """Count the respondents of at least two of the months, oldest first, by their codes in each.

    `moments`: the months' starts and the end of the last. A row: the codes, how many had them. One
    pass: each respondent's latest answer of a month, then a row a respondent with a column a month,
    then the rows that are alike.
    """
    given = latest_by_month(moments)
    columns = [
        func.max(case((given.c.month == i, given.c.code))).label(f"month_{i}")
        for i in range(len(moments) - 1)
    ]
    people = (
        select(*columns)
        .where(given.c.rank == 1)
        .group_by(given.c.person_id)
        .having(func.count() > 1)
        .subquery("people")
    )
    count = func.count().label("count")
    rows = await reader.all(select(*people.c, count).group_by(*people.c))
    return [[[row[column.name] for column in people.c], row["count"]] for row in rows]


def latest_by_month(moments: Sequence[datetime]) -> Subquery:
    """Return each respondent's answers of the months: person_id, month, code, rank (1: latest)."""
    ends = moments[1:]
    month = case(*((answers.c.answered_at < end, i) for i, end in enumerate(ends)))
    latest_first = answers.c.answered_at.desc(), answers.c.id.desc()
    rank = func.row_number().over(
        partition_by=(invitations.c.person_id, month), order_by=latest_first
    )
    code = case(
        (answers.c.score <= DETRACTOR_MAX, -1), (answers.c.score <= PASSIVE_MAX, 0), else_=1
    )
    return (
        select(
            invitations.c.person_id,
            month.label("month"),
            code.label("code"),
            rank.label("rank"),
        )
        .select_from(question_measures)
        .join(questions, questions.c.id == question_measures.c.question_id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .join(answers, OF_QUESTION)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .where(
            question_measures.c.measure == NPS,
            within(moments[0], ends[-1]),
            answers.c.score.is_not(None),
        )
        .subquery("given")
    )
