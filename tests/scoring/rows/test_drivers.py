"""What goes with recommending."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import sqrtm

from scoring.errors import BadInput, NotEnoughData
from scoring.rows import drivers as rows
from scoring.rows.drivers import RelativeWeights
from scoring.rows.frame import table
from tests.scoring.peers import peer
from tests.scoring.rows.simulated_drivers import POPULATIONS, held

Y = [10, 9, 7, 3, 8, 6, 2, 9, 10, 5]
X = {
    "x1": [5, 5, 4, 2, 4, 3, 1, 4, 5, 3],
    "x2": [4, 5, 3, 3, 4, 4, 2, 5, 4, 2],
    "x3": [3, 4, 4, 2, 5, 3, 3, 4, 5, 1],
}


def relative_weights(
    target: Sequence[float | None],
    predictors: Mapping[str, Sequence[float | None]],
    *,
    allow_few: bool = False,
    seed: int = 0,
) -> RelativeWeights:
    """Of plain columns."""
    columns = {**predictors, "target": target}
    return rows.relative_weights(table(columns), "target", allow_few=allow_few, seed=seed)


def by_name(found: RelativeWeights) -> dict[str, float]:
    return {driver.name: driver.weight for driver in found.drivers}


def drawn(n: int, seed: int = 1) -> tuple[list[float], dict[str, list[float]]]:
    random = np.random.default_rng(seed)
    strong, weak, against = random.normal(size=(3, n))
    target = 2 * strong + 0.5 * weak - against + random.normal(size=n)
    columns = {"strong": strong, "weak": weak, "against": against}
    return target.tolist(), {name: column.tolist() for name, column in columns.items()}


def test_golden_weights() -> None:
    found = relative_weights(Y, X, allow_few=True)
    weights = by_name(found)
    assert weights["x1"] == pytest.approx(0.565132, abs=5e-7)
    assert weights["x2"] == pytest.approx(0.252151, abs=5e-7)
    assert weights["x3"] == pytest.approx(0.145822, abs=5e-7)
    assert found.r_squared == pytest.approx(0.963105, abs=5e-7)


def test_weights_agree_with_pingouin() -> None:
    target, columns = drawn(80)
    found = relative_weights(target, columns)
    expected = peer("pingouin").linear_regression(pd.DataFrame(columns), target, relimp=True)
    assert found.r_squared == pytest.approx(expected["r2"].iloc[0])
    assert by_name(found).keys() == set(columns)
    assert sum(by_name(found).values()) == pytest.approx(found.r_squared)
    assert sum(driver.share for driver in found.drivers) == pytest.approx(100)


@pytest.mark.parametrize("alike", [0, 0.9, 0.999, 0.9999])
def test_weights_of_many_samples_are_those_of_their_roots(alike: float) -> None:
    """Held against scipy's root of each; where predictors nearly repeat each other, too."""
    random = np.random.default_rng(1)
    shared, target = random.normal(size=(2, 20, 50, 1))
    predictors = alike * shared + (1 - alike) * random.normal(size=(20, 50, 4))
    columns = np.concatenate([shared + target, predictors], axis=2)
    r = np.array([np.corrcoef(sample, rowvar=False) for sample in columns])
    roots = [sqrtm(one[1:, 1:]) for one in r]
    expected = [
        root**2 @ np.linalg.solve(root, one[1:, 0]) ** 2 for root, one in zip(roots, r, strict=True)
    ]
    assert rows.relative(r) == pytest.approx(np.array(expected), abs=1e-9)


def test_a_sample_in_which_predictors_repeat_each_other_still_has_weights() -> None:
    """Only in all of the answers they must not."""
    apart, repeated = np.eye(3), np.array([[1, 0.5, 0.5], [0.5, 1, 1], [0.5, 1, 1]])
    weights = rows.relative(np.array([apart, repeated]))
    assert weights == pytest.approx(np.array([[0, 0], [0.125, 0.125]]))
    with pytest.raises(BadInput, match="repeat each other"):
        rows.relative(np.array([repeated, apart]))


def test_the_heaviest_comes_first_and_the_sign_is_the_correlations() -> None:
    found = relative_weights(*drawn(200)).drivers
    assert [driver.name for driver in found] == ["strong", "against", "weak"]
    assert [driver.correlation > 0 for driver in found] == [True, False, True]


