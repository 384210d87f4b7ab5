"""How well the items of a scale measure one thing: α with its interval, ω, item-rest correlations.

Cronbach (1951), Psychometrika 16, 297–334; interval: Feldt, Woodruff & Salih (1987), Applied
Psychological Measurement 11, 93–103; ω of one factor: McDonald (1999), Test Theory.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtri

from scoring.errors import NotEnoughData
from scoring.estimates.intervals import checked_level
from surveys.messages import mark

Matrix = npt.NDArray[np.float64]
SMALLEST_N = 3
SMALLEST_K = 2
ITERATIONS = 2000
CONVERGED = 1e-10


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

    def frame(self) -> pd.DataFrame:
        """Return the items by name: item_rest, and loading where there is a factor."""
        found = pd.DataFrame({"item_rest": self.item_rest}, self.names, dtype="float64")
        found["loading"] = self.loadings or np.nan
        return found


def reliability(rows: pd.DataFrame, *, level: float = 0.95) -> Reliability:
    """Return α, ω and item statistics of respondents' rows, a column an item.

    Rows with a missing answer are left out and counted. Raises NotEnoughData below
    three complete rows, two items, or when no two respondents differ.
    """
    answers, missing = complete_rows(rows)
    alpha = cronbach(answers)
    low, high = _feldt(alpha, len(answers), answers.shape[1], level)
    omega = one_factor(answers)
    return Reliability(
        n=answers.shape[0],
        items=answers.shape[1],
        missing=missing,
        alpha=alpha,
        low=low,
        high=high,
        level=level,
        standardized_alpha=_standardized(answers),
        omega=omega.omega,
        omega_problem=omega.problem,
        loadings=omega.loadings,
        item_rest=tuple(_item_rest(answers, item) for item in range(answers.shape[1])),
        names=tuple(map(str, rows.columns)),
    )


def complete_rows(rows: pd.DataFrame) -> tuple[Matrix, int]:
    """Return the complete rows as a matrix (respondents × items), and how many were not."""
    if len(rows.columns) < SMALLEST_K:
        raise NotEnoughData(what=mark("items"), needed=SMALLEST_K, have=len(rows.columns))
    data = rows.to_numpy(dtype=np.float64, na_value=np.nan)
    kept = data[np.isfinite(data).all(axis=1)]
    if len(kept) < SMALLEST_N:
        raise NotEnoughData(what=mark("complete rows"), needed=SMALLEST_N, have=len(kept))
    return kept, len(data) - len(kept)


def cronbach(answers: Matrix) -> float:
    """Return α = k/(k − 1)·(1 − Σσᵢ²/σ_T²)."""
    k = answers.shape[1]
    whole = answers.sum(axis=1)
    if np.ptp(whole) == 0:
        raise NotEnoughData(what=mark("respondents who differ"), needed=2, have=1)
    parts = answers.var(axis=0, ddof=1).sum()
    return float(k / (k - 1) * (1 - parts / whole.var(ddof=1)))


def one_factor(answers: Matrix) -> Omega:
    """Return ω = (Σλ)²/((Σλ)² + Σ(1 − λ²)) with the loadings λ of a single factor."""
    if np.any(np.ptp(answers, axis=0) == 0):
        return Omega(omega=None, loadings=(), problem=OmegaProblem.CONSTANT_ITEM)
    k = answers.shape[1]
    if k == SMALLEST_K:
        return Omega(omega=None, loadings=(), problem=OmegaProblem.TWO_ITEMS)
    correlations = np.asarray(np.corrcoef(answers, rowvar=False))
    loadings = _three(correlations) if k == SMALLEST_K + 1 else _principal_axis(correlations)
    if loadings is None:
        return Omega(omega=None, loadings=(), problem=OmegaProblem.NO_COMMON_FACTOR)
    found = tuple(float(value) for value in loadings)
    if max(abs(value) for value in found) > 1:
        return Omega(omega=None, loadings=found, problem=OmegaProblem.LOADING_ABOVE_ONE)
    common = sum(found) ** 2
    return Omega(omega=common / (common + sum(1 - value**2 for value in found)), loadings=found)


def _three(r: Matrix) -> Matrix | None:
    """Solve three items exactly: λ₁² = r₁₂·r₁₃/r₂₃."""
    pairs = r[0, 1], r[0, 2], r[1, 2]
    if min(pairs) <= 0:
        return None
    squares = pairs[0] * pairs[1] / pairs[2], pairs[0] * pairs[2] / pairs[1]
    return np.asarray(np.sqrt([*squares, pairs[1] * pairs[2] / pairs[0]]))


def _principal_axis(r: Matrix) -> Matrix | None:
    """Iterate principal axes for one factor of four items and more (least squares)."""
    reduced = r.copy()
    shared = np.max(np.abs(r - np.eye(len(r))), axis=0)
    loadings = np.zeros(len(r))
    for _ in range(ITERATIONS):
        np.fill_diagonal(reduced, shared)
        values, vectors = np.linalg.eigh(reduced)
        if values[-1] <= 0:
            return None
        loadings = vectors[:, -1] * math.sqrt(values[-1])
        if np.max(np.abs(loadings**2 - shared)) < CONVERGED:
            break
        shared = loadings**2
        if np.max(shared) > 1:
            break
    return np.asarray(loadings * np.sign(loadings.sum() or 1.0))


def _feldt(alpha: float, n: int, k: int, level: float) -> tuple[float, float]:
    tail = (1 - checked_level(level)) / 2
    df = n - 1, (n - 1) * (k - 1)
    low = 1 - (1 - alpha) * float(fdtri(*df, 1 - tail))
    return low, 1 - (1 - alpha) * float(fdtri(*df, tail))


def _standardized(answers: Matrix) -> float | None:
    if np.any(np.ptp(answers, axis=0) == 0):
        return None
    k = answers.shape[1]
    r = np.corrcoef(answers, rowvar=False)
    mean = (r.sum() - k) / (k * (k - 1))
    spread = 1 + (k - 1) * mean
    return float(k * mean / spread) if spread > CONVERGED else None


def _item_rest(answers: Matrix, item: int) -> float | None:
    own = answers[:, item]
    rest = answers.sum(axis=1) - own
    if np.ptp(own) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(own, rest)[0, 1])
