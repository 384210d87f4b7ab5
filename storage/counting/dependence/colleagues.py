"""Whose answers depend on one another: the sums of each firm's answers, period by period."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from storage.counting.dependence.repeated import latest_by_month
from storage.counting.pairs import Scores
from storage.counting.scores import Which
from storage.engine.reading import Reader
from storage.tables.people import people
from surveys.counts.figures import Clusters, Counts, Firm
from surveys.counts.measures import measure as known
from surveys.counts.measures import worth

_DECIMALS = 10
_POINTS = 100
PeriodScores = tuple[Scores, Mapping[str, Counts]]
"""One period's named scores, and all its counts by measure, including anonymous answers."""


async def firm_of(reader: Reader) -> Mapping[int, int]:
    """Return person → firm for those who have colleagues; the firm is today's.

    So a person is in one firm in every period, as the variance requires.
    """
    shared = (
        select(people.c.account_id)
        .where(people.c.account_id.is_not(None))
        .group_by(people.c.account_id)
        .having(func.count() > 1)
    )
    rows = await reader.all(
        select(people.c.id, people.c.account_id).where(people.c.account_id.in_(shared))
    )
    return {row["id"]: row["account_id"] for row in rows}


def clusters(firms: Mapping[int, int], *sides: PeriodScores) -> dict[str, Clusters]:
    """Return measure → answers of a firm → how many firms gave just these.

    Empty where no two colleagues answered.
    """
    named = of_named(firms, *(scores for scores, _ in sides))
    rest = [_without(counts, counts_of(scores)) for scores, counts in sides]
    return with_anonymous(named, *rest)


def of_named(firms: Mapping[int, int], *sides: Scores) -> dict[str, Clusters]:
    """Return the same, of named scores alone."""
    if not firms:
        return {}
    measures = sorted({measure for scores in sides for measure, _ in scores})
    found = {measure: _of_measure(firms, sides, measure) for measure in measures}
    return {measure: one for measure, one in found.items() if one}


def with_anonymous(
    named: Mapping[str, Clusters], *sides: Mapping[str, Counts]
) -> dict[str, Clusters]:
    """Add each side's anonymous counts by measure; an unknown person is a firm of one."""
    found: dict[str, Clusters] = {}
    for measure, firms in named.items():
        form, all_of_them = known(measure).form, Counter(firms)
        for period, counts in enumerate(sides):
            for score, count in counts.get(measure, {}).items():
                all_of_them[_alone(worth(form, score), period, len(sides))] += count
        found[measure] = dict(sorted((+all_of_them).items()))
    return found


def counts_of(scores: Scores) -> dict[str, Counts]:
    """Return the counts of named scores by measure."""
    found: dict[str, Counter[float]] = defaultdict(Counter)
    for (measure, _), score in scores.items():
        found[measure][score] += 1
    return {measure: dict(counts) for measure, counts in found.items()}


def _without(counts: Mapping[str, Counts], named: Mapping[str, Counts]) -> dict[str, Counts]:
    return {
        measure: dict(Counter(some) - Counter(named.get(measure, {})))
        for measure, some in counts.items()
    }


def _of_measure(firms: Mapping[int, int], sides: Sequence[Scores], measure: str) -> Clusters:
    form = known(measure).form
    groups: dict[int, list[list[float]]] = defaultdict(lambda: [[] for _ in sides])
    for period, scores in enumerate(sides):
        for (asked, person), score in scores.items():
            if asked == measure:
                groups[firms.get(person, -person)][period].append(worth(form, score))
    found = [tuple(_sum(values) for values in group) for group in groups.values()]
    return Counter(found) if _any_colleagues(found) else {}


def _any_colleagues(firms: Iterable[Firm]) -> bool:
    return any(n > 1 for firm in firms for n, _ in firm)


def _sum(values: Iterable[float]) -> tuple[int, float]:
    given = list(values)
    return len(given), round(float(sum(given)), _DECIMALS)


def _alone(value: float, period: int, periods: int) -> Firm:
    return tuple((1, value) if at == period else (0, 0.0) for at in range(periods))


def of_values(given: Iterable[tuple[int | None, float, int]]) -> Clusters:
    """Count firms by their answers in a period, given as (firm, score, people); firm None is alone.

    Empty where no two colleagues answered.
    """
    values = list(given)
    if all(firm is None for firm, _, _ in values):
        return {}
    together: dict[int, list[float]] = defaultdict(list)
    found: Counter[Firm] = Counter()
    for firm, value, people_alike in values:
        if firm is None:
            found[_sum([value]),] += people_alike
        else:
            together[firm] += [value] * people_alike
    found.update((_sum(one),) for one in together.values())
    return dict(sorted(found.items())) if _any_colleagues(found) else {}


async def by_month(reader: Reader, moments: Sequence[datetime], only: Which) -> Clusters:
    """Return the firms' named NPS answers in each of the months between these moments."""
    if not await firm_of(reader):
        return {}
    given = latest_by_month(moments, only)
    months = range(len(moments) - 1)
    firm = case((people.c.account_id.is_(None), -people.c.id), else_=people.c.account_id)
    columns: list[Any] = []
    for at in months:
        of_month = given.c.month == at
        columns.append(func.count(case((of_month, 1))).label(f"n_{at}"))
        columns.append(func.coalesce(func.sum(case((of_month, given.c.code))), 0).label(f"s_{at}"))
    rows = await reader.all(
        select(*columns)
        .select_from(given)
        .join(people, people.c.id == given.c.person_id)
        .where(given.c.rank == 1)
        .group_by(firm)
    )
    found = [
        tuple((row[f"n_{at}"], float(_POINTS * row[f"s_{at}"])) for at in months) for row in rows
    ]
    return Counter(found) if _any_colleagues(found) else {}
