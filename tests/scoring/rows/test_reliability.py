"""How well the items of a scale measure one thing."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import NotEnoughData
from scoring.rows import reliability as scales
from scoring.rows.reliability import OmegaProblem, Reliability
from tests.examples import per_hundred
from tests.scoring.peers import peer

ROWS = [
    (9, 10, 8),
    (7, 8, 6),
    (10, 9, 9),
    (3, 4, 2),
    (6, 7, 7),
    (8, 8, 5),
    (2, 5, 3),
    (9, 9, 10),
]
rows_of_four = st.lists(
    st.tuples(*[st.integers(1, 5)] * 4), min_size=6, max_size=30, unique=True
).filter(lambda rows: len({sum(row) for row in rows}) > 1)


def reliability(rows: Sequence[Sequence[float | None]]) -> Reliability:
    """Of plain rows."""
    return scales.reliability(pd.DataFrame(rows, dtype="float64"))


def test_golden_alpha() -> None:
    found = reliability(ROWS)
    assert found.alpha == pytest.approx(0.9535175879, abs=5e-11)
    assert (found.low, found.high) == pytest.approx((0.843, 0.990), abs=5e-4)
    assert found.standardized_alpha == pytest.approx(0.9652803, abs=5e-8)


@settings(max_examples=per_hundred(25))
@given(rows_of_four)
def test_alpha_agrees_with_pingouin(rows: list[tuple[int, ...]]) -> None:
    found = reliability(rows)
    alpha, (low, high) = peer("pingouin").cronbach_alpha(pd.DataFrame(rows))
    assert found.alpha == pytest.approx(alpha, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)


@given(rows_of_four, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[int, ...]], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert reliability(shuffled).alpha == pytest.approx(reliability(rows).alpha)


def test_three_items_have_the_loadings_that_reproduce_their_correlations() -> None:
    found = reliability(ROWS)
    r = np.corrcoef(np.array(ROWS), rowvar=False)
    a, b, c = found.loadings
    assert (a * b, a * c, b * c) == pytest.approx((r[0, 1], r[0, 2], r[1, 2]))
    total = (a + b + c) ** 2
    assert found.omega == pytest.approx(total / (total + 3 - a * a - b * b - c * c))


def test_four_items_of_one_factor_give_their_loadings_back() -> None:
    true = np.array([0.9, 0.8, 0.7, 0.6])
    random = np.random.default_rng(4)
    factor = random.normal(size=(40_000, 1))
    rows = factor * true + random.normal(size=(40_000, 4)) * np.sqrt(1 - true**2)
    found = reliability(rows.tolist())
    assert found.loadings == pytest.approx(tuple(true), abs=0.02)
    assert found.omega == pytest.approx(9 / (9 + 4 - (true**2).sum()), abs=0.01)


def test_items_without_a_common_factor_have_no_omega() -> None:
    found = reliability([(1, 5, 2), (2, 4, 3), (3, 3, 3), (4, 2, 5), (5, 1, 3)])
    assert found.omega is None
    assert found.omega_problem is OmegaProblem.NO_COMMON_FACTOR


def test_a_loading_above_one_is_said() -> None:
    rows = [(1, 1, 1), (2, 2, 3), (3, 3, 1), (4, 4, 4), (5, 5, 2), (5, 4, 1), (1, 2, 2)]
    found = reliability(rows)
    assert found.omega is None
    assert found.omega_problem in (OmegaProblem.LOADING_ABOVE_ONE, OmegaProblem.NO_COMMON_FACTOR)


def test_two_items_and_constant_items_have_alpha_only() -> None:
    two = reliability([(1, 2), (3, 3), (5, 4)])
    constant = reliability([(1, 1e6 / 3, 2), (2, 1e6 / 3, 2), (3, 1e6 / 3, 4)])
    assert two.omega_problem is OmegaProblem.TWO_ITEMS
    assert constant.omega_problem is OmegaProblem.CONSTANT_ITEM
    assert constant.item_rest[1] is None
    assert constant.standardized_alpha is None


def test_incomplete_rows_are_left_out_and_counted() -> None:
    found = reliability([*ROWS, (9, None, 8), (float("nan"), 1, 1)])
    assert (found.n, found.missing) == (8, 2)
    assert found.alpha == pytest.approx(0.9535175879)


def test_item_rest_correlations() -> None:
    rest = np.array([row[1] + row[2] for row in ROWS])
    own = np.array([row[0] for row in ROWS])
    assert reliability(ROWS).item_rest[0] == pytest.approx(np.corrcoef(own, rest)[0, 1])


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([], "items"),
        ([(1, 2), (3, 4)], "complete rows"),
        ([(None, None)] * 5, "complete rows"),
        ([(1,), (2,), (3,)], "items"),
        ([(3, 3)] * 5, "respondents who differ"),
        ([(1, 3), (3, 1), (2, 2)], "respondents who differ"),
        ([(1e6 / 3, 2e6 / 3), (2e6 / 3, 1e6 / 3), (0.1, 1e6 - 0.1)], "respondents who differ"),
    ],
)
def test_too_little_says_what_is_missing(rows: list[tuple[float | None, ...]], what: str) -> None:
    with pytest.raises(NotEnoughData) as refused:
        reliability(rows)
    assert str(refused.value.what) == what


def test_the_items_stand_in_a_frame() -> None:
    found = scales.reliability(pd.DataFrame(ROWS, columns=["a", "b", "c"])).frame()
    assert list(found.index) == ["a", "b", "c"]
    assert found["loading"].between(0, 1).all()
    two = scales.reliability(pd.DataFrame(ROWS, columns=["a", "b", "c"])[["a", "b"]]).frame()
    assert two["loading"].isna().all()


def test_colleagues_widen_the_interval_of_alpha() -> None:
    random = np.random.default_rng(5)
    of = np.repeat(np.arange(12), 15)
    factor = random.normal(size=(12, 1))[of]
    rows = pd.DataFrame(factor + random.normal(size=(180, 4)))
    alone = scales.reliability(rows)
    together = scales.reliability(rows, firms=pd.Series(of))
    assert together.alpha == alone.alpha
    assert together.high - together.low > 1.5 * (alone.high - alone.low)
