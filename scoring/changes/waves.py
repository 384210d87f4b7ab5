"""One group asked twice, before and after: paired t, effect size, Wilcoxon's test.

Differences are after − before. Plain textbook statistics, beside the adjusted interval of
`difference.mean_change`.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.intervals import two_sided_p
from surveys.messages import mark

SMALLEST_N = 2
WILCOXON_MAX = 200
NOISE_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTest:
    """Mean and SD of the differences, in the answers' unit; None where all differences agree.

    `d_z` is the mean difference in standard deviations of the differences [Cohen 1988].
    """

    n: int
    mean_difference: float
    sd: float
    t: float | None
    df: int
    p_value: float | None
    d_z: float | None
    wilcoxon_p: float | None


def paired(before: Sequence[float], after: Sequence[float]) -> PairedTest:
    """Return the paired t test with d_z, and Wilcoxon's exact p for up to 200 pairs."""
    differences = _differences(before, after)
    n, mean, sd = len(differences), fmean(differences), stdev(differences)
    t = mean / (sd / math.sqrt(n)) if sd else None
    return PairedTest(
        n=n,
        mean_difference=mean,
        sd=sd,
        t=t,
        df=n - 1,
        p_value=None if t is None else two_sided_p(t, n - 1),
        d_z=mean / sd if sd else None,
        wilcoxon_p=wilcoxon(differences) if n <= WILCOXON_MAX else None,
    )


def wilcoxon(differences: Sequence[float]) -> float | None:
    """Return the exact two-sided p of Wilcoxon's signed-rank test; None when nothing changed.

    Zeros are dropped and ties share their mean rank; the distribution is enumerated over all
    signs, so ties need no correction [Wilcoxon 1945].
    """
    changed = [value for value in differences if value]
    if not changed:
        return None
    ranks = _doubled_ranks([abs(value) for value in changed])
    found = sum(rank for rank, value in zip(ranks, changed, strict=True) if value > 0)
    ways = Counter({0: 1})
    for rank in ranks:
        ways += Counter({total + rank: count for total, count in ways.items()})
    extreme = abs(2 * found - sum(ranks))
    tail = sum(count for total, count in ways.items() if abs(2 * total - sum(ranks)) >= extreme)
    return tail / (1 << len(ranks))


def _differences(before: Sequence[float], after: Sequence[float]) -> list[float]:
    if len(before) != len(after):
        raise BadInput(
            field="after",
            problem=mark("{after} answers for {before} before"),
            after=len(after),
            before=len(before),
        )
    if not all(math.isfinite(value) for value in (*before, *after)):
        raise BadInput(field="before", problem=mark("answers must be numbers"))
    if len(before) < SMALLEST_N:
        raise NotEnoughData(what=mark("paired test"), needed=SMALLEST_N, have=len(before))
    return [round(b - a, NOISE_DIGITS) for a, b in zip(before, after, strict=True)]


def _doubled_ranks(sizes: Sequence[float]) -> list[int]:
    """Twice the mean ranks, so that ties stay whole numbers."""
    return [
        2 * sum(other < size for other in sizes) + sum(other == size for other in sizes) + 1
        for size in sizes
    ]
