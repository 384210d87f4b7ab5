"""The NPS by how people came to answer: at once or after the reminder, asked by whom."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, select

from storage.answering.invitations import BY_MANAGER, BY_OPEN_LINK
from storage.answering.stages import DELIVERED
from storage.counting.scores import (
    ASKED_BY_US,
    EVERYBODY,
    IS_NPS,
    Which,
    of_scored,
    within,
)
from storage.engine.reading import Reader
from storage.tables.surveys import answers, definitions, invitations, question_measures, questions
from surveys.counts.figures import Counts, HowAsked
from surveys.counts.measures import NPS
from surveys.periods import Period


async def how_asked(reader: Reader, period: Period, only: Which = EVERYBODY) -> HowAsked:
    """Count the period's respondents by their latest answer, as the NPS counts them."""
    given = _given(period, only)
    times: dict[int, Counter[float]] = defaultdict(Counter)
    managers: dict[int, dict[int, Counter[float]]] = defaultdict(lambda: defaultdict(Counter))
    segments: dict[str, Counter[float]] = defaultdict(Counter)
    names = ("score", "manager_id", "by_manager", "late", "segment", "open")
    for row in await reader.all(_counted(given, names)):
        if not row["open"]:
            segments[row["segment"] or ""][row["score"]] += row["count"]
        times[row["late"]][row["score"]] += row["count"]
        if row["manager_id"] is not None:
            managers[row["manager_id"]][row["by_manager"]][row["score"]] += row["count"]
    firms: dict[int, Counter[float]] = defaultdict(Counter)
    of_firms = _counted(given, ("account_id", "score")).where(given.c.account_id.is_not(None))
    for row in await reader.all(of_firms):
        firms[row["account_id"]][row["score"]] += row["count"]
    return HowAsked(
        early=_sorted(times[0]),
        late=_sorted(times[1]),
        managers={key: (_sorted(one[0]), _sorted(one[1])) for key, one in managers.items()},
        segments={
            segment: (_sorted(segments[segment]), delivered)
            for segment, delivered in (await _delivered(reader, period, only)).items()
        },
        firms={firm: _sorted(counts) for firm, counts in sorted(firms.items())},
    )


def _given(period: Period, only: Which) -> Subquery:
    """Return the period's scores, the latest of each person first, with how they came."""
    latest_first = answers.c.answered_at.desc(), answers.c.id.desc()
    rank = func.row_number().over(partition_by=invitations.c.person_id, order_by=latest_first)
    reminded = invitations.c.reminded_at
    after = and_(reminded.is_not(None), answers.c.answered_at >= reminded)
    of_answer = select(
        answers.c.score,
        invitations.c.manager_id,
        case((invitations.c.touchpoint == BY_MANAGER, 1), else_=0).label("by_manager"),
        case((after, 1), else_=0).label("late"),
        invitations.c.segment,
        invitations.c.account_id,
        case((invitations.c.touchpoint == BY_OPEN_LINK, 1), else_=0).label("open"),
        case((invitations.c.import_key.is_(None), 1), else_=0).label("invited"),
        rank.label("rank"),
    )
    of_period = of_scored(of_answer, IS_NPS, within(period.start, period.end, only=only))
    return of_period.subquery("given")


def _counted(given: Subquery, names: Sequence[str]) -> Select[Any]:
    """Return the query that counts respondents who were invited, by columns of these names."""
    columns = [given.c[name] for name in names]
    return (
        select(*columns, func.count().label("count"))
        .where(given.c.rank == 1, given.c.invited == 1)
        .group_by(*columns)
    )


async def _delivered(reader: Reader, period: Period, only: Which) -> dict[str, int]:
    """Count the personal invitations of the period that arrived and ask for the NPS, by segment."""
    table = invitations.c
    asks = (
        select(questions.c.definition_id)
        .join(question_measures, question_measures.c.question_id == questions.c.id)
        .where(question_measures.c.measure == NPS)
    )
    rows = await reader.all(
        select(table.segment, func.count().label("count"))
        .join(definitions, definitions.c.id == table.definition_id)
        .where(
            definitions.c.kind == "relationship",
            definitions.c.audience == "customers",
            definitions.c.id.in_(asks),
            table.created_at >= period.start,
            table.created_at < period.end,
            DELIVERED,
            table.touchpoint != BY_OPEN_LINK,
            ASKED_BY_US,
            only,
        )
        .group_by(table.segment)
    )
    return {row["segment"] or "": row["count"] for row in rows}


def _sorted(counts: Counter[float]) -> Counts:
    return dict(sorted(counts.items()))
