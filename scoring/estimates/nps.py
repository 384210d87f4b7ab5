"""Net Promoter Score with its interval. Scores in points, −100…100; no numpy here.

Reichheld (2003), "The one number you need to grow".
Adjusted Wald (3, T): Rocks (2016), "Interval estimation for the net promoter score",
The American Statistician 70(4), 365–372.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.counts import Counts, total, whole
from scoring.estimates.intervals import Interval, two_sided_z
from surveys.counts.recommending import SCORE_MAX, SCORES, nps_code
from surveys.messages import mark

POINTS = 100
PSEUDO_ANSWERS = 3.0
BISECTIONS = 80
PLACES: Final[Mapping[float, int]] = {score: 1 + nps_code(score) for score in SCORES}
"""Answer → its segment's place: detractors, passives, promoters."""


class Segments(NamedTuple):
    """How many detractors, passives and promoters answered."""

    detractors: int
    passives: int
    promoters: int

    @property
    def n(self) -> int:
        """The number of answers: passives stay in the denominator."""
        return self.detractors + self.passives + self.promoters


class Moments(NamedTuple):
    """Mean and variance (divisor n) of the −1/0/+1 codes of n answers, in unit fractions."""

    n: float
    mean: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NpsEstimate:
    """A score and its interval, in points.

    `nps` is the raw score; `variance` (points squared) and `standard_error` are the raw
    ones too; low…high is the adjusted interval. With `population` equal to n the figure is
    a census: it has no sampling error and its interval is the score itself.
    """

    n: int
    detractors: int
    passives: int
    promoters: int
    nps: float
    variance: float
    standard_error: float
    low: float
    high: float
    level: float
    population: int | None = None

    @property
    def census(self) -> bool:
        """Whether everybody of the population answered, so that no interval is due."""
        return self.n == self.population


def counts_to_segments(counts: Counts) -> Segments:
    """Return the segments of 0–10 answers; anything but a whole number of 0–10 is refused."""
    total(counts)
    found = [0, 0, 0]
    for value, count in counts.items():
        if value not in PLACES or isinstance(value, bool):
            raise BadInput(
                field="score",
                problem=mark("must be a whole number from 0 to {high}, not {given}"),
                high=SCORE_MAX,
                given=repr(value),
            )
        found[PLACES[value]] += int(count)
    return Segments(*found)


def checked_segments(detractors: int, passives: int, promoters: int) -> Segments:
    """Return the three counts; refuses what is no count, and no answers at all."""
    names = Segments._fields
    given = zip((detractors, passives, promoters), names, strict=True)
    segments = Segments(*(whole(count, name) for count, name in given))
    if segments.n == 0:
        raise NotEnoughData(what=mark("NPS"), needed=1, have=0)
    return segments


def moments(segments: Segments, pseudo: float = 0.0) -> Moments:
    """Return n, mean and variance with `pseudo` answers added: half passive, a quarter at each end.

    V = p + d − (p − d)², in unit fractions.
    """
    n = segments.n + pseudo
    mean = (segments.promoters - segments.detractors) / n
    decided = (segments.promoters + segments.detractors + pseudo / 2) / n
    return Moments(n, mean, decided - mean**2)


def score(
    detractors: int,
    passives: int,
    promoters: int,
    *,
    level: float = 0.95,
    population: int | None = None,
) -> NpsEstimate:
    """Return the Net Promoter Score with its adjusted Wald (3, T) interval, in points.

    `population` is the number of people who could have answered: pseudo-answers and variance
    shrink by f = (N − n)/(N − 1). For descriptive figures only, never for a change; it does
    not cure non-response. Raises NotEnoughData without answers.
    """
    segments = checked_segments(detractors, passives, promoters)
    return of_segments(segments, level=level, population=population)


def of_segments(
    segments: Segments, *, level: float = 0.95, population: int | None = None
) -> NpsEstimate:
    """Return the same of segments that were counted; raises as `score` does without answers."""
    n = segments.n
    if n == 0:
        raise NotEnoughData(what=mark("NPS"), needed=1, have=0)
    share_unseen = unseen(n, population)
    raw = moments(segments)
    adjusted = moments(segments, PSEUDO_ANSWERS * share_unseen)
    half = two_sided_z(level) * math.sqrt(share_unseen * adjusted.variance / adjusted.n)
    ends = Interval(adjusted.mean - half, adjusted.mean + half).clipped(-1, 1).including(raw.mean)
    return NpsEstimate(
        n=n,
        detractors=segments.detractors,
        passives=segments.passives,
        promoters=segments.promoters,
        nps=POINTS * (segments.promoters - segments.detractors) / n,
        variance=POINTS**2 * raw.variance,
        standard_error=POINTS * math.sqrt(share_unseen * raw.variance / raw.n),
        low=POINTS * ends.low,
        high=POINTS * ends.high,
        level=level,
        population=population,
    )


def from_counts(
    counts: Counts, *, level: float = 0.95, population: int | None = None
) -> NpsEstimate:
    """Return the score of a table of 0–10 answers."""
    return of_segments(counts_to_segments(counts), level=level, population=population)


def unseen(n: int, population: int | None) -> float:
    """Return the finite population correction (N − n)/(N − 1): 1 when N is unknown, 0 for all."""
    if population is None:
        return 1.0
    if whole(population, "population") < n:
        raise BadInput(
            field="population", problem=mark("must be at least the number of answers, {n}"), n=n
        )
    return (population - n) / max(population - 1, 1)


def tango_interval(
    detractors: int, passives: int, promoters: int, *, level: float = 0.95
) -> Interval:
    """Return Tango's score interval of the NPS, in points: the cross-check of `score`.

    Tango (1998), "Equivalence test and confidence interval for the difference in proportions
    for the paired-sample design", Statistics in Medicine 17, 891–908; found by bisection.
    """
    segments = checked_segments(detractors, passives, promoters)
    z = two_sided_z(level)
    center = moments(segments).mean

    def beyond(delta: float) -> bool:
        return _tango_statistic(segments, delta) > z

    low = _edge(beyond, center, -1.0)
    high = _edge(beyond, center, 1.0)
    return Interval(POINTS * low, POINTS * high)


def _tango_statistic(segments: Segments, delta: float) -> float:
    d, _, p = segments
    n = segments.n
    a = 2 * n
    b = -d - p + (2 * n - p + d) * delta
    c = -d * delta * (1 - delta)
    q = (math.sqrt(max(b * b - 4 * a * c, 0)) - b) / (2 * a)
    variance = n * (2 * q + delta * (1 - delta))
    distance = abs(p - d - n * delta)
    if variance <= 0:
        return 0.0 if distance == 0 else math.inf
    return distance / math.sqrt(variance)


def _edge(beyond: Callable[[float], bool], inside: float, outside: float) -> float:
    if not beyond(outside):
        return outside
    for _ in range(BISECTIONS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if beyond(middle) else (middle, outside)
    return inside
