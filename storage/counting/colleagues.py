"""Whose answers hang together: the sums of each firm's answers, period by period."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, select

from storage.counting.repeated import latest_by_month
from storage.engine.reading import Reader
from storage.tables.people import people
from surveys.counts.figures import Clusters, Counts, Firm
from surveys.counts.measures import measure as known
from surveys.counts.measures import worth
from surveys.counts.recommending import nps_code
from surveys.periods import Period

_DECIMALS = 10
_POINTS = 100
Scores = Mapping[tuple[str, int], float]
"""Measure and person → the person's score."""
Side = tuple[Scores, Mapping[str, Counts]]
"""One period's named scores, and all its counts by measure, anonymous answers among them."""


async def firm_of(reader: Reader) -> Mapping[int, int]:
    """Return person → firm of those who have colleagues; the firm is the one of today.

    So a person is in one firm in every period, as the variance needs it.
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


def clusters(firms: Mapping[int, int], *sides: Side) -> dict[str, Clusters]:
    """Return measure → how many firms answered so; none where no two colleagues answered."""
    if not firms:
        return {}
    measures = {measure for _, counts in sides for measure in counts}
    found = {measure: _clusters(firms, sides, measure) for measure in sorted(measures)}
    return {measure: one for measure, one in found.items() if one}


def counts_of(scores: Scores) -> dict[str, Counts]:
    """Return the counts of named scores by measure."""
    found: dict[str, Counter[float]] = defaultdict(Counter)
    for (measure, _), score in scores.items():
        found[measure][score] += 1
    return {measure: dict(counts) for measure, counts in found.items()}


def _clusters(firms: Mapping[int, int], sides: Sequence[Side], measure: str) -> Clusters:
    form = known(measure).form
    groups: dict[object, list[list[float]]] = defaultdict(lambda: [[] for _ in sides])
    found: Counter[Firm] = Counter()
    for period, (scores, counts) in enumerate(sides):
        rest = Counter(counts.get(measure, {}))
        for (asked, person), score in scores.items():
            if asked == measure:
                groups[firms.get(person, -person)][period].append(worth(form, score))
                rest[score] -= 1
        for score, count in rest.items():
            found[_alone(worth(form, score), period, len(sides))] += max(count, 0)
    firms_found = [tuple(_sum(values) for values in group) for group in groups.values()]
    if not any(n > 1 for firm in firms_found for n, _ in firm):
        return {}
    found.update(firms_found)
    return dict(sorted((+found).items()))


def _sum(values: Iterable[float]) -> tuple[int, float]:
    given = list(values)
    return len(given), round(float(sum(given)), _DECIMALS)


def _alone(value: float, period: int, periods: int) -> Firm:
    return tuple((1, value) if at == period else (0, 0.0) for at in range(periods))


async def by_month(
    reader: Reader,
    months: Sequence[Period],
    firms: Mapping[int, int],
    counts: Sequence[Counts],
) -> Clusters:
    """Return the firms' NPS answers in each of the months, `counts` being all of each month's."""
    if not firms or not months:
        return {}
    given = latest_by_month(months)
    firm = case((people.c.account_id.is_(None), -people.c.id), else_=people.c.account_id)
    columns: list[Any] = []
    for at in range(len(months)):
        of_month = given.c.month == at
        columns.append(func.count(case((of_month, 1))).label(f"n_{at}"))
        columns.append(func.coalesce(func.sum(case((of_month, given.c.code))), 0).label(f"s_{at}"))
        columns.extend(
            func.count(case((of_month & (given.c.code == code), 1))).label(f"c{code}_{at}")
            for code in (-1, 0, 1)
        )
    rows = await reader.all(
        select(*columns)
        .select_from(given)
        .join(people, people.c.id == given.c.person_id)
        .where(given.c.rank == 1)
        .group_by(firm)
    )
    if not any(row[f"n_{at}"] > 1 for row in rows for at in range(len(months))):
        return {}
    found: Counter[Firm] = Counter(
        tuple((row[f"n_{at}"], float(_POINTS * row[f"s_{at}"])) for at in range(len(months)))
        for row in rows
    )
    for at, all_of_month in enumerate(counts):
        codes: Counter[int] = Counter()
        for score, count in all_of_month.items():
            codes[nps_code(score)] += count
        for code, count in codes.items():
            named = sum(row[f"c{code}_{at}"] for row in rows)
            found[_alone(float(_POINTS * code), at, len(months))] += count - named
    return dict(sorted((+found).items()))
