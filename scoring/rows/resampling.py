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
"""Covariances (samples × k × k) → figures (samples × m); a sample that has none may be left out.

The first sample is that of all respondents, or of all firms.
"""
ALONE: Final = -1
TINY: Final = 1e-10
RESAMPLES: Final = 200
"""Samples drawn: few, so that a digest is quick. An end errs by a tenth of its distance from the
figure.
"""
AT_ONCE: Final = 1_000_000
"""Numbers held together, so that samples of many respondents need little memory."""
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
    """What is drawn: a column of `sums` for each row of answers or firm, and how often it is.

    The sums are those of 1, of the answers' `columns` and of their products: covariances need no
    more.
    """

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
    spread = np.sqrt(np.maximum(stacked.diagonal(axis1=1, axis2=2), 0))
    varied = (spread > TINY).all(axis=1)
    if not varied.all():
        stacked, spread = stacked[varied], spread[varied]
    return np.asarray(stacked / (spread[:, :, None] * spread[:, None, :]))


def resampled(
    found: Respondents, statistic: Statistic, level: float, seed: int = 0
) -> tuple[Matrix, Matrix, Matrix]:
    """Return the statistic's figures, their lower and their upper ends, reproducible by the seed.

    With colleagues each interval holds that of respondents drawn one by one: what they share must
    not make anything surer. Raises NotEnoughData below ten firms.
    """
    alone = _one_by_one(found)
    figures, low, high = _ends(alone, statistic, level, seed)
    if not found.of_firms:
        return figures, low, high
    together = _by_firm(alone, found.firms)
    if (firms := int(together.often.sum())) < FEWEST_FIRMS:
        raise NotEnoughData(what=mark("firms"), needed=FEWEST_FIRMS, have=firms)
    _, *of_firms = _ends(together, statistic, level, seed)
    return figures, np.minimum(low, of_firms[0]), np.maximum(high, of_firms[1])


def _one_by_one(found: Respondents) -> _Drawn:
    values = (found.answers - found.often @ found.answers / found.n).T
    pairs = values[:, None] * values
    ones = np.ones((1, len(found.answers)))
    return _Drawn(np.concatenate([ones, values, *pairs]), found.often, len(values))


def _by_firm(one_by_one: _Drawn, firms: Whole) -> _Drawn:
    sums, often, columns = one_by_one
    alone = firms == ALONE
    known, which = np.unique(firms[~alone], return_inverse=True)
    together = np.zeros((len(known), len(sums)))
    np.add.at(together, which, (sums[:, ~alone] * often[~alone]).T)
    ones = np.ones(len(known), dtype=np.int64)
    drawn = np.hstack([sums[:, alone], together.T])
    return _Drawn(drawn, np.concatenate([often[alone], ones]), columns)


def _ends(
    drawn: _Drawn, statistic: Statistic, level: float, seed: int
) -> tuple[Matrix, Matrix, Matrix]:
    random = np.random.default_rng(seed)
    step = max(AT_ONCE // len(drawn.often), 1)
    sums = [
        _sums(drawn, random, min(step, RESAMPLES - begun)) for begun in range(0, RESAMPLES, step)
    ]
    everybody = (drawn.sums @ drawn.often)[:, None]
    found = statistic(_covariances(np.hstack([everybody, *sums]), drawn.columns))
    figures, tail = np.sort(found[1:], axis=0), (1 - level) / 2
    return found[0], _percentile(figures, tail), _percentile(figures, 1 - tail)


def _percentile(ordered: Matrix, share: float) -> Matrix:
    """Return the figure of rank share·(B + 1) of B in order [Davison & Hinkley 1997, 2.4]."""
    place = min(max(share * (len(ordered) + 1) - 1, 0), len(ordered) - 1)
    below = min(int(place), len(ordered) - 2)
    return np.asarray(ordered[below] + (place - below) * (ordered[below + 1] - ordered[below]))


def _sums(drawn: _Drawn, random: "np.random.Generator", samples: int) -> Matrix:
    """Return the sums of so many samples, one in each column.

    The product is quick on one thread, which the program's start tells the library to keep to.
    """
    return np.asarray(drawn.sums @ _times(random, drawn.often, samples).T.astype(np.float64))


def _times(random: "np.random.Generator", often: Whole, samples: int) -> Whole:
    """Return how often each row comes in each of the samples of as many as there are."""
    n = int(often.sum())
    if n >= MANY:
        return random.multinomial(n, often / n, samples)
    # The same numbers as without a type, in two thirds of the time.
    whose = random.integers(n, size=(samples, n), dtype=np.uint64).view(np.int64)
    if (often != 1).any():
        whose = np.repeat(np.arange(len(often)), often)[whose]
    whose += len(often) * np.arange(samples)[:, None]
    return np.bincount(whose.ravel(), minlength=samples * len(often)).reshape(samples, -1)


def _covariances(sums: Matrix, columns: int) -> Matrix:
    """Return a matrix of each sample's sums; firms differ in size, and so do samples of firms.

    Samples lie side by side in memory: what is done with each cell of all is quickest so.
    """
    parts = sums[1:] / sums[0]
    means, products = parts[:columns], parts[columns:].reshape(columns, columns, -1)
    return np.moveaxis(products - means[:, None] * means, -1, 0)
