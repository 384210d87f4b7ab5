"""Bootstrap percentiles of what covariances tell: respondents, or their firms, are drawn again.

Colleagues answer alike, so where firms are known whole firms are drawn [Davison & Hinkley 1997,
Bootstrap Methods and their Application, 3.8]; whoever has no colleague is a firm of one.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from scoring.errors import NotEnoughData
from scoring.estimates.firms import FEWEST_FIRMS
from surveys.messages import mark

if TYPE_CHECKING:
    import pandas as pd

Matrix = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Statistic = Callable[[Matrix], Matrix]
"""Covariances (samples × k × k) → figures (samples × m); a sample that has none may be left out."""
ALONE: Final = -1
TINY: Final = 1e-10
RESAMPLES: Final = 200
"""Samples drawn: few, so that a digest is quick. An end errs by a tenth of its distance from the
figure.
"""
AT_ONCE: Final = 100
"""Samples multiplied together, so that those of many respondents need little memory."""
MANY: Final = 5000
"""From this many respondents on, it is quicker to draw how often each row comes than each draw."""


class Respondents(NamedTuple):
    """Complete answers: `often[i]` respondents of firm `firms[i]` gave the `answers` of row i.

    `firms` holds `ALONE` for those who have no colleagues.
    """

    answers: Matrix
    often: Whole
    firms: Whole

    @property
    def n(self) -> int:
        """Return how many there are."""
        return int(self.often.sum())

    @property
    def of_firms(self) -> bool:
        """Tell whether any colleagues are among them."""
        together = self.firms[self.firms != ALONE]
        return len(together) > 0 and (
            len(np.unique(together)) < self.often[self.firms != ALONE].sum()
        )


class _Drawn(NamedTuple):
    """What is drawn: sums over 1, the `columns` and their products, and how often each row is."""

    sums: Matrix
    often: Whole
    columns: int


def of_rows(rows: "pd.DataFrame", firms: "pd.Series[int] | None") -> tuple[Respondents, int]:
    """Return the complete rows, a respondent each, and how many were not; numbers as firms."""
    values = rows.to_numpy(dtype=np.float64, na_value=np.nan)
    whose = np.full(len(values), ALONE)
    if firms is not None:
        whose = firms.reindex(rows.index).to_numpy(dtype=np.float64, na_value=ALONE)
    kept = np.isfinite(values).all(axis=1)
    n = int(kept.sum())
    found = Respondents(values[kept], np.ones(n, dtype=np.int64), whose[kept].astype(np.int64))
    return found, len(values) - n


def covariance(found: Respondents) -> Matrix:
    """Return the columns' covariances (k × k), with the divisor n."""
    values = found.answers - found.often @ found.answers / found.n
    return np.asarray((found.often[:, None] * values).T @ values / found.n)


def correlations(covariances: Matrix) -> Matrix:
    """Return those of samples (× k × k), without the samples where a column is constant."""
    stacked = covariances.reshape(-1, *covariances.shape[-2:])
    spread = np.sqrt(np.clip(np.diagonal(stacked, axis1=1, axis2=2), 0, None))
    varied = (spread > TINY).all(axis=1)
    scale = spread[varied][:, :, None] * spread[varied][:, None, :]
    return np.asarray(stacked[varied] / scale)


def resampled(
    found: Respondents, statistic: Statistic, level: float, seed: int = 0
) -> tuple[Matrix, Matrix]:
    """Return the lower and the upper ends of the statistic's figures, reproducible by the seed.

    With colleagues each interval holds that of respondents drawn one by one: what they share must
    not make anything surer. Raises NotEnoughData below ten firms.
    """
    alone = _one_by_one(found)
    low, high = _ends(alone, statistic, level, seed)
    if not found.of_firms:
        return low, high
    together = _by_firm(alone, found.firms)
    if (firms := int(together.often.sum())) < FEWEST_FIRMS:
        raise NotEnoughData(what=mark("firms"), needed=FEWEST_FIRMS, have=firms)
    of_firms = _ends(together, statistic, level, seed)
    return np.minimum(low, of_firms[0]), np.maximum(high, of_firms[1])


def _one_by_one(found: Respondents) -> _Drawn:
    """Draw with sums of 1, of centred values and of their products: covariances need no more."""
    values = found.answers - found.often @ found.answers / found.n
    pairs = values[:, :, None] * values[:, None, :]
    sums = np.hstack([np.ones((len(values), 1)), values, pairs.reshape(len(values), -1)])
    return _Drawn(sums, found.often, values.shape[1])


def _by_firm(one_by_one: _Drawn, firms: Whole) -> _Drawn:
    sums, often, columns = one_by_one
    alone = firms == ALONE
    known, which = np.unique(firms[~alone], return_inverse=True)
    together = np.zeros((len(known), sums.shape[1]))
    np.add.at(together, which, sums[~alone] * often[~alone, None])
    ones = np.ones(len(known), dtype=np.int64)
    return _Drawn(np.vstack([sums[alone], together]), np.concatenate([often[alone], ones]), columns)


def _ends(drawn: _Drawn, statistic: Statistic, level: float, seed: int) -> tuple[Matrix, Matrix]:
    random = np.random.default_rng(seed)
    found = [
        statistic(_covariances(drawn, _times(random, drawn.often)))
        for _ in range(RESAMPLES // AT_ONCE)
    ]
    figures = np.sort(np.concatenate(found), axis=0)
    tail = (1 - level) / 2
    return _percentile(figures, tail), _percentile(figures, 1 - tail)


def _percentile(ordered: Matrix, share: float) -> Matrix:
    """Return the figure of rank share·(B + 1) of B in order [Davison & Hinkley 1997, 2.4]."""
    place = min(max(share * (len(ordered) + 1) - 1, 0), len(ordered) - 1)
    below = min(int(place), len(ordered) - 2)
    return np.asarray(ordered[below] + (place - below) * (ordered[below + 1] - ordered[below]))


def _times(random: np.random.Generator, often: Whole) -> Whole:
    """Return how often each row comes in each of `AT_ONCE` samples of as many as there are."""
    n = int(often.sum())
    if n >= MANY:
        return random.multinomial(n, often / n, AT_ONCE)
    whose = np.repeat(np.arange(len(often)), often)[random.integers(n, size=(AT_ONCE, n))]
    whose += len(often) * np.arange(AT_ONCE)[:, None]
    return np.bincount(whose.ravel(), minlength=AT_ONCE * len(often)).reshape(AT_ONCE, -1)


def _covariances(drawn: _Drawn, times: Whole) -> Matrix:
    """Return a matrix for each row of `times`; firms differ in size, and so do samples of firms.

    The product is quick on one thread, which the program's start tells the library to keep to.
    """
    sums = times.astype(np.float64) @ drawn.sums
    sums /= sums[:, :1].copy()
    means, products = np.split(sums[:, 1:], [drawn.columns], axis=1)
    square = products.reshape(-1, drawn.columns, drawn.columns)
    return np.asarray(square - means[:, :, None] * means[:, None, :])
