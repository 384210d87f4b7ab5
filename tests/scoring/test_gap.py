"""A manager's own view against the customers'."""

import pytest

from scoring import gap
from scoring.counts import SATISFACTION
from scoring.errors import BadInput, NotEnoughData
from scoring.gap import Agreement


def test_a_gap_is_own_minus_customers() -> None:
    found = gap.item_gap(5, {4: 3, 5: 1, 3: 1}, SATISFACTION)
    assert (found.gap, found.customers, found.n) == (1, 4, 5)
    assert (found.low, found.high) == pytest.approx((0.052, 2.281), abs=1e-3)
    assert found.agreement is Agreement.OVER_RATER


def test_a_modest_manager_is_an_under_rater() -> None:
    assert gap.item_gap(2, {4: 30, 5: 10}, SATISFACTION).agreement is Agreement.UNDER_RATER


def test_agreement_is_decided_by_the_interval_and_not_by_a_cut() -> None:
    assert gap.item_gap(4, {3: 3, 4: 2}, SATISFACTION).agreement is Agreement.IN_AGREEMENT
    assert gap.item_gap(4, {3: 600, 4: 400}, SATISFACTION).agreement is Agreement.OVER_RATER


def test_customers_who_all_agree_still_leave_doubt() -> None:
    found = gap.item_gap(4, {5: 5}, SATISFACTION)
    assert found.low < found.high


def test_no_gap_below_five_customers() -> None:
    with pytest.raises(NotEnoughData) as refused:
        gap.item_gap(5, {4: 4}, SATISFACTION)
    assert (refused.value.needed, refused.value.have) == (5, 4)


def test_an_own_rating_off_the_scale_is_refused() -> None:
    with pytest.raises(BadInput, match="own"):
        gap.item_gap(6, {4: 9}, SATISFACTION)


def test_golden_profile() -> None:
    own, customers = [4.5, 3.8, 4.2, 4.9, 3.5, 4.0], [4.0, 3.9, 3.4, 3.6, 3.7, 4.1]
    found = gap.profile_gap(own, customers)
    assert found.mean_gap == pytest.approx(0.366667, abs=5e-7)
    assert found.sd == pytest.approx(0.605530, abs=5e-7)
    assert found.t == pytest.approx(1.483240, abs=5e-7)
    assert found.p_value == pytest.approx(0.198121, abs=5e-7)
    assert found.correlation == pytest.approx(-0.173932, abs=5e-7)


def test_a_flat_profile_has_no_correlation() -> None:
    assert gap.profile_gap([4, 4, 4], [3, 4, 5]).correlation is None


def test_golden_agreement_among_customers() -> None:
    assert gap.within_group_agreement({4: 3, 5: 1, 3: 1}, SATISFACTION) == pytest.approx(0.75)
    assert gap.within_group_agreement({4: 3}, SATISFACTION) == 1
    assert gap.within_group_agreement({1: 5, 5: 5}, SATISFACTION) < 0
