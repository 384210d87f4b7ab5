"""Sums of means whose answers hang together in firms."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import fractional_matrix_power
from scipy.stats import ttest_ind

from scoring.changes import difference
from scoring.estimates.clusters import clustered
from scoring.estimates.nps import Segments
from surveys.counts.figures import Clusters

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """Firm, period and score of each answer."""

    firms: NDArray[np.int64]
    periods: NDArray[np.int64]
    scores: Array

    def clusters(self) -> Clusters:
        """The same as sums of firms."""
        return Counter(
            tuple(
                (int(mine.sum()), float(self.scores[mine].sum()))
                for mine in ((self.firms == firm) & (self.periods == t) for t in range(2))
            )
            for firm in np.unique(self.firms)
        )


def drawn(seed: int, answers: int = 60, firms: int = 12) -> Answers:
    chance = np.random.default_rng(seed)
    own = chance.normal(size=firms)
    of = np.sort(chance.choice(firms, answers, p=np.arange(1, firms + 1) / 78))
    scores = np.rint(own[of] + chance.normal(size=answers)).clip(-1, 1) * 100
    return Answers(of, chance.integers(0, 2, answers), scores)


def by_matrices(given: Answers, weights: Array, likeness: float) -> tuple[float, float]:
    """CR2 and the degrees of freedom from their definitions, with whole matrices."""
    x = np.eye(2)[given.periods]
    bread = np.linalg.inv(x.T @ x)
    residual = np.eye(len(x)) - x @ bread @ x.T
    variance, columns = 0.0, []
    for firm in np.unique(given.firms):
        mine = given.firms == firm
        adjusted = fractional_matrix_power(residual[np.ix_(mine, mine)], -0.5).real
        vector = adjusted @ x[mine] @ bread @ weights
        variance += float(vector @ (residual @ given.scores)[mine]) ** 2
        columns.append(residual[:, mine] @ vector)
    same = given.firms[:, None] == given.firms[None, :]
    working = (1 - likeness) * np.eye(len(x)) + likeness * same
    products = np.array(columns) @ working @ np.array(columns).T
    return float(np.sqrt(variance)), float(np.trace(products) ** 2 / (products**2).sum())


@pytest.mark.parametrize("seed", range(6))
def test_error_and_degrees_of_freedom_are_those_of_the_matrices(seed: int) -> None:
    given, weights = drawn(seed), np.array([-1.0, 1.0])
    found = clustered(given.clusters(), weights.tolist(), float(given.scores.var()))
    assert found is not None
    error, df = by_matrices(given, weights, found.likeness)
    assert (found.standard_error, found.df) == pytest.approx((error, df))


@pytest.mark.parametrize("n", [(12, 12), (30, 30)])
def test_of_strangers_it_is_the_two_sample_t(n: tuple[int, int]) -> None:
    chance = np.random.default_rng(1)
    before, after = (chance.normal(size=size) for size in n)
    alone: Clusters = {
        **{((1, value), (0, 0.0)): 1 for value in before.tolist()},
        **{((0, 0.0), (1, value)): 1 for value in after.tolist()},
    }
    found = clustered(alone, (-1, 1), 1.0)
    assert found is not None
    expected = ttest_ind(after, before, equal_var=False)
    assert (after.mean() - before.mean()) / found.standard_error == pytest.approx(
        expected.statistic
    )
    assert found.df == pytest.approx(sum(n) - 2)
    assert found.likeness == 0


def test_one_firm_alone_tells_nothing() -> None:
    assert clustered({((5, 100.0), (3, 0.0)): 1, ((0, 0.0), (4, 0.0)): 1}, (-1, 1), 1e4) is None


def test_a_firm_far_larger_than_the_others_leaves_few_degrees_of_freedom() -> None:
    chance = np.random.default_rng(3)
    small = Counter(((4, 400.0 * float(chance.integers(-1, 2))),) for _ in range(20))
    found = clustered(small + Counter({((60, 6000.0),): 1}), (1,), 9e3)
    assert found is not None
    assert found.likeness > 0.3
    assert found.df < 4


def test_a_change_is_never_surer_for_colleagues() -> None:
    """Every firm of six answers as one, and whoever is asked again is in the same firm."""
    before, after = Segments(30, 0, 30), Segments(12, 0, 48)
    plain = difference.nps_change(before, after)
    alike: Clusters = {
        ((6, 600.0), (6, 600.0)): 5,
        ((6, -600.0), (6, 600.0)): 3,
        ((6, -600.0), (6, -600.0)): 2,
    }
    found = difference.with_firms(plain, alike, variance=9e3, limit=200)
    assert found is not None
    assert found.low < 0 < plain.low
    assert found.p_value > 0.05 > plain.p_value
    mixed: Clusters = {((6, 0.0), (6, 360.0)): 10}
    calm = difference.with_firms(plain, mixed, variance=9e3, limit=200)
    assert calm is not None
    assert calm.standard_error == plain.standard_error
    assert calm.low <= plain.low
