"""Managers' scores drawn towards their mean."""

import numpy as np
import pytest

from scoring.changes import shrinkage
from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.nps import Segments
from tests.scoring.changes.simulated_managers import drawn
from tests.scoring.peers import peer

EIGHT = {
    "a": Segments(2, 3, 15),
    "b": Segments(5, 5, 10),
    "c": Segments(1, 2, 27),
    "d": Segments(9, 6, 5),
    "e": Segments(4, 4, 4),
    "f": Segments(0, 3, 9),
    "g": Segments(20, 30, 50),
    "h": Segments(6, 2, 12),
}


def test_the_variance_between_and_the_mean_are_statsmodels() -> None:
    found = shrinkage.shrink(EIGHT)
    within = shrinkage.pooled_variance(EIGHT)
    raw = np.array([100 * nps.moments(one).mean for one in EIGHT.values()])
    errors = np.array([within / one.n for one in EIGHT.values()])
    expected = peer("statsmodels.stats.meta_analysis").combine_effects(
        raw, errors, method_re="iterated", atol=1e-12
    )
    assert found.between == pytest.approx(expected.tau2, rel=1e-6)
    assert found.mean == pytest.approx(expected.mean_effect_re, rel=1e-6)


def test_golden_scores() -> None:
    found = shrinkage.shrink(EIGHT)
    for key, one in EIGHT.items():
        raw = 100 * nps.moments(one).mean
        assert min(raw, found.mean) <= found.scores[key] <= max(raw, found.mean)
    drawn = {key: abs(found.scores[key] - 100 * nps.moments(EIGHT[key]).mean) for key in "ag"}
    assert drawn["g"] < drawn["a"], "a hundred answers are drawn less than twenty"


def test_where_nothing_but_chance_is_left_all_are_the_mean() -> None:
    alike = {n: Segments(4, 6, 10) for n in range(8)}
    found = shrinkage.shrink(alike)
    assert found.between == 0
    assert list(found.scores.values()) == pytest.approx([30] * 8)


def test_seven_managers_or_nine_answers_are_too_few() -> None:
    with pytest.raises(NotEnoughData):
        shrinkage.shrink(dict(list(EIGHT.items())[:7]))
    with pytest.raises(NotEnoughData):
        shrinkage.shrink({**EIGHT, "h": Segments(1, 2, 6)})


@pytest.mark.parametrize(("spread", "at_most"), [(0, 0.4), (15, 0.8), (30, 1.0)])
def test_the_drawn_scores_are_nearer_to_the_truth_than_the_raw_ones(
    spread: float, at_most: float
) -> None:
    """A hundred and fifty companies of twenty managers, seed fixed; all settings: `make prove`."""
    found = drawn(20, spread, 150, seed=4)
    assert found.drawn < at_most * found.raw
    assert (found.none > 0.4 * found.companies) == (spread == 0)
