"""Wilson's interval of a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import shares
from tests.scoring.peers import peer
from tests.scoring.scales import SATISFACTION


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_statsmodels(counts: tuple[int, int]) -> None:
    found = shares.wilson(*counts)
    expected = peer("statsmodels.stats.proportion").proportion_confint(*counts, method="wilson")
    assert (found.low / 100, found.high / 100) == pytest.approx(expected, abs=1e-12)
    assert 0 <= found.low <= found.share <= found.high <= 100


def test_csat_is_the_share_of_four_and_five() -> None:
    found = shares.at_least({1: 1, 3: 2, 4: 3, 5: 4}, 4, SATISFACTION)
    assert (found.count, found.n, found.share) == (7, 10, 70)


def test_the_rest_is_the_mirror_image() -> None:
    found, rest = shares.wilson(3, 20), shares.wilson(17, 20)
    assert (found.low, found.high) == pytest.approx((100 - rest.high, 100 - rest.low))


def test_nobody_has_no_share() -> None:
    with pytest.raises(NotEnoughData):
        shares.wilson(0, 0)


@pytest.mark.parametrize("counts", [(3, 2), (-1, 2), (0.5, 2), (1, -2)])
def test_impossible_shares_are_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(BadInput):
        shares.wilson(*counts)
