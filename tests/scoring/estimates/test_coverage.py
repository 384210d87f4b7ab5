"""The intervals hold the truth as often as they say, by exact enumeration."""

from math import comb, prod

import numpy as np
import pytest

from scoring.changes import difference, gap
from scoring.changes.difference import EstimatedChange
from scoring.estimates import nps
from scoring.estimates.counts import Scale, after_of, before_of
from scoring.estimates.nps import Segments
from tests.scoring.estimates import coverage, enumerated
from tests.scoring.estimates.coverage import Coverage
from tests.scoring.estimates.enumerated import VALUES, as_counts, ends, one_sample
from tests.scoring.scales import SATISFACTION

SCORES = {-100: 0, 0: 7, 100: 10}


@pytest.mark.parametrize("n", [10, 20, 50, 100])
def test_adjusted_wald_covers_the_nps(n: int) -> None:
    found = enumerated.of_nps(n)
    assert found.mean == pytest.approx(0.95, abs=0.01)
    assert found.worst > 0.80


@pytest.mark.parametrize("n", [10, 20, 50, 100])
def test_wilson_covers_a_share(n: int) -> None:
    assert enumerated.of_share(n).mean == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_the_adjusted_interval_covers_a_mean(n: int) -> None:
    found = enumerated.of_mean(n)
    assert found.mean >= 0.94
    assert found.worst > 0.80


@pytest.mark.parametrize("unchanged", [True, False])
@pytest.mark.parametrize("sizes", [(10, 10), (10, 20), (5, 5)])
def test_the_change_of_an_nps_is_covered(sizes: tuple[int, int], *, unchanged: bool) -> None:
    assert enumerated.of_nps_change(sizes, unchanged=unchanged).mean >= 0.94


@pytest.mark.parametrize("unchanged", [True, False])
@pytest.mark.parametrize("sizes", [(5, 5), (2, 5)])
def test_the_change_of_a_mean_is_covered(sizes: tuple[int, int], *, unchanged: bool) -> None:
    assert enumerated.of_mean_change(sizes, unchanged=unchanged).mean >= 0.94


@pytest.mark.parametrize("unchanged", [True, False])
@pytest.mark.parametrize("sizes", [(10, 10), (10, 30), (5, 5)])
def test_the_change_of_a_share_is_covered(sizes: tuple[int, int], *, unchanged: bool) -> None:
    assert enumerated.of_share_change(sizes, unchanged=unchanged).mean >= 0.94


def pairs_cover(alone: int, paired: int) -> Coverage:
    """`paired` people answer twice, `alone` others only the first time."""
    cells = [(a, b) for a in SCORES for b in SCORES]
    singles, doubles = coverage.tables(alone, 3), coverage.tables(paired, 9)
    intervals = np.array([[ends(overlapping(a, b)) for b in doubles] for a in singles])
    found = []
    for truth in coverage.truths(9, 60, seed=paired):
        before = truth.reshape(3, 3).sum(axis=1)
        delta = float(truth @ np.array([b - a for a, b in cells], dtype=np.float64))
        found.append(
            float(
                coverage.probabilities(singles, before)
                @ coverage.covers(intervals, delta)
                @ coverage.probabilities(doubles, truth)
            )
        )
    return coverage.summary(found)


def overlapping(alone: tuple[int, ...], pairs: tuple[int, ...]) -> EstimatedChange:
    cells = [(a, b) for a in SCORES.values() for b in SCORES.values()]
    both = dict(zip(cells, pairs, strict=True))
    before = np.reshape(pairs, (3, 3)).sum(axis=1) + np.array(alone)
    after = np.reshape(pairs, (3, 3)).sum(axis=0)
    return difference.nps_change(Segments(*before.tolist()), Segments(*after.tolist()), both=both)


@pytest.mark.parametrize(("alone", "paired"), [(0, 7), (5, 5)])
def test_the_change_of_an_nps_is_covered_when_people_answer_twice(alone: int, paired: int) -> None:
    found = pairs_cover(alone, paired)
    assert found.mean >= 0.94
    assert found.worst > 0.80


@pytest.mark.parametrize("paired", [5, 7])
def test_the_change_of_a_mean_is_covered_when_people_answer_twice(paired: int) -> None:
    cells = [(a, b) for a in (1, 3, 5) for b in (1, 3, 5)]
    outcomes = coverage.tables(paired, 9)
    intervals = np.array([ends(same_people(cells, outcome)) for outcome in outcomes])
    worth = np.array([b - a for a, b in cells], dtype=np.float64)
    found = coverage.summary(
        [
            float(
                coverage.probabilities(outcomes, truth)
                @ coverage.covers(intervals, float(truth @ worth))
            )
            for truth in coverage.truths(9, 60, seed=paired)
        ]
    )
    assert found.mean >= 0.94


def same_people(cells: list[tuple[int, int]], outcome: tuple[int, ...]) -> EstimatedChange:
    both = dict(zip(cells, outcome, strict=True))
    before, after = before_of(both), after_of(both)
    return difference.mean_change(before, after, Scale(1, 5, 3), both=both)


def test_a_gap_is_covered_at_its_minimum_of_customers() -> None:
    def interval(outcome: tuple[int, ...]) -> tuple[float, float]:
        found = gap.item_gap(gap.Rated(5, as_counts(outcome), SATISFACTION))
        return found.low, found.high

    found = one_sample(5, 5, 5 - VALUES, interval)
    assert found.mean >= 0.94


@pytest.mark.parametrize(("asked", "everybody"), [(18, 20), (10, 20), (10, 12)])
def test_a_finite_population_is_covered(asked: int, everybody: int) -> None:
    """Every sample of every population, by the multivariate hypergeometric distribution."""
    samples = coverage.tables(asked, 3)
    found = []
    for truth in coverage.tables(everybody, 3):
        ways = [
            prod(comb(have, drawn) for have, drawn in zip(truth, sample, strict=True))
            for sample in samples
        ]
        true = 100 * (truth[2] - truth[0]) / everybody
        held = 0
        for sample, way in zip(samples, ways, strict=True):
            if way:
                score = nps.score(*sample, population=everybody)
                held += way * (score.low - 1e-9 <= true <= score.high + 1e-9)
        found.append(held / comb(everybody, asked))
    assert coverage.summary(found).mean >= 0.94
