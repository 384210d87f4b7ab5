"""A weighted sum of means whose answers hang together in firms: its error, and degrees of freedom.

The error is CR2, the bias-reduced cluster variance [Bell & McCaffrey 2002, Survey Methodology 28,
169–181], of a model with one mean a period. There the adjustment of firm g in period t is the
number 1/√(1 − n_gt/n_t), so counts and sums of each firm suffice. The degrees of freedom are
Satterthwaite's under a working model in which colleagues are as alike as these answers are
[Imbens & Kolesár 2016, Review of Economics and Statistics 98, 701–712]; under one of independent
answers, a firm far larger than the others would be taken for many.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from surveys.counts.figures import Clusters

Matrix = npt.NDArray[np.float64]
MOST_ALIKE: Final = 0.99
"""The most that is assumed: with wholly alike colleagues, a change within firms would not vary."""


@dataclass(frozen=True, slots=True)
class Clustered:
    """The standard error of the weighted sum, its degrees of freedom, how alike colleagues are.

    `likeness` is the correlation of two answers of one firm, 0–1.
    """

    standard_error: float
    df: float
    likeness: float


def clustered(clusters: Clusters, weights: Sequence[float], variance: float) -> Clustered | None:
    """Return the error of Σ wₜ·meanₜ, a weight for each period; `variance` is that of one answer.

    None where one firm alone answered in a period that has a weight: nothing tells how firms
    differ.
    """
    used = [t for t, weight in enumerate(weights) if weight]
    given = np.array(list(clusters), dtype=np.float64)[:, used]
    sizes, sums = given[:, :, 0], given[:, :, 1]
    often = np.array(list(clusters.values()), dtype=np.float64)
    whole = often @ sizes
    if (sizes == whole).any():
        return None
    residuals = sums - sizes * (often @ sums) / whole
    levers = np.array([weights[t] for t in used]) / whole / np.sqrt(1 - sizes / whole)
    error = math.sqrt(often @ (residuals * levers).sum(axis=1) ** 2)
    likeness = _likeness(sizes.sum(axis=1), residuals.sum(axis=1), often, variance)
    return Clustered(error, _degrees(sizes, levers, often, likeness), likeness)


def _likeness(sizes: Matrix, residuals: Matrix, often: Matrix, variance: float) -> float:
    """Return ρ at which the firms' sums scatter as they do: n·σ²·(1 + (n − 1)·ρ)."""
    pairs = float(often @ (sizes * (sizes - 1)))
    if pairs == 0 or variance <= 0:
        return 0.0
    excess = float(often @ residuals**2) / variance - float(often @ sizes)
    return min(max(excess / pairs, 0.0), MOST_ALIKE)


def _degrees(sizes: Matrix, levers: Matrix, often: Matrix, likeness: float) -> float:
    """Return tr(G)²/tr(G²), G being the covariances of the firms' parts: D + U·M·U′.

    With the lever of each firm and period L = n·v, its part N of a period's answers and Λ = ΣₜL:
    D = (1 − ρ)·Σₜn·v² + ρ·Λ², and the means that were taken off add the products of L and Λ·N.
    """
    whole = often @ sizes
    parts, pull = sizes / whole, sizes * levers
    together = pull.sum(axis=1)
    alone = (1 - likeness) * (sizes * levers**2).sum(axis=1) + likeness * together**2
    basis = np.hstack([pull, together[:, None] * parts])
    periods = len(whole)
    middle = np.zeros((2 * periods, 2 * periods))
    shared = (parts * often[:, None]).T @ parts
    middle[:periods, :periods] = likeness * shared - (1 - likeness) * np.diag(1 / whole)
    middle[:periods, periods:] = middle[periods:, :periods] = -likeness * np.eye(periods)
    own = ((basis @ middle) * basis).sum(axis=1)
    products = middle @ (basis * often[:, None]).T @ basis
    trace = often @ (alone + own)
    squares = often @ (alone**2 + 2 * alone * own) + np.trace(products @ products)
    return float(trace**2 / squares)
