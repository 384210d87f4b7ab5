"""Coverage by exact enumeration: every table of n answers, weighted by its probability."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

Array = npt.NDArray[np.float64]
TOUCH = 1e-9


class Coverage(NamedTuple):
    """The mean and the worst coverage over a set of truths."""

    mean: float
    worst: float


def tables(n: int, cells: int) -> list[tuple[int, ...]]:
    """Every way to spread n answers over the cells."""
    return list(_tables(n, cells))


def _tables(n: int, cells: int) -> Iterator[tuple[int, ...]]:
    for bars in combinations(range(n + cells - 1), cells - 1):
        edges = (-1, *bars, n + cells - 1)
        yield tuple(b - a - 1 for a, b in pairwise(edges))


def probabilities(outcomes: list[tuple[int, ...]], truth: Array) -> Array:
    """The multinomial probability of each table."""
    counts = np.array(outcomes, dtype=np.float64)
    n = counts[0].sum()
    logs = gammaln(n + 1) - gammaln(counts + 1).sum(axis=1) + counts @ np.log(truth)
    return np.asarray(np.exp(logs))


def truths(cells: int, how_many: int, seed: int) -> list[Array]:
    """Half of them uniform over the simplex, half skewed towards few cells."""
    random = np.random.default_rng(seed)
    half = how_many // 2
    drawn = [random.dirichlet([1.0] * cells) for _ in range(half)]
    drawn += [random.dirichlet([0.4] * cells) for _ in range(how_many - half)]
    return [(truth + 1e-12) / (truth + 1e-12).sum() for truth in drawn]


def covers(intervals: Array, truth: float) -> Array:
    """1 where the interval (last axis: low, high) holds the truth."""
    return ((intervals[..., 0] <= truth + TOUCH) & (truth - TOUCH <= intervals[..., 1])).astype(
        float
    )


def summary(found: list[float]) -> Coverage:
    """The mean and the minimum."""
    return Coverage(float(np.mean(found)), float(np.min(found)))
