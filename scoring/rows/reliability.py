"""How well the items of a scale measure one thing: α with its interval, ω, item-rest correlations.

Cronbach (1951), Psychometrika 16, 297–334; interval: Feldt, Woodruff & Salih (1987), Applied
Psychological Measurement 11, 93–103; ω of one factor: McDonald (1999), Test Theory.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scoring.errors import NotEnoughData
from scoring.estimates.distributions import fisher_quantile
from scoring.estimates.intervals import checked_level
from scoring.rows.resampling import (
    TINY,
    Matrix,
    Respondents,
    covariance,
    of_rows,
    resampled,
)
from surveys.messages import mark

if TYPE_CHECKING:
    import pandas as pd

Rows = list[list[float]]
"""A small matrix in plain numbers, which take less time than arrays of so few."""
SMALLEST_N = 3
SMALLEST_K = 2
ITERATIONS = 2000
CONVERGED = 1e-8


class OmegaProblem(StrEnum):
    """Why ω cannot be given, so that α stands alone."""

    CONSTANT_ITEM = "constant_item"
    TWO_ITEMS = "two_items"
    NO_COMMON_FACTOR = "no_common_factor"
    LOADING_ABOVE_ONE = "loading_above_one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Omega:
    """One-factor ω and its standardised loadings, or the reason why there is none."""

    omega: float | None
    loadings: tuple[float, ...]
    problem: OmegaProblem | None = None


class Totals(NamedTuple):
    """What is told of a scale as a whole: α with its interval, and ω."""

    alpha: float
    low: float
    high: float
    omega: Omega


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """The quality of a scale of `items` items over `n` complete rows; `missing` were left out.

    `item_rest` holds, per item, its correlation with the sum of the others: None where either
    does not vary. `standardized_alpha` is None when an item does not vary.
    """

    n: int
    items: int
    missing: int
    alpha: float
    low: float
    high: float
    level: float
    standardized_alpha: float | None
    omega: float | None
    omega_problem: OmegaProblem | None
    loadings: tuple[float, ...]
    item_rest: tuple[float | None, ...]
    names: tuple[str, ...]

    def frame(self) -> "pd.DataFrame":
        """Return the items by name: item_rest, and loading where there is a factor."""
        import pandas as pd  # noqa: PLC0415 - a digest needs none, and it takes long to load

        found = pd.DataFrame({"item_rest": self.item_rest}, self.names, dtype="float64")
        found["loading"] = self.loadings or np.nan
        return found


def reliability(
    rows: "pd.DataFrame", *, firms: "pd.Series[int] | None" = None, level: float = 0.95
) -> Reliability:
    """Return α, ω and item statistics of respondents' rows, a column for each item.

    Rows with a missing answer are left out and counted. `firms`: each respondent's firm, missing
    for those without one; with colleagues α's interval is widened to that of resampled firms.
    Raises NotEnoughData below three complete rows, two items or ten such firms, or when no two
    respondents differ.
    """
    found, missing = of_rows(rows, firms)
    whole = of_respondents(found, level)
    between = covariance(found)
    return Reliability(
        n=found.n,
        items=len(rows.columns),
        missing=missing,
        alpha=whole.alpha,
        low=whole.low,
        high=whole.high,
        level=level,
        standardized_alpha=_standardized(found, between),
        omega=whole.omega.omega,
        omega_problem=whole.omega.problem,
        loadings=whole.omega.loadings,
        item_rest=_item_rest(found.answers, between),
        names=tuple(str(name) for name in rows.columns),
    )


def of_respondents(found: Respondents, level: float = 0.95) -> Totals:
    """Return α and ω of complete answers; raises as `reliability` does."""
    k = found.answers.shape[1]
    if k < SMALLEST_K:
        raise NotEnoughData(what=mark("items"), needed=SMALLEST_K, have=k)
    if found.n < SMALLEST_N:
        raise NotEnoughData(what=mark("complete rows"), needed=SMALLEST_N, have=found.n)
    between: Rows = covariance(found).tolist()
    whole, parts = sum(map(sum, between)), sum([row[i] for i, row in enumerate(between)])
    if whole <= TINY * max(1, parts):
        raise NotEnoughData(what=mark("respondents who differ"), needed=2, have=1)
    alpha = k / (k - 1) * (1 - parts / whole)
    low, high = _interval(found, alpha, level)
    return Totals(alpha, low, high, one_factor(_correlated(found, between), k))


def _correlated(found: Respondents, between: Rows) -> Rows | None:
    """Return the items' correlations, None where an item does not vary."""
    spread = [math.sqrt(row[i]) for i, row in enumerate(between)]
    given = found.answers[0].tolist()
    if any(one <= TINY * max(1, abs(value)) for one, value in zip(spread, given, strict=True)):
        return None
    return [
        [value / one / other for value, other in zip(row, spread, strict=True)]
        for row, one in zip(between, spread, strict=True)
    ]


