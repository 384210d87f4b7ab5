"""Shares (CSAT, response, completion, churn) with Wilson's interval, 0–100.

Wilson (1927), "Probable inference, the law of succession, and statistical inference",
Journal of the American Statistical Association 22, 209–212.
"""

import math
from dataclasses import dataclass

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.counts import Counts, Scale, on_scale, total, whole
from scoring.estimates.intervals import Interval, two_sided_z
from surveys.messages import mark

PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEstimate:
    """`count` of `n`, as a percentage with its interval, 0–100."""

    n: int
    count: int
    share: float
    low: float
    high: float
    level: float


def wilson(count: int, n: int, *, level: float = 0.95) -> ShareEstimate:
    """Return the share of `count` in `n` with Wilson's score interval, 0–100."""
    if whole(n, "n") == 0:
        raise NotEnoughData(what=mark("share"), needed=1, have=0)
    if whole(count, "count") > n:
        raise BadInput(
            field="count", problem=mark("must be at most n = {n}, not {given}"), n=n, given=count
        )
    share = count / n
    ends = _wilson_ends(share, n, two_sided_z(level)).clipped(0, 1).including(share)
    return ShareEstimate(
        n=n,
        count=count,
        share=PERCENT * share,
        low=PERCENT * ends.low,
        high=PERCENT * ends.high,
        level=level,
    )


def _wilson_ends(share: float, n: int, z: float) -> Interval:
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(center - half, center + half)


def at_least(
    counts: Counts, threshold: float, scale: Scale, *, level: float = 0.95
) -> ShareEstimate:
    """Return the share of answers at or above the threshold: CSAT is 4 and up on 1–5."""
    checked = on_scale(counts, scale)
    high = sum(count for value, count in checked.items() if value >= threshold)
    return wilson(high, total(checked), level=level)
