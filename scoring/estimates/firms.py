"""Business customers: colleagues of one firm answer alike, and a firm may have one vote.

The interval of the NPS is that of `scoring.estimates.clusters`, and never narrower than the plain
one. Scores in points.
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

from scoring.errors import enough
from scoring.estimates import nps
from scoring.estimates.accounts import nps_by_account
from scoring.estimates.counts import Counts, total
from scoring.estimates.intervals import Interval, checked_level, quantile
from scoring.estimates.nps import Segments
from surveys.counts.figures import Firm
from surveys.messages import mark
from surveys.reports.scores import FirmsScore

KeyT = TypeVar("KeyT", bound=Hashable)
FEWEST_FIRMS: Final = 10


def firms(answers: Mapping[KeyT, Counts], *, level: float = 0.95) -> FirmsScore:
    """Return the score of {firm: its people's 0–10 answers}.

    Raises NotEnoughData below ten firms, too few clusters for a variance.
    """
    given = {firm: nps.counts_to_segments(counts) for firm, counts in answers.items()}
    given = {firm: one for firm, one in given.items() if one.n}
    enough(mark("firms"), len(given), FEWEST_FIRMS)
    whole = Segments(*(sum(one[i] for one in given.values()) for i in range(3)))
    plain = nps.score(*whole, level=level)
    sums: Counter[Firm] = Counter(
        ((one.n, float(nps.POINTS * (one.promoters - one.detractors))),) for one in given.values()
    )
    from scoring.estimates.clusters import clustered  # noqa: PLC0415 - a score needs no numpy

    found = clustered(sums, (1,), nps.POINTS**2 * nps.moments(whole).variance)
    if found is None:
        raise AssertionError(sums)
    reach = quantile((1 + checked_level(level)) / 2, found.df) * found.standard_error
    center = nps.POINTS * nps.moments(whole, nps.PSEUDO_ANSWERS).mean
    ends = Interval(center - reach, center + reach).clipped(-nps.POINTS, nps.POINTS)
    return FirmsScore(
        firms=len(given),
        answers=whole.n,
        largest=max(one.n for one in given.values()),
        score=plain.nps,
        standard_error=found.standard_error,
        df=found.df,
        low=min(plain.low, ends.low),
        high=max(plain.high, ends.high),
        level=level,
        by_firm=nps_by_account({f: c for f, c in answers.items() if total(c)}, level=level),
    )
