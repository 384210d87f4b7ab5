"""Complete scores by person, and who had which two of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from storage.counting.scores import Items, Which, respondents
from storage.engine.reading import Reader
from surveys.counts.figures import Joint

_DECIMALS = 10
"""Digits kept of a mean, so that the same answers give one number in whatever order they are
added."""

Required = Mapping[tuple[int, str], Items]
"""What `items_of` returns."""
Scores = Mapping[tuple[str, int], float]
"""Measure and person → the person's score."""


def score(total: float, items: int) -> float:
    """Return the mean of so many items."""
    return round(total / items, _DECIMALS)


async def scores(reader: Reader, which: Which, required: Required) -> Scores:
    """Return the scores of those who answered a measure completely; `required`: `items_of`."""
    found = respondents(which).c
    columns = found.definition_id, found.measure, found.person_id, found.total, found.item_count
    return {
        (measure, person): score(total, count)
        for definition, measure, person, total, count in await reader.tuples(select(*columns))
        if count == required[definition, measure].required
    }


def joint(before: Scores, after: Scores) -> dict[str, Joint]:
    """Return measure → pair of scores → how many people had just these; only people in both count.

    They are matched here, since the database's planner may join them in a slow way.
    """
    pairs: dict[str, Counter[tuple[float, float]]] = defaultdict(Counter)
    for (measure, person), latter in after.items():
        if (measure, person) in before:
            pairs[measure][before[measure, person], latter] += 1
    return {measure: dict(sorted(counts.items())) for measure, counts in sorted(pairs.items())}
