"""The scorecard and the CRM effectiveness index."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria import scorecard
from scoring.criteria.scorecard import Anchor, Criterion, CriterionScores
from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import means
from scoring.estimates.combination import ScaleAnswers, combine
from scoring.estimates.counts import Scale
from tests.scoring.estimates import coverage

HUNDRED = Scale(0, 100, 3)
SCORES = {"loyalty_index": 72.0, "service_quality": 65.0, "automation": 88.0, "sales_process": 40.0}
WEIGHTS = dict(zip(SCORES, (0.4, 0.3, 0.2, 0.1), strict=True))
tables = st.dictionaries(st.sampled_from([0, 50, 100]), st.integers(1, 30), min_size=2)


def test_golden_index() -> None:
    found = scorecard.effectiveness_index(SCORES, WEIGHTS)
    assert found.index == pytest.approx(69.9)
    assert found.equal_weights == pytest.approx(66.25)
    assert found.weights == pytest.approx(WEIGHTS)


def test_equal_weights_unless_given() -> None:
    assert scorecard.effectiveness_index(SCORES).index == pytest.approx(66.25)


def test_only_criteria_with_a_score_and_a_weight_count() -> None:
    found = scorecard.effectiveness_index({**SCORES, "extra": 0.0}, {**WEIGHTS, "absent": 5})
    assert found.index == pytest.approx(69.9)
    with pytest.raises(NotEnoughData):
        scorecard.effectiveness_index({}, WEIGHTS)


def test_the_self_assessment_has_no_weight() -> None:
    found = scorecard.effectiveness_index({**SCORES, Criterion.SELF_ASSESSMENT: 100.0})
    assert found.index == pytest.approx(66.25)


def test_facts_add_no_uncertainty() -> None:
    facts = scorecard.effectiveness_index(SCORES, WEIGHTS)
    assert facts.low == facts.index == facts.high
    assert facts.standard_error == 0


def test_one_criterion_has_the_interval_of_its_mean() -> None:
    counts = {0: 2, 50: 3, 100: 5}
    found = scorecard.effectiveness_index({"loyalty_index": ScaleAnswers(counts, HUNDRED)})
    mean = means.estimate(counts, HUNDRED)
    assert (found.low, found.index, found.high) == pytest.approx((mean.low, mean.mean, mean.high))


@given(tables, tables)
def test_the_index_lies_in_its_interval(first: dict[int, int], second: dict[int, int]) -> None:
    scores: CriterionScores = {
        "a": ScaleAnswers(first, HUNDRED),
        "b": ScaleAnswers(second, HUNDRED),
        "fact": 30.0,
    }
    found = scorecard.effectiveness_index(scores, {"a": 2, "b": 1, "fact": 1})
    assert 0 <= found.low <= found.index <= found.high <= 100


def test_people_who_feed_two_criteria_alike_widen_the_interval() -> None:
    counts = {0: 10, 50: 10, 100: 10}
    scores = {"a": ScaleAnswers(counts, HUNDRED), "b": ScaleAnswers(counts, HUNDRED)}
    alike = {("a", "b"): {(0, 0): 10, (50, 50): 10, (100, 100): 10}}
    apart = scorecard.effectiveness_index(scores)
    together = scorecard.effectiveness_index(scores, joints=alike)
    alone = scorecard.effectiveness_index({"a": scores["a"]})
    assert apart.standard_error < together.standard_error
    assert together.standard_error == pytest.approx(alone.standard_error, rel=0.02)


def test_people_shared_with_a_small_group_leave_its_few_degrees_of_freedom() -> None:
    small, large = ScaleAnswers({0: 3, 100: 3}, HUNDRED), ScaleAnswers({0: 50, 100: 50}, HUNDRED)
    terms: dict[str, tuple[float, ScaleAnswers | float]] = {"a": (0.5, small), "b": (0.5, large)}
    together = combine(terms, {("a", "b"): {(0, 0): 3, (100, 100): 3}})
    apart = combine(terms)
    assert together.df == pytest.approx(5)
    assert apart.df is not None
    assert 5 < apart.df < 10


def test_periods_are_compared_over_the_criteria_in_both() -> None:
    before: CriterionScores = {
        "a": ScaleAnswers({0: 20, 50: 20}, HUNDRED),
        "gone": 100.0,
        "fact": 40.0,
    }
    after: CriterionScores = {
        "a": ScaleAnswers({50: 20, 100: 20}, HUNDRED),
        "new": 0.0,
        "fact": 60.0,
    }
    found = scorecard.index_change(before, after)
    assert found.criteria == ("a", "fact")
    assert (found.before, found.after, found.difference) == pytest.approx((32.5, 67.5, 35))
    assert 25 < found.low < 35 < found.high < 45


def test_the_same_people_narrow_the_change() -> None:
    first, second = (
        {"a": ScaleAnswers({0: 10, 50: 10}, HUNDRED)},
        {"a": ScaleAnswers({0: 10, 50: 10}, HUNDRED)},
    )
    joints = {(("before", "a"), ("after", "a")): {(0, 0): 10, (50, 50): 10}}
    strangers = scorecard.index_change(first, second)
    same = scorecard.index_change(first, second, joints=joints)
    assert same.high - same.low < strangers.high - strangers.low


def test_who_fed_a_criterion_that_one_period_lacks_is_left_out_with_it() -> None:
    before: CriterionScores = {
        "a": ScaleAnswers({0: 20, 50: 20}, HUNDRED),
        "gone": ScaleAnswers({0: 9}, HUNDRED),
    }
    after: CriterionScores = {"a": ScaleAnswers({50: 20, 100: 20}, HUNDRED)}
    joints = {(("before", "gone"), ("before", "a")): {(0, 50): 9}}
    found = scorecard.index_change(before, after, joints=joints)
    assert found == scorecard.index_change(before, after)


def test_an_amount_scores_fifty_at_its_baseline() -> None:
    assert scorecard.amount_score(600, 600) == 50
    assert scorecard.amount_score(300, 600) == pytest.approx(200 / 3)
    assert scorecard.amount_score(0, 600) == 100
    assert scorecard.amount_score(600, None) is None
    with pytest.raises(BadInput, match="baseline"):
        scorecard.amount_score(600, 0)
    with pytest.raises(BadInput, match="amount"):
        scorecard.amount_score(-1, 10)


def test_parts_without_a_score_are_left_out() -> None:
    assert scorecard.mean_score([50, None, 70]) == 60
    assert scorecard.mean_score([None]) is None


def test_every_criterion_has_an_anchor() -> None:
    assert scorecard.anchor_of(Criterion.LOYALTY_INDEX) is Anchor.SCALE_ENDS
    assert scorecard.anchor_of(Criterion.COST_PER_LOYAL_CUSTOMER) is Anchor.BASELINE_IS_50
    assert scorecard.anchor_of(Criterion.DEPARTED_CUSTOMERS) is Anchor.NONE_DEPARTED_IS_100


def test_impossible_scores_are_refused() -> None:
    with pytest.raises(BadInput, match="outside 0–100"):
        scorecard.effectiveness_index({"a": 101.0})
    with pytest.raises(BadInput, match="weights"):
        scorecard.effectiveness_index({"a": 1.0}, {"a": -1})
    with pytest.raises(BadInput, match="rescaled"):
        scorecard.effectiveness_index({"a": ScaleAnswers({5: 5}, Scale(1, 5, 5))})
    with pytest.raises(NotEnoughData):
        scorecard.effectiveness_index({"a": ScaleAnswers({50: 1}, HUNDRED)})
    with pytest.raises(BadInput, match="joints"):
        combine({"a": (1.0, 5.0)}, {("a", "b"): {(1, 1): 1}})


@pytest.mark.parametrize("n", [5, 7])
def test_the_index_is_covered_when_the_same_people_feed_two_criteria(n: int) -> None:
    cells = [(a, b) for a in (0, 50, 100) for b in (0, 50, 100)]
    outcomes = coverage.tables(n, 9)
    intervals = np.array([two_criteria(cells, outcome) for outcome in outcomes])
    worth = np.array([0.7 * a + 0.3 * b for a, b in cells])
    found = coverage.summary(
        [
            float(
                coverage.probabilities(outcomes, truth)
                @ coverage.covers(intervals, float(truth @ worth))
            )
            for truth in coverage.truths(9, 100, seed=n)
        ]
    )
    assert found.mean >= 0.94


def two_criteria(cells: list[tuple[int, int]], outcome: tuple[int, ...]) -> tuple[float, float]:
    joint = dict(zip(cells, outcome, strict=True))
    first = {value: sum(n for (a, _), n in joint.items() if a == value) for value in (0, 50, 100)}
    second = {value: sum(n for (_, b), n in joint.items() if b == value) for value in (0, 50, 100)}
    found = scorecard.effectiveness_index(
        {"a": ScaleAnswers(first, HUNDRED), "b": ScaleAnswers(second, HUNDRED)},
        {"a": 0.7, "b": 0.3},
        joints={("a", "b"): joint},
    )
    return found.low, found.high
