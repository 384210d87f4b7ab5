"""The digest's breakdowns by the customers' own attributes, under the rules of its other groups.

No row has a rank or a verdict, so no comparison needs correcting. No score is printed for fewer
than `MIN_SCORE` answers. Anonymous answers belong to no row.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from scoring.estimates import nps
from scoring.estimates.counts import total
from scoring.reports.family import counts_of
from scoring.reports.groups import missing, score
from surveys.counts.figures import Breakdown, Counts, DigestFigures
from surveys.counts.measures import NPS
from surveys.counts.minima import MIN_SCORE
from surveys.reports.scores import BreakdownGroup, BreakdownKind, BreakdownTable

MOST_ROWS: Final = 10
"""The most rows of values in a breakdown, the row of the others among them."""


def breakdowns(figures: DigestFigures) -> tuple[BreakdownTable, ...]:
    """Return each chosen attribute with its groups, the largest first."""
    answers = total(counts_of(figures.current, NPS))
    return tuple(_breakdown(one, answers) for one in figures.breakdowns)


def _breakdown(found: Breakdown, answers: int) -> BreakdownTable:
    sizes = {value: total(counts) for value, counts in found.values.items()}
    n = total(found.unstated) + sum(sizes.values())
    return BreakdownTable(
        name=found.attribute,
        n=n,
        apart=answers - n,
        values=len(found.values),
        groups=tuple(_groups(found, sizes, n)),
    )


def _groups(found: Breakdown, sizes: Mapping[str, int], answers: int) -> Iterable[BreakdownGroup]:
    ordered = sorted(sizes, key=lambda value: (-sizes[value], value))
    alone = _alone(sizes, ordered)
    for value in alone:
        yield _group("value", value, 1, found.values[value], answers)
    if others := ordered[len(alone) :]:
        counts = _together(found.values[value] for value in others)
        yield _group("others", "", len(others), counts, answers)
    if found.unstated:
        yield _group("unstated", "", 0, found.unstated, answers)


def _alone(sizes: Mapping[str, int], ordered: Sequence[str]) -> Sequence[str]:
    """Return the values with a row of their own: all where they fit, else the largest scored."""
    if len(ordered) <= MOST_ROWS:
        return ordered
    largest = ordered[: MOST_ROWS - 1]
    return [value for value in largest if sizes[value] >= MIN_SCORE]


def _together(tables: Iterable[Counts]) -> Counts:
    counts: Counter[float] = Counter()
    for table in tables:
        counts.update(table)
    return dict(sorted(counts.items()))


def _group(
    kind: BreakdownKind, value: str, values: int, counts: Counts, answers: int
) -> BreakdownGroup:
    given = nps.counts_to_segments(counts)
    return BreakdownGroup(
        kind=kind,
        group=value,
        label=value,
        values=values,
        share=100 * given.n / answers,
        n=given.n,
        score=score(given),
        missing=missing(given.n),
    )
