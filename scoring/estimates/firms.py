"""Business customers: colleagues of one firm answer alike, and a firm may have one vote.

The interval of the NPS where colleagues answer is CR2, the bias-reduced cluster variance, with
Satterthwaite's degrees of freedom [Bell & McCaffrey 2002, Survey Methodology 28, 169–181;
Pustejovsky & Tipton 2018, Journal of Business & Economic Statistics 36, 672–683]. It is never
printed narrower than the plain one. Scores in points.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from scoring.estimates import nps
from scoring.estimates.accounts import nps_by_account
from scoring.estimates.counts import Counts, total
from scoring.estimates.intervals import Interval, checked_level, quantile
from scoring.estimates.means import MeanEstimate
from scoring.estimates.nps import Segments
from scoring.reports.disclosure import enough
from surveys.messages import mark

KeyT = TypeVar("KeyT", bound=Hashable)
FEWEST_FIRMS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Firms:
    """The NPS of all answers with colleagues taken into account, and with one vote a firm.

    `answers` of so many `firms`; `largest` is the most that one firm gave. `standard_error` and
    `df` are those of CR2.
    """

    firms: int
    answers: int
    largest: int
    score: float
    standard_error: float
    df: float
    low: float
    high: float
    level: float
    by_firm: MeanEstimate


def firms(answers: Mapping[KeyT, Counts], *, level: float = 0.95) -> Firms:
    """Return the score of {firm: its people's 0–10 answers}.

    Raises NotEnoughData below ten firms: of fewer clusters no variance can be told.
    """
    given = {firm: nps.counts_to_segments(counts) for firm, counts in answers.items()}
    given = {firm: one for firm, one in given.items() if one.n}
    enough(mark("firms"), len(given), FEWEST_FIRMS)
    whole = Segments(*(sum(one[i] for one in given.values()) for i in range(3)))
    plain = nps.score(*whole, level=level)
    error, df = clustered([(one.n, one.promoters - one.detractors) for one in given.values()])
    reach = quantile((1 + checked_level(level)) / 2, df) * nps.POINTS * error
    center = nps.POINTS * nps.moments(whole, nps.PSEUDO_ANSWERS).mean
    ends = Interval(center - reach, center + reach).clipped(-nps.POINTS, nps.POINTS)
    return Firms(
        firms=len(given),
        answers=whole.n,
        largest=max(one.n for one in given.values()),
        score=plain.nps,
        standard_error=nps.POINTS * error,
        df=df,
        low=min(plain.low, ends.low),
        high=max(plain.high, ends.high),
        level=level,
        by_firm=nps_by_account({f: c for f, c in answers.items() if total(c)}, level=level),
    )


def clustered(clusters: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Return CR2's standard error of a mean and its degrees of freedom, from (n, sum) a cluster.

    Of a mean the adjustment is 1/√(1 − n_g/n), and the degrees of freedom follow from the same
    matrices under the working model of independent answers.
    """
    n = sum(size for size, _ in clusters)
    mean = math.fsum(value for _, value in clusters) / n
    scale = [1 / (1 - size / n) for size, _ in clusters]
    variance = math.fsum(
        a * (value - size * mean) ** 2 for a, (size, value) in zip(scale, clusters, strict=True)
    )
    own = [a * size * (1 - size / n) for a, (size, _) in zip(scale, clusters, strict=True)]
    cross = [a * size * size / n for a, (size, _) in zip(scale, clusters, strict=True)]
    squares = math.fsum(value**2 for value in own)
    squares += math.fsum(cross) ** 2 - math.fsum(value**2 for value in cross)
    return math.sqrt(variance) / n, math.fsum(own) ** 2 / squares
