"""The NPS as it would be if the segments had answered in the proportions in which they were asked.

Each segment's answers weigh as much as its delivered invitations (post-stratification). That
corrects the mix of segments and nothing else, so it stands beside the raw score. The interval is
that of the weighted shares with Kish's effective number of answers [Kish 1965, "Survey Sampling"],
which weighting never makes narrower. Scores in points.
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from scoring.errors import NotEnoughData, enough
from scoring.estimates import nps
from scoring.estimates.intervals import Interval, two_sided_z
from scoring.estimates.nps import Segments
from surveys.counts.minima import MIN_SCORE
from surveys.messages import mark
from surveys.reports.scores import WeightedPart, WeightedScore

SMALLEST_STRATUM: Final = 5
FEWEST_STRATA: Final = 2


class Stratum(NamedTuple):
    """One segment's answers and its delivered invitations."""

    answers: Segments
    delivered: int


def weighted(strata: Mapping[str, Stratum], *, level: float = 0.95) -> WeightedScore:
    """Return the score weighted to the delivered invitations of each segment.

    Strata of fewer than five answers are merged; one that nobody answered is left out and named.
    Raises NotEnoughData below ten answers, or where fewer than two strata are left.
    """
    asked = {name: one for name, one in strata.items() if one.delivered > 0}
    enough(mark("NPS"), sum(one.answers.n for one in asked.values()), MIN_SCORE)
    groups = _merged({name: one for name, one in asked.items() if one.answers.n})
    if len(groups) < FEWEST_STRATA:
        raise NotEnoughData(what=mark("segments"), needed=FEWEST_STRATA, have=len(groups))
    total = sum(one.delivered for one in groups.values())
    weights = {names: one.delivered / total for names, one in groups.items()}
    kish = 1 / math.fsum(weights[names] ** 2 / one.answers.n for names, one in groups.items())
    shares = [
        math.fsum(weights[names] * one.answers[i] / one.answers.n for names, one in groups.items())
        for i in range(3)
    ]
    ends = _interval(shares[0], shares[2], kish, level)
    return WeightedScore(
        n=sum(one.answers.n for one in groups.values()),
        kish=kish,
        score=nps.POINTS * (shares[2] - shares[0]),
        low=ends.low,
        high=ends.high,
        level=level,
        parts=tuple(
            WeightedPart(segments=names, answers=one.answers.n, weight=weights[names])
            for names, one in groups.items()
        ),
        empty=tuple(name for name, one in asked.items() if not one.answers.n),
    )


def _merged(strata: Mapping[str, Stratum]) -> dict[tuple[str, ...], Stratum]:
    """Join the strata of few answers, the fewest first, until none is left."""
    groups: dict[tuple[str, ...], Stratum] = {(name,): one for name, one in sorted(strata.items())}
    while len(groups) > 1:
        by_size = sorted(groups, key=lambda names: (groups[names].answers.n, names))
        smallest, next_one = by_size[:2]
        if groups[smallest].answers.n >= SMALLEST_STRATUM:
            break
        first, second = groups.pop(smallest), groups.pop(next_one)
        answers = Segments(*map(sum, zip(first.answers, second.answers, strict=True)))
        joined = Stratum(answers, first.delivered + second.delivered)
        groups[tuple(sorted((*smallest, *next_one)))] = joined
    return groups


def _interval(detractors: float, promoters: float, n: float, level: float) -> Interval:
    """Return the adjusted Wald (3, T) interval of weighted shares."""
    together = n + nps.PSEUDO_ANSWERS
    mean = n * (promoters - detractors) / together
    decided = (n * (promoters + detractors) + nps.PSEUDO_ANSWERS / 2) / together
    half = two_sided_z(level) * math.sqrt((decided - mean**2) / together)
    ends = Interval(mean - half, mean + half).clipped(-1, 1).including(promoters - detractors)
    return Interval(nps.POINTS * ends.low, nps.POINTS * ends.high)
