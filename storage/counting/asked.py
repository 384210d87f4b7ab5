"""The NPS by how people came to answer: at once or after the reminder, asked by whom."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, select

from storage.answering.invitations import BY_MANAGER, BY_OPEN_LINK
from storage.counting.kept import Cells
from storage.counting.scores import (
    IS_NPS,
    Which,
    of_scored,
    within,
)
from storage.engine.reading import Reader
from storage.tables.surveys import answers, invitations
from surveys.counts.figures import HowAsked


async def counted(reader: Reader, start: datetime, end: datetime, only: Which) -> list[Any]:
    """Count a period's respondents by their latest answer, as the NPS counts them.

    A row is what they are grouped by, the group, the score and how many they are. A manager's group
    is the manager and whether the manager asked.
    """
    given = _given(start, end, only)
    found = Counter[tuple[str, Any, float]]()
    names = ("score", "manager_id", "by_manager", "late", "segment", "open")
    for row in await reader.all(_counted(given, names)):
        groups: list[tuple[str, Any]] = [("late", row["late"])]
        if not row["open"]:
            groups.append(("segment", row["segment"] or ""))
        if row["manager_id"] is not None:
            groups.append(("manager", (row["manager_id"], row["by_manager"])))
        for kind, group in groups:
            found[kind, group, row["score"]] += row["count"]
    of_firms = _counted(given, ("account_id", "score")).where(given.c.account_id.is_not(None))
    for row in await reader.all(of_firms):
        found["firm", row["account_id"], row["score"]] += row["count"]
    return [[*key, count] for key, count in found.items()]


def how_asked(cells: Cells, delivered: Mapping[str, int]) -> HowAsked:
    """Return what was `counted`, and how many personal invitations arrived by segment."""
    counts: dict[str, dict[Any, dict[float, int]]] = defaultdict(lambda: defaultdict(dict))
    for kind, group, score, count in sorted(cells, key=lambda cell: cell[2]):
        key = tuple(group) if isinstance(group, list) else group
        counts[kind][key][score] = count
    times, managers, segments = counts["late"], counts["manager"], counts["segment"]
    return HowAsked(
        early=times[0],
        late=times[1],
        managers={
            key: (managers[key, 0], managers[key, 1])
            for key in sorted({key for key, _ in managers})
        },
        segments={name: (segments[name], number) for name, number in delivered.items()},
        firms=dict(sorted(counts["firm"].items())),
    )


def _given(start: datetime, end: datetime, only: Which) -> Subquery:
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
    of_period = of_scored(of_answer, IS_NPS, within(start, end, only=only))
    return of_period.subquery("given")


def _counted(given: Subquery, names: Sequence[str]) -> Select[Any]:
    """Return the query that counts respondents who were invited, by columns of these names."""
    columns = [given.c[name] for name in names]
    return (
        select(*columns, func.count().label("count"))
        .where(given.c.rank == 1, given.c.invited == 1)
        .group_by(*columns)
    )
