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
