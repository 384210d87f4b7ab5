"""What goes with recommending: Johnson's relative weights. Association, not cause.

Johnson (2000), "A heuristic method for estimating the relative weight of predictor variables in
multiple regression", Multivariate Behavioral Research 35(1), 1–19.
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
    covariance,
    of_rows,
    resampled,
)
from surveys.messages import mark

if TYPE_CHECKING:
    import pandas as pd

ROWS_PER_PREDICTOR = 10
SINGULAR = 1e-10


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
    _check_varied(found.answers, names)
    found = found._replace(answers=found.answers / found.answers.std(axis=0))
    r = correlations(covariance(found))
    _check_repeated(r[0])
    [weights] = relative(r)
    low, high = _mirrored(weights, *resampled(found, _weights, checked_level(level), seed))
    r_squared = float(weights.sum())
    drivers = [
        Predictor(
            name=name,
            weight=float(weights[i]),
            share=float(100 * weights[i] / r_squared) if r_squared else 0.0,
            low=float(low[i]),
            high=float(high[i]),
            correlation=float(r[0, 1 + i, 0]),
        )
        for i, name in enumerate(names[1:])
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


def _check_varied(values: Matrix, names: Sequence[str]) -> None:
    for name, spread in zip(names, np.ptp(values, axis=0), strict=True):
        if spread == 0:
            raise BadInput(field=name, problem=mark("does not vary, so nothing can go with it"))


def _check_repeated(r: Matrix) -> None:
    if np.linalg.eigvalsh(r[1:, 1:])[0] < SINGULAR:
        raise BadInput(
            field="predictors",
            problem=mark("repeat each other: leave out one that the others determine"),
        )


def _weights(covariances: Matrix) -> Matrix:
    return relative(correlations(covariances))


def relative(r: Matrix) -> Matrix:
    """Return the weights ε = Λ²·β² of correlations (… × k × k), the target first.

    R_xx = VDV′, Λ = VD^½V′, β = Λ⁻¹r_xy.
    """
    values, vectors = np.linalg.eigh(r[..., 1:, 1:])
    roots = np.sqrt(np.clip(values, SINGULAR, None))[..., None, :]
    turned = np.swapaxes(vectors, -1, -2)
    loadings = (vectors * roots) @ turned
    beta = (vectors / roots) @ (turned @ r[..., 1:, :1])
    return np.asarray((loadings**2 @ beta**2)[..., 0])
