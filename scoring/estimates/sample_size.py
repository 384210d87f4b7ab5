"""How many answers an NPS needs, and what a given number can show. Margins in points.

For a half-width e: n = z²V/e² − 3. To detect a difference D with power 1 − β, per group: n = (V₁ +
V₂)(z_α + z_β)²/D² − 1.5. The numbers subtracted are the pseudo-answers of the adjusted Wald
interval [Rocks 2016]. V is in unit fractions, 1 being the largest.
"""

import math
from typing import Final, NamedTuple

from scoring.errors import BadInput
from scoring.estimates.intervals import STANDARD, two_sided_z
from scoring.estimates.nps import POINTS, PSEUDO_ANSWERS
from surveys.messages import mark

TESTED = 0.95
ROUNDS = 50
WIDEST = 1.0
SMALLEST_MARGIN = 0.01
ROUNDING = 1e-9
_COIN = 0.5
"""The power of a coin: with less, chance shows more."""


class Shares(NamedTuple):
    """The parts of detractors, passives and promoters, which sum to 1."""

    detractors: float
    passives: float
    promoters: float


TYPICAL: Final = Shares(0.2, 0.3, 0.5)


def for_margin(
    margin: float,
    *,
    variance: float = WIDEST,
    level: float = 0.95,
    population: int | None = None,
) -> int:
    """Return the answers needed for an interval of ± margin points, rounded up.

    With a `population` fewer are needed: the n at which f = (N − n)/(N − 1) brings the interval
    of `nps.score` to that margin.
    """
    reach = two_sided_z(level) / _points(margin, "margin")
    needed = reach**2 * _checked(variance) - PSEUDO_ANSWERS
    if population is None:
        return _up(needed)
    if population < 1:
        raise BadInput(
            field="population", problem=mark("must be at least 1, not {given}"), given=population
        )
    return _up(population * max(needed, 0) / (population - 1 + max(needed, 1)))


def for_difference(
    detect: float,
    *,
    power: float = 0.80,
    variances: tuple[float, float] = (WIDEST, WIDEST),
    level: float = 0.95,
) -> int:
    """Return the answers needed in each of two groups to detect a difference in points."""
    if not _COIN <= power < 1:
        raise BadInput(
            field="power", problem=mark("must lie between 0.5 and 1, not {given}"), given=power
        )
    spread = sum(_checked(variance) for variance in variances)
    reach = (two_sided_z(level) + STANDARD.inv_cdf(power)) / _points(detect, "detect")
    return _up(spread * reach**2 - PSEUDO_ANSWERS / 2)


def smallest_fall(n: int, shares: Shares = TYPICAL, *, power: float = 0.80) -> float:
    """Return the fall in points that a change between two waves of n answers shows with `power`.

    It is computed for the test that is made, one test of `difference.nps_change` at 95 %: its
    pseudo-answers pull the difference towards zero and widen its error. The plain formula overlooks
    that: it promises 80 % and keeps 68–70 % at n = 10. `shares` are those of detractors, passives
    and promoters before; each lost promoter becomes a detractor. 200 where no fall would show.
    """
    fall = 0.0
    together = n + PSEUDO_ANSWERS / 2
    for _ in range(ROUNDS):
        after = _fallen(shares, fall)
        tested = (_variance(shares, n) + _variance(after, n)) / together
        real = (_variance(shares) + _variance(after)) / n * (n / together) ** 2
        reach = two_sided_z(TESTED) * math.sqrt(tested)
        reach += STANDARD.inv_cdf(power) * math.sqrt(real)
        fall = min(reach * together / n, 2.0)
    return POINTS * fall


def _fallen(shares: Shares, fall: float) -> Shares:
    detractors, passives, promoters = shares
    lost = min(fall / 2, promoters)
    turned = min(fall - 2 * lost, passives)
    return Shares(detractors + lost + turned, passives - turned, promoters - lost)


def _variance(shares: Shares, n: int | None = None) -> float:
    """Return V of the shares, or of n such answers and half the pseudo-answers."""
    detractors, _, promoters = shares
    if n is not None:
        quarter = PSEUDO_ANSWERS / 8
        together = n + 4 * quarter
        detractors = (n * detractors + quarter) / together
        promoters = (n * promoters + quarter) / together
    return detractors + promoters - (promoters - detractors) ** 2


def variance_for(nps: float) -> float:
    """Return the largest variance (unit fractions) that a score in points allows: no passives."""
    if not -POINTS <= nps <= POINTS:
        raise BadInput(
            field="nps", problem=mark("must lie between −100 and 100, not {given}"), given=nps
        )
    return 1 - (nps / POINTS) ** 2


def _points(margin: float, field: str) -> float:
    if not SMALLEST_MARGIN <= margin <= 2 * POINTS:
        raise BadInput(
            field=field,
            problem=mark("must lie between {low} and {high} points, not {given}"),
            low=SMALLEST_MARGIN,
            high=2 * POINTS,
            given=margin,
        )
    return margin / POINTS


def _checked(variance: float) -> float:
    if not 0 <= variance <= WIDEST:
        raise BadInput(
            field="variance", problem=mark("must lie between 0 and 1, not {given}"), given=variance
        )
    return variance


def _up(needed: float) -> int:
    return max(1, math.ceil(needed - ROUNDING))
