"""What goes with recommending: Johnson's relative weights. Association, not cause.

Johnson (2000), "A heuristic method for estimating the relative weight of predictor variables in
multiple regression", Multivariate Behavioral Research 35(1), 1–19.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.intervals import checked_level
from surveys.messages import mark

Matrix = npt.NDArray[np.float64]
ROWS_PER_PREDICTOR = 10
RESAMPLES = 400
AT_ONCE = 100
MANY = 5000
FEW_RESAMPLES = 200
"""Enough where there are `MANY` respondents: their intervals are narrow."""
SINGULAR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
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
class Drivers:
    """The predictors, heaviest first, over `n` complete rows; `missing` were left out."""

    n: int
    missing: int
    r_squared: float
    level: float
    drivers: tuple[Driver, ...]

    def frame(self) -> pd.DataFrame:
        """Return the predictors by name: weight, share, low, high, correlation."""
        return pd.DataFrame([asdict(one) for one in self.drivers]).set_index("name")


def relative_weights(
    rows: pd.DataFrame,
    target: str,
    *,
    level: float = 0.95,
    allow_few: bool = False,
    seed: int = 0,
) -> Drivers:
    """Return Johnson's relative weights of the predictors of the target, with R² as their sum.

    `rows`: a respondent each; the column `target` is explained by all others. The interval is a
    percentile bootstrap over respondents, reproducible by its seed. Raises NotEnoughData below ten
    complete rows a predictor (with `allow_few`: below predictors + 2); BadInput where a column
    does not vary or repeats another.
    """
    predictors = [str(name) for name in rows.columns if name != target]
    data, missing = _complete(rows, target)
    _check_size(len(data), len(predictors), allow_few=allow_few)
    _check_columns(data, [target, *predictors])
    weights, correlations = _weights(data)
    low, high = _bootstrap(data, checked_level(level), seed)
    r_squared = float(weights.sum())
    found = [
        Driver(
            name=name,
            weight=float(weights[i]),
            share=float(100 * weights[i] / r_squared) if r_squared else 0.0,
            low=float(min(low[i], weights[i])),
            high=float(max(high[i], weights[i])),
            correlation=float(correlations[i]),
        )
        for i, name in enumerate(predictors)
    ]
    return Drivers(
        n=len(data),
        missing=missing,
        r_squared=r_squared,
        level=level,
        drivers=tuple(sorted(found, key=lambda driver: -driver.weight)),
    )


def _complete(rows: pd.DataFrame, target: str) -> tuple[Matrix, int]:
    """Return the complete rows, the target first, and how many were not."""
    if target not in rows:
        raise BadInput(field=target, problem=mark("is no column of the rows"))
    others = rows.drop(columns=target)
    if others.empty and not len(others.columns):
        raise NotEnoughData(what=mark("predictors"), needed=1, have=0)
    data = np.column_stack([rows[target], others]).astype(np.float64)
    kept = data[np.isfinite(data).all(axis=1)]
    return kept, len(data) - len(kept)


def _check_size(rows: int, predictors: int, *, allow_few: bool) -> None:
    needed = predictors + 2 if allow_few else ROWS_PER_PREDICTOR * predictors
    needed = max(needed, predictors + 2)
    if rows < needed:
        raise NotEnoughData(what=mark("complete rows"), needed=needed, have=rows)


def _check_columns(data: Matrix, names: Sequence[str]) -> None:
    for name, spread in zip(names, np.ptp(data, axis=0), strict=True):
        if spread == 0:
            raise BadInput(field=name, problem=mark("does not vary, so nothing can go with it"))
    if np.linalg.eigvalsh(np.atleast_2d(np.corrcoef(data[:, 1:], rowvar=False)))[0] < SINGULAR:
        raise BadInput(
            field="predictors",
            problem=mark("repeat each other: leave out one that the others determine"),
        )


def _weights(data: Matrix) -> tuple[Matrix, Matrix]:
    """Return the weights and the correlations with the target, which is the first column."""
    r = np.asarray(np.corrcoef(data, rowvar=False))
    return _relative(r), r[1:, 0]


def _relative(r: Matrix) -> Matrix:
    """Return ε = Λ²·β² of correlations (or of many such matrices), the target first.

    R_xx = VDV′, Λ = VD^½V′, β = Λ⁻¹r_xy.
    """
    values, vectors = np.linalg.eigh(r[..., 1:, 1:])
    roots = np.sqrt(np.clip(values, SINGULAR, None))[..., None, :]
    turned = np.swapaxes(vectors, -1, -2)
    loadings = (vectors * roots) @ turned
    beta = (vectors / roots) @ turned @ r[..., 1:, :1]
    return np.asarray((loadings**2 @ beta**2)[..., 0])


def _bootstrap(data: Matrix, level: float, seed: int) -> tuple[Matrix, Matrix]:
    """Draw respondents again and again: how often each different row comes is multinomial."""
    random = np.random.default_rng(seed)
    rows, often = np.unique(data, axis=0, return_counts=True)
    rows = (rows - data.mean(axis=0)) / data.std(axis=0)
    columns = rows.shape[1]
    products = np.hstack([rows, (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)])
    drawn = []
    resamples = RESAMPLES if len(data) < MANY else FEW_RESAMPLES
    for _ in range(resamples // AT_ONCE):
        times = random.multinomial(len(data), often / len(data), AT_ONCE)
        sums = times @ products / len(data)
        means = sums[:, :columns]
        between = sums[:, columns:].reshape(-1, columns, columns)
        between = between - means[:, :, None] * means[:, None, :]
        spread = np.sqrt(np.clip(np.diagonal(between, axis1=1, axis2=2), 0, None))
        varied = (spread > SINGULAR).all(axis=1)
        scale = spread[varied][:, :, None] * spread[varied][:, None, :]
        drawn.append(_relative(between[varied] / scale))
    tail = (1 - level) / 2
    low, high = np.quantile(np.concatenate(drawn), [tail, 1 - tail], axis=0)
    return low, high
