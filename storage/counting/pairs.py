"""Complete scores by person, and who had which two of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from storage.counting.scores import END, PARTS, START, Items, Which, respondents, within
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
    return _complete(await reader.tuples(_each(which)), required)


async def scores_within(
    reader: Reader, start: datetime, end: datetime, only: Which, required: Required
) -> Scores:
    """Return the `scores` of a span."""
    span = {"start": start, "end": end}
    return _complete(await reader.tuples(_each_within(only), span), required)


@lru_cache(maxsize=PARTS)
def _each_within(only: Which) -> Select[Any]:
    return _each(within(START, END, only=only))


def _each(which: Which) -> Select[Any]:
    """Return each respondent's sum and how many items it is of."""
    found = respondents(which).c
    return select(
        found.definition_id, found.measure, found.person_id, found.total, found.item_count
    )


def _complete(rows: Sequence[tuple[Any, ...]], required: Required) -> Scores:
    return {
        (measure, person): score(total, count)
        for definition, measure, person, total, count in rows
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
