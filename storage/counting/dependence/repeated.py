"""Who answered the NPS in several months, and how: what a trend must take into account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, case, func, select

from storage.counting.scores import EVERYBODY, IS_NPS, Which, of_scored, within
from storage.engine.reading import Reader
from storage.tables.surveys import answers, invitations
from surveys.counts.recommending import DETRACTOR_MAX, PASSIVE_MAX


async def counted(
    reader: Reader, moments: Sequence[datetime], only: Which = EVERYBODY
) -> list[Any]:
    """Count the respondents of at least two of the months, oldest first, by their codes in each.

    `moments`: the months' starts and the end of the last. A row: the codes, how many had them. One
    pass: each respondent's latest answer of a month, then a row for each respondent with a column
    for each month, then the rows that are alike.
    """
    given = latest_by_month(moments, only)
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


def latest_by_month(moments: Sequence[datetime], only: Which) -> Subquery:
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
    of_answer = select(
        invitations.c.person_id,
        month.label("month"),
        code.label("code"),
        rank.label("rank"),
    )
    return of_scored(of_answer, IS_NPS, within(moments[0], ends[-1], only=only)).subquery("given")
