"""What goes with recommending: Johnson's relative weights. Association, not cause.

Johnson (2000), "A heuristic method for estimating the relative weight of predictor variables in
multiple regression", Multivariate Behavioral Research 35(1), 1–19. Roots of many matrices:
Higham (2008), Functions of Matrices, 6.7.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.intervals import checked_level
from scoring.rows.resampling import (
    Matrix,
    Respondents,
    correlations,
    of_rows,
    resampled,
)
from surveys.messages import mark

if TYPE_CHECKING:
    import pandas as pd

ROWS_PER_PREDICTOR = 10
SINGULAR = 1e-10
ROUNDS = 12
SQUARED_IS_NOTHING = 1e-8
SCALED_TO = 1.9
"""The greatest eigenvalue with which the iteration begins; it converges below 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictor:
    """One predictor: its part of R², that part of the whole, its interval, the correlation.

    `weight` and low…high are parts of R² (0–1), `share` is in percent of R². A predictor of no
    worth still has a positive weight: read the weight beside the others.
    """

    name: str
    weight: float
    share: float
    low: float
    high: float
    correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeWeights:
    """The predictors, heaviest first, over `n` complete rows; `missing` were left out."""

    n: int
    missing: int
    r_squared: float
    level: float
    drivers: tuple[Predictor, ...]

    def frame(self) -> "pd.DataFrame":
        """Return the predictors by name: weight, share, low, high, correlation."""
        import pandas as pd  # noqa: PLC0415 - a digest needs none, and it takes long to load

        return pd.DataFrame([asdict(one) for one in self.drivers]).set_index("name")


def relative_weights(
    rows: "pd.DataFrame",
    target: str,
    *,
    firms: "pd.Series[int] | None" = None,
    level: float = 0.95,
    allow_few: bool = False,
    seed: int = 0,
) -> RelativeWeights:
    """Return Johnson's relative weights of the predictors of the target, with R² as their sum.

    `rows`: one per respondent; the column `target` is explained by all others. `firms`: each
    respondent's firm, missing for those without one. The interval is a bootstrap over respondents,
    where firms are known over firms, reproducible by its seed. Raises NotEnoughData below ten
    complete rows for each predictor (with `allow_few`: below predictors + 2) and where there are
    colleagues of fewer than ten firms; BadInput where a column does not vary or repeats another.
    """
    if target not in rows:
        raise BadInput(field=target, problem=mark("is no column of the rows"))
    others = rows.drop(columns=target)
    if not len(others.columns):
        raise NotEnoughData(what=mark("predictors"), needed=1, have=0)
    found, missing = of_rows(rows[[target, *others.columns]], firms)
    _check_size(found.n, len(others.columns), allow_few=allow_few)
    names = [target, *map(str, others.columns)]
    return of_respondents(found, names, missing=missing, level=level, seed=seed)


def of_respondents(
    found: Respondents,
    names: Sequence[str],
    *,
    missing: int = 0,
    level: float = 0.95,
    seed: int = 0,
) -> RelativeWeights:
    """Return the same of complete answers, the target in the first column; `names` are all columns.

    Raises as `relative_weights` does, but does not count the respondents.
    """
    spread = np.ptp(found.answers, axis=0)
    _check_varied(spread, names)
    found = found._replace(answers=found.answers / spread)
    k = len(names) - 1
    figures, least, most = resampled(found, _weights, checked_level(level), seed)
    weights, correlated = figures[:k], figures[k:]
    low, high = _mirrored(weights, least[:k], most[:k])
    r_squared = float(weights.sum())
    drivers = [
        Predictor(
            name=name,
            weight=weight,
            share=100 * weight / r_squared if r_squared else 0.0,
            low=from_,
            high=to,
            correlation=r,
        )
        for name, weight, from_, to, r in zip(
            names[1:], *(one.tolist() for one in (weights, low, high, correlated)), strict=True
        )
    ]
    return RelativeWeights(
        n=found.n,
        missing=missing,
        r_squared=r_squared,
        level=level,
        drivers=tuple(sorted(drivers, key=lambda driver: -driver.weight)),
    )


def _mirrored(weights: Matrix, low: Matrix, high: Matrix) -> tuple[Matrix, Matrix]:
    """Return intervals that reach as far to both sides as the percentiles do to the farther one.

    Weights come of squares, so resamples lie above the weight, which itself lies above the truth.
    Percentiles alone hold it in .92 of samples, and never where nothing goes with recommending:
    tests/scoring/rows/simulated_drivers.py.
    """
    reach = np.maximum(weights - low, high - weights)
    return np.maximum(weights - reach, 0), np.minimum(weights + reach, 1)


def _check_size(rows: int, predictors: int, *, allow_few: bool) -> None:
    needed = predictors + 2 if allow_few else ROWS_PER_PREDICTOR * predictors
    needed = max(needed, predictors + 2)
    if rows < needed:
        raise NotEnoughData(what=mark("complete rows"), needed=needed, have=rows)


def _check_varied(spreads: Matrix, names: Sequence[str]) -> None:
    for name, spread in zip(names, spreads.tolist(), strict=True):
        if spread == 0:
            raise BadInput(field=name, problem=mark("does not vary, so nothing can go with it"))


def _weights(covariances: Matrix) -> Matrix:
    """Return the weights, and the correlations with the target."""
    r = correlations(covariances)
    return np.hstack([relative(r), r[:, 1:, 0]])


def relative(r: Matrix) -> Matrix:
    """Return the weights ε = Λ²·β² of correlations (samples × k × k), the target first.

    R_xx = VDV′, Λ = VD^½V′, β = Λ⁻¹r_xy. Λ and Λ⁻¹ are found by products alone, for decompositions
    take twice as long: Newton and Schulz's iteration. After its first round Λ⁻¹R_xxΛ⁻¹ is at most
    one, and what it lacks is squared by each round. Where predictors nearly repeat each other in a
    sample that takes long, and all samples are decomposed. Raises BadInput where predictors of the
    first sample repeat each other.
    """
    between, target = np.ascontiguousarray(r[:, 1:, 1:]), r[:, 1:, :1]
    largest = np.abs(r[:, 1:, 1:]).sum(axis=2).max(axis=1)
    root = between * (SCALED_TO / largest)[:, None, None]
    most = 1.5 * np.eye(root.shape[-1])
    inverse = most - 0.5 * root
    root = root @ inverse
    for _ in range(ROUNDS):
        step = most - 0.5 * (inverse @ root)
        root, inverse = root @ step, step @ inverse
        if step.max() < 1 + SQUARED_IS_NOTHING:
            return _of_roots(root, inverse @ target)
    return _decomposed(between, target)


def _decomposed(between: Matrix, target: Matrix) -> Matrix:
    values, vectors = np.linalg.eigh(between)
    if values[0, 0] < SINGULAR:
        raise BadInput(
            field="predictors",
            problem=mark("repeat each other: leave out one that the others determine"),
        )
    roots = np.sqrt(np.clip(values, SINGULAR, None))[:, None, :]
    turned = np.swapaxes(vectors, 1, 2)
    return _of_roots((vectors * roots) @ turned, (vectors / roots) @ (turned @ target))


def _of_roots(loadings: Matrix, beta: Matrix) -> Matrix:
    """Return Λ²·β². What scales R_xx makes Λ larger and β smaller, and cancels out."""
    return np.asarray((loadings**2 @ beta**2)[:, :, 0])
