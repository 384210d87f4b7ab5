"""Medians of times, of which some are not over yet, with distribution-free intervals.

The interval lies between two order statistics whose ranks the binomial distribution gives:
Conover (1999), "Practical Nonparametric Statistics", 3rd ed., section 3.2.
"""

import math
from collections.abc import Sequence

from surveys.reports.casework import Median


def median_with_interval(
    times: Sequence[float], waiting: int = 0, level: float = 0.95
) -> Median | None:
    """Return the median of finished `times` and of `waiting` ones that last longer than any.

    An end that no finished time reaches is None; so is the median where more than half wait. With
    fewer than six values no two ranks have the level, and both ends are None. None without values.

    >>> median_with_interval([1, 2, 3, 4, 5, 6])
    Median(value=3.5, low=1, high=6, n=6, waiting=0, level=0.95)
    """
    n = len(times) + waiting
    if n == 0:
        return None
    ordered = [*sorted(times), *[math.inf] * waiting]
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    rank = _rank(n, level)
    low, high = (None, None) if rank == 0 else (ordered[rank - 1], ordered[n - rank])
    return Median(
        value=_finite(middle),
        low=_finite(low),
        high=_finite(high),
        n=n,
        waiting=waiting,
        level=level,
    )


def _rank(n: int, level: float) -> int:
    """Return the greatest k for which the k-th values from both ends hold the median so often.

    P(the median lies outside) = 2·P(X < k), X of Binomial(n, 1/2).
    """
    allowed, below, k = (1 - level) / 2, 0.0, 0
    while k <= n // 2:
        below += math.comb(n, k) / 2**n
        if below > allowed:
            break
        k += 1
    return k


def _finite(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else value
