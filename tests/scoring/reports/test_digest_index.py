"""Indices in the digest: spread over their own points, and never refused for a last digit."""

import dataclasses
from collections import Counter
from math import fsum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BadInput
from scoring.estimates import means
from scoring.estimates.counts import Scale, alike, scale_of
from scoring.reports import measures
from surveys.counts.figures import DigestFigures, MeasureCounts
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import digest

SITTING = st.lists(st.integers(0, 6), min_size=3, max_size=3)
CAME_BACK = st.lists(st.tuples(SITTING, SITTING, st.booleans()), min_size=2, max_size=40)


def _figures(now: MeasureCounts, before: MeasureCounts, **changes: Any) -> DigestFigures:
    quiet = samples.empty()
    return dataclasses.replace(
        quiet,
        current=dataclasses.replace(quiet.current, measures=(now,)),
        previous=dataclasses.replace(quiet.previous, measures=(before,)),
        **changes,
    )


def _index(counts: dict[float, int], points: int = 101) -> MeasureCounts:
    return MeasureCounts("service_quality", "all", "", "", counts, points=points)


def test_the_pseudo_answer_is_spread_over_the_values_that_the_index_can_take() -> None:
    counts = {50.0: 12, 75.0: 8}
    figures = _figures(_index(counts, 5), _index(counts, 3))
    row = digest(figures, samples.NOW, "ru")["scorecard"]["criteria"][0]
    for period, points in (("current", 5), ("previous", 3)):
        expected = means.estimate(counts, Scale(0, 100, points), level=0.95)
        assert (row[period]["low"], row[period]["high"]) == (expected.low, expected.high)
    assert row["previous"]["low"] < row["current"]["low"]


def test_an_index_takes_two_values_at_least() -> None:
    assert scale_of(13) == Scale(0, 100, 13)
    with pytest.raises(BadInput):
        scale_of(1)


@given(st.lists(st.floats(0, 100), max_size=20), st.lists(st.floats(0, 1e-9), max_size=20))
def test_near_neighbours_are_one_value_and_others_are_not(
    values: list[float], off: list[float]
) -> None:
    same = alike(values, [value + more for value, more in zip(values, off, strict=False)])
    for value, more in zip(values, off, strict=False):
        assert same[value] == same[value + more]
    assert alike([1.0, 1.001, 2.0]) == {1.0: 1.0, 1.001: 1.001, 2.0: 2.0}


@given(CAME_BACK)
def test_sums_in_another_order_are_the_same_answers(
    people: list[tuple[list[int], list[int], bool]],
) -> None:
    """The counts add the items forwards, the overlap backwards: the last digits differ."""
    before = Counter(_added(first) for first, _, _ in people)
    after = Counter(_added(second) for _, second, _ in people)
    both = Counter(
        (fsum(_shares(first)) / 3, _added(second[::-1]))
        for first, second, came_back in people
        if came_back
    )
    figures = _figures(
        _index(dict(after), 19), _index(dict(before), 19), overlap={"service_quality": both}
    )
    at = measures.computation("service_quality", 19)
    before_now = (figures.previous.measures[0].counts, figures.current.measures[0].counts)
    found = measures.change(at, *before_now, both, 0.95)
    assert found is not None
    assert found.n_both == both.total()


def _shares(answers: list[int]) -> list[float]:
    return [min(100 * answer / 6, 100.0) for answer in answers]


def _added(answers: list[int]) -> float:
    total = 0.0
    for share in _shares(answers):
        total += share
    return min(total / 3, 100.0)
