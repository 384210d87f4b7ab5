"""A manager's own view against the customers'."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.changes import gap
from scoring.changes.gap import Rated
from scoring.errors import BadInput, NotEnoughData
from surveys.reports.estimates import Agreement
from tests.scoring.changes import simulated_words
from tests.scoring.scales import SATISFACTION


def word(own: float, customers: dict[int, int]) -> Agreement | None:
    return gap.told({"only": Rated(own, customers, SATISFACTION)})["only"].agreement


def test_a_gap_is_own_minus_customers() -> None:
    found = gap.item_gap(Rated(5, {4: 3, 5: 1, 3: 1}, SATISFACTION))
    assert (found.gap, found.customers, found.n) == (1, 4, 5)
    assert (found.low, found.high) == pytest.approx((0.052, 2.281), abs=1e-3)
    assert found.agreement is None


def test_the_word_is_decided_by_the_interval_and_not_by_a_cut() -> None:
    assert word(2, {4: 30, 5: 10}) is Agreement.UNDER_RATER
    assert word(4, {3: 5, 4: 9, 5: 4}) is Agreement.IN_AGREEMENT
    assert word(4, {3: 600, 4: 400}) is Agreement.OVER_RATER


def test_below_ten_customers_there_is_an_interval_and_no_word() -> None:
    few, more = (Rated(1, {5: n}, SATISFACTION) for n in (9, 10))
    found = gap.told({"few": few, "more": more})
    assert (found["few"].agreement, found["few"].level) == (None, 0.95)
    assert found["more"].agreement is Agreement.UNDER_RATER


def test_among_many_managers_a_word_needs_more() -> None:
    close = Rated(4, {3: 11, 4: 5, 5: 2}, SATISFACTION)
    others = {n: Rated(4, {3: 10, 4: 10, 5: 10}, SATISFACTION) for n in range(19)}
    assert gap.told({"close": close})["close"].agreement is Agreement.OVER_RATER
    among = gap.told({"close": close, **others})["close"]
    assert among.agreement is Agreement.IN_AGREEMENT
    assert among.low < 0 < among.high
    assert among.level == pytest.approx(1 - 0.05 / 20)


answers = st.dictionaries(st.integers(1, 5), st.integers(0, 20)).filter(
    lambda counts: sum(counts.values()) >= 10
)


@given(st.lists(st.tuples(st.integers(1, 5), answers), min_size=1, max_size=8))
def test_word_and_interval_never_disagree(rated: list[tuple[int, dict[int, int]]]) -> None:
    found = gap.told(
        {n: Rated(own, customers, SATISFACTION) for n, (own, customers) in enumerate(rated)}
    )
    for one in found.values():
        assert one.low <= one.gap <= one.high
        assert (one.agreement is Agreement.OVER_RATER) == (one.low > 0)
        assert (one.agreement is Agreement.UNDER_RATER) == (one.high < 0)


def test_customers_who_all_agree_still_leave_doubt() -> None:
    found = gap.item_gap(Rated(4, {5: 5}, SATISFACTION))
    assert found.low < found.high


def test_no_gap_below_five_customers() -> None:
    with pytest.raises(NotEnoughData) as refused:
        gap.item_gap(Rated(5, {4: 4}, SATISFACTION))
    assert (refused.value.needed, refused.value.have) == (5, 4)


def test_an_own_rating_off_the_scale_is_refused() -> None:
    with pytest.raises(BadInput, match="own"):
        gap.item_gap(Rated(6, {4: 9}, SATISFACTION))


@pytest.mark.parametrize("customers", [10, 30])
@pytest.mark.parametrize("managers", [5, 20, 60])
def test_a_word_about_somebody_is_wrong_in_at_most_one_digest_of_twenty(
    managers: int, customers: int
) -> None:
    """Every true gap is zero, near the top of the scale; the full table: `make prove`."""
    found = simulated_words.false_words(managers, customers, digests=4000 // managers, seed=1)
    assert found.share <= 0.05


def test_colleagues_widen_the_interval_and_one_firm_alone_says_nothing() -> None:
    strangers = Rated(5, {3: 6, 4: 6}, SATISFACTION)
    apart = strangers._replace(firms={((3, 9.0),): 2, ((3, 12.0),): 2})
    alone = strangers._replace(firms={((12, 42.0),): 1})
    plain, wider = gap.item_gap(strangers), gap.item_gap(apart)
    assert wider.high - wider.low > plain.high - plain.low
    told = gap.told({"strangers": strangers, "apart": apart, "alone": alone})
    assert told["strangers"].agreement is Agreement.OVER_RATER
    assert told["alone"].agreement is None
    assert (told["alone"].low, told["alone"].high) == (0, 4)


@pytest.mark.parametrize(("customers", "size"), [(10, 3), (30, 6)])
def test_words_err_no_more_often_among_colleagues(customers: int, size: int) -> None:
    """Unknown to the test, colleagues would make a third of such digests false."""
    found = simulated_words.false_words(5, customers, digests=400, seed=2, size=size)
    assert found.share <= 0.05
