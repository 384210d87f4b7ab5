"""Change between two periods, verdicts, many comparisons."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.changes import difference, multiple
from scoring.changes.verdict import Direction, verdict
from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import shares
from scoring.estimates.nps import Segments
from surveys.reports.estimates import Verdict
from tests.examples import per_hundred
from tests.scoring.peers import peer
from tests.scoring.scales import SATISFACTION

BEFORE, AFTER = Segments(25, 30, 45), Segments(15, 25, 60)
few = st.integers(0, 60)
segments = st.builds(Segments, few, few, few).filter(lambda found: found.n > 0)
joints = st.dictionaries(
    st.tuples(st.integers(0, 10), st.integers(0, 10)), st.integers(1, 20), min_size=1, max_size=12
)


def test_golden_change() -> None:
    found = difference.nps_change(BEFORE, AFTER)
    assert found.difference == pytest.approx(25)
    assert found.adjusted_difference / 100 == pytest.approx(0.246305, abs=5e-7)
    assert found.standard_error / 100 == pytest.approx(0.109092, abs=5e-7)
    assert found.statistic == pytest.approx(2.257771, abs=5e-7)
    assert found.p_value == pytest.approx(0.023960, abs=5e-7)
    assert (found.low / 100, found.high / 100) == pytest.approx((0.032488, 0.460122), abs=5e-7)


@given(segments, segments)
def test_the_other_way_round_only_the_sign_changes(before: Segments, after: Segments) -> None:
    found, back = difference.nps_change(before, after), difference.nps_change(after, before)
    assert (back.difference, back.low, back.high) == pytest.approx(
        (-found.difference, -found.high, -found.low), abs=1e-9
    )
    assert back.p_value == pytest.approx(found.p_value)


@given(segments, segments)
def test_the_change_lies_in_its_interval(before: Segments, after: Segments) -> None:
    found = difference.nps_change(before, after)
    assert -200 <= found.low <= found.difference <= found.high <= 200


@given(joints)
def test_pairs_never_have_a_width_of_nothing(both: dict[tuple[int, int], int]) -> None:
    found = difference.nps_paired(both)
    assert found.n_both == found.n_before == found.n_after
    assert found.low < found.high
    assert found.low <= found.difference <= found.high


def test_the_same_people_show_a_change_that_strangers_would_not() -> None:
    both = {(10, 10): 40, (8, 8): 20, (3, 3): 25, (8, 10): 15}
    paired = difference.nps_paired(both)
    strangers = difference.nps_change(Segments(25, 35, 40), Segments(25, 20, 55))
    assert paired.difference == strangers.difference
    assert paired.low > 0 > strangers.low


def test_the_covariance_of_a_few_shared_people_counts_for_a_little() -> None:
    both = {(10, 10): 10, (3, 3): 5}
    partly = difference.nps_change(BEFORE, AFTER, both=both)
    strangers = difference.nps_change(BEFORE, AFTER)
    assert partly.n_both == 15
    assert 0.8 * strangers.standard_error < partly.standard_error < strangers.standard_error


def test_shared_people_must_be_among_those_counted() -> None:
    with pytest.raises(BadInput, match="both"):
        difference.nps_change(Segments(1, 0, 0), Segments(1, 0, 0), both={(10, 10): 1})
    with pytest.raises(BadInput, match="both"):
        difference.mean_change({4: 2}, {5: 2}, SATISFACTION, both={(4, 4): 1})


def test_a_mean_changes_in_its_own_unit() -> None:
    found = difference.mean_change({3: 20, 4: 20}, {4: 20, 5: 20}, SATISFACTION)
    assert found.difference == pytest.approx(1)
    assert 0.5 < found.low < 1 < found.high < 1.5
    assert found.df == pytest.approx(78, abs=0.5)


def test_pairs_of_a_mean_have_one_degree_less_than_people() -> None:
    both = {(3, 4): 5, (4, 4): 5, (2, 4): 2}
    found = difference.mean_change({3: 5, 4: 5, 2: 2}, {4: 12}, SATISFACTION, both=both)
    assert found.df == pytest.approx(11)
    assert found.p_value < 0.05


def test_everybody_the_same_twice_is_no_proof_of_no_change() -> None:
    both = {(1, 1): 5, (5, 5): 5}
    found = difference.mean_change({1: 5, 5: 5}, {1: 5, 5: 5}, SATISFACTION, both=both)
    assert found.low < 0 < found.high


def test_a_share_changes_in_percentage_points() -> None:
    found = difference.share_change(shares.wilson(20, 100), shares.wilson(40, 100))
    assert found.difference == pytest.approx(20)
    assert 5 < found.low < 20 < found.high < 35


def test_one_answer_makes_no_change_of_a_mean() -> None:
    with pytest.raises(NotEnoughData):
        difference.mean_change({5: 1}, {5: 10}, SATISFACTION)
    with pytest.raises(NotEnoughData):
        difference.nps_change(Segments(0, 0, 0), AFTER)


def test_a_verdict_follows_from_the_interval() -> None:
    change = difference.nps_change(BEFORE, AFTER)
    back = difference.nps_change(AFTER, BEFORE)
    assert verdict(change) is Verdict.BETTER
    assert verdict(back) is Verdict.WORSE
    assert verdict(change, direction=Direction.DOWN) is Verdict.WORSE
    assert verdict(back, direction=Direction.DOWN) is Verdict.BETTER


def test_eight_verdicts_at_once_ask_for_more() -> None:
    p_value = difference.nps_change(BEFORE, AFTER).p_value
    step = multiple.step_down({"nps": p_value} | {str(n): 0.5 for n in range(7)})["nps"]
    assert step.level == pytest.approx(0.99375)
    assert not step.holds
    change = difference.nps_change(BEFORE, AFTER, level=step.level)
    assert verdict(change) is Verdict.NO_EVIDENCE


@settings(max_examples=per_hundred(40))  # statsmodels takes its time
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.floats(0.001, 0.2))
def test_the_steps_down_hold_what_holms_adjusted_values_hold(
    p_values: list[float], error: float
) -> None:
    family = dict(enumerate(p_values))
    adjusted = peer("statsmodels.stats.multitest").multipletests(p_values, method="holm")[1]
    steps = multiple.step_down(family, error)
    for key, step in steps.items():
        assert step.holds == (p_values[key] <= 1 - step.level + 1e-12) or adjusted[
            key
        ] == pytest.approx(error)
        assert step.holds == (adjusted[key] <= error) or adjusted[key] == pytest.approx(error)


def test_what_follows_the_first_failure_shares_its_level() -> None:
    steps = multiple.step_down({"a": 0.9, "b": 0.001, "c": 0.03, "d": 0.04})
    assert [round(1 - step.level, 6) for step in steps.values()] == pytest.approx(
        [0.05 / 3, 0.05 / 4, 0.05 / 3, 0.05 / 3], abs=1e-6
    )
    assert [step.holds for step in steps.values()] == [False, True, False, False]


def test_too_few_answers_get_no_verdict() -> None:
    change = difference.nps_change(Segments(9, 0, 0), Segments(0, 0, 90))
    assert verdict(change) is Verdict.TOO_FEW
    assert verdict(change, minimum=9) is Verdict.BETTER


def test_a_p_value_lies_between_0_and_1() -> None:
    with pytest.raises(BadInput):
        multiple.step_down({"a": 1.5})


segments_of_ten = st.builds(Segments, st.integers(0, 30), st.integers(0, 30), st.integers(10, 30))


@given(segments_of_ten, segments_of_ten, st.floats(0.0001, 0.1))
def test_the_interval_of_the_deciding_level_leaves_zero_where_the_p_value_is_smaller(
    before: Segments, after: Segments, error: float
) -> None:
    found = difference.nps_change(before, after, level=1 - error)
    if abs(found.p_of_sign - error) > 1e-9:
        assert (found.low > 0 or found.high < 0) == (found.p_of_sign < error)