def test_the_interval_is_reproducible_and_holds_the_weight() -> None:
    first, second = relative_weights(*drawn(60)), relative_weights(*drawn(60))
    assert first == second
    assert all(driver.low <= driver.weight <= driver.high for driver in first.drivers)
    assert first != relative_weights(*drawn(60), seed=1)


@pytest.mark.parametrize("population", ["one counts most", "nothing goes with it"])
def test_the_intervals_hold_the_true_weights(population: str) -> None:
    """An error of at most .02; percentiles alone never hold that nothing goes with recommending.

    All populations: `make prove`.
    """
    assert held(POPULATIONS[population], 60, 100, seed=1).mean >= 0.94 - 2 * 0.02


def test_the_order_of_predictors_does_not_matter() -> None:
    target, columns = drawn(50)
    turned = dict(reversed(columns.items()))
    assert by_name(relative_weights(target, turned)) == pytest.approx(
        by_name(relative_weights(target, columns))
    )


def test_a_single_predictor_has_all_of_r_squared() -> None:
    target, columns = drawn(30)
    found = relative_weights(target, {"strong": columns["strong"]})
    assert found.r_squared == pytest.approx(np.corrcoef(target, columns["strong"])[0, 1] ** 2)


def test_ten_rows_a_predictor_or_a_refusal() -> None:
    with pytest.raises(NotEnoughData) as refused:
        relative_weights(Y, X)
    assert (refused.value.needed, refused.value.have) == (30, 10)
    with pytest.raises(NotEnoughData):
        relative_weights(Y[:4], {name: column[:4] for name, column in X.items()}, allow_few=True)


def test_incomplete_rows_are_left_out_and_counted() -> None:
    found = relative_weights(
        [*Y, None], {name: [*column, 3] for name, column in X.items()}, allow_few=True
    )
    assert (found.n, found.missing) == (10, 1)


def test_columns_that_say_nothing_are_refused() -> None:
    target, columns = drawn(40)
    with pytest.raises(BadInput, match="flat: does not vary"):
        relative_weights(target, {**columns, "flat": [3] * 40})
    with pytest.raises(BadInput, match="repeat each other"):
        relative_weights(target, {"a": columns["weak"], "b": columns["weak"]})
    with pytest.raises(BadInput, match="different numbers of rows"):
        relative_weights(target, {"a": columns["weak"][:-1]})
    with pytest.raises(NotEnoughData, match="predictors"):
        relative_weights(target, {})


def test_the_predictors_stand_in_a_frame() -> None:
    found = relative_weights(*drawn(80))
    assert found.frame()["weight"].sum() == pytest.approx(found.r_squared)
    assert list(found.frame().index) == [driver.name for driver in found.drivers]


def colleagues(firms: int, each: int, seed: int = 3) -> tuple[pd.DataFrame, "pd.Series[int]"]:
    """Firms whose people share most of what they think."""
    random = np.random.default_rng(seed)
    of = np.repeat(np.arange(firms), each)
    shared = random.normal(size=(firms, 3))[of]
    own = shared + 0.3 * random.normal(size=(firms * each, 3))
    rows = pd.DataFrame({"target": own[:, 0] + own[:, 1], "one": own[:, 1], "two": own[:, 2]})
    return rows, pd.Series(of, index=rows.index)


def test_colleagues_are_drawn_together() -> None:
    rows_, of = colleagues(15, 12)
    alone = rows.relative_weights(rows_, "target")
    together = rows.relative_weights(rows_, "target", firms=of)
    assert by_name(together) == by_name(alone)
    wide = {one.name: one.high - one.low for one in together.drivers}
    narrow = {one.name: one.high - one.low for one in alone.drivers}
    assert all(wide[name] > 1.5 * narrow[name] for name in narrow)


def test_a_firm_of_one_is_a_respondent() -> None:
    rows_, of = colleagues(60, 1)
    alone = rows.relative_weights(rows_, "target")
    assert rows.relative_weights(rows_, "target", firms=of) == alone


def test_colleagues_of_few_firms_tell_nothing_of_others() -> None:
    rows_, of = colleagues(9, 20)
    with pytest.raises(NotEnoughData) as refused:
        rows.relative_weights(rows_, "target", firms=of)
    assert (str(refused.value.what), refused.value.needed, refused.value.have) == ("firms", 10, 9)