def cronbach(covariances: Matrix) -> Matrix:
    """Return α = k/(k − 1)·(1 − Σσᵢ²/σ_T²) of each sample whose totals differ (× 1)."""
    k = covariances.shape[-1]
    parts, whole = np.trace(covariances, axis1=1, axis2=2), covariances.sum(axis=(1, 2))
    differ = whole > TINY
    return np.asarray(k / (k - 1) * (1 - parts[differ] / whole[differ]))[:, None]


def one_factor(r: Rows | None, k: int) -> Omega:
    """Return ω = (Σλ)²/((Σλ)² + Σ(1 − λ²)) with the loadings λ of a single factor of k items.

    `r`: their correlations, None where an item does not vary.
    """
    if r is None:
        return Omega(omega=None, loadings=(), problem=OmegaProblem.CONSTANT_ITEM)
    if k == SMALLEST_K:
        return Omega(omega=None, loadings=(), problem=OmegaProblem.TWO_ITEMS)
    found = _three(r) if k == SMALLEST_K + 1 else _least_squares(r)
    if found is None:
        return Omega(omega=None, loadings=(), problem=OmegaProblem.NO_COMMON_FACTOR)
    if max(abs(value) for value in found) > 1:
        return Omega(omega=None, loadings=found, problem=OmegaProblem.LOADING_ABOVE_ONE)
    common = sum(found) ** 2
    return Omega(omega=common / (common + sum(1 - value**2 for value in found)), loadings=found)


def _three(r: Rows) -> tuple[float, ...] | None:
    """Solve three items exactly: λ₁² = r₁₂·r₁₃/r₂₃."""
    pairs = r[0][1], r[0][2], r[1][2]
    if min(pairs) <= 0:
        return None
    squares = pairs[0] * pairs[1] / pairs[2], pairs[0] * pairs[2] / pairs[1]
    return tuple(map(math.sqrt, (*squares, pairs[1] * pairs[2] / pairs[0])))


def _least_squares(r: Rows) -> tuple[float, ...] | None:
    """Return the loadings of four items and more that leave the least squares off the diagonal.

    Each is solved for in turn, λᵢ = Σⱼ rᵢⱼλⱼ / Σⱼ λⱼ² over the others, from the first principal
    axis on [Harman & Jones 1966, Psychometrika 31, 351–368].
    """
    rows = [[*row[:i], 0.0, *row[i + 1 :]] for i, row in enumerate(r)]
    begun = [[*row[:i], max(map(abs, row)), *row[i + 1 :]] for i, row in enumerate(rows)]
    values, vectors = np.linalg.eigh(begun)
    if values[-1] <= 0:
        return None
    loadings = (vectors[:, -1] * math.sqrt(values[-1])).tolist()
    moved, rounds = math.inf, 0
    while moved >= CONVERGED and rounds < ITERATIONS:
        moved, rounds, whole = 0.0, rounds + 1, sum(map(mul, loadings, loadings))
        for i, row in enumerate(rows):
            before = loadings[i] ** 2
            if (rest := whole - before) <= 0:
                return None
            loadings[i] = sum(map(mul, row, loadings)) / rest
            whole = rest + loadings[i] ** 2
            moved = max(moved, abs(whole - rest - before))
    sign = math.copysign(1.0, sum(loadings))
    return tuple([sign * loading for loading in loadings])


def _interval(found: Respondents, alpha: float, level: float) -> tuple[float, float]:
    low, high = _feldt(alpha, found.n, found.answers.shape[1], level)
    if not found.of_firms:
        return low, high
    _, least, most = resampled(found, cronbach, level)
    return min(low, float(least[0])), max(high, float(most[0]))


def _feldt(alpha: float, n: int, k: int, level: float) -> tuple[float, float]:
    tail = (1 - checked_level(level)) / 2
    df = n - 1, (n - 1) * (k - 1)
    low = 1 - (1 - alpha) * fisher_quantile(1 - tail, *df)
    return low, 1 - (1 - alpha) * fisher_quantile(tail, *df)


def _standardized(found: Respondents, between: Matrix) -> float | None:
    r = _correlated(found, between.tolist())
    if r is None:
        return None
    k = len(r)
    mean = (sum(map(sum, r)) - k) / (k * (k - 1))
    spread = 1 + (k - 1) * mean
    return k * mean / spread if spread > CONVERGED else None


def _item_rest(values: Matrix, between: Matrix) -> tuple[float | None, ...]:
    """Return each item's correlation with the sum of the others."""
    rests = values.sum(axis=1)[:, None] - values
    known = (np.ptp(values, axis=0) > 0) & (np.ptp(rests, axis=0) > TINY)
    own, with_all = np.diagonal(between), between.sum(axis=0)
    rest = between.sum() - 2 * with_all + own
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (with_all - own) / np.sqrt(own * rest)
    return tuple(
        float(value) if is_known else None for value, is_known in zip(found, known, strict=True)
    )
