"""Managers' scores drawn towards their mean, as far as chance explains their differences.

Empirical Bayes [Efron & Morris 1975, Journal of the American Statistical Association 70, 311–319]:
a score from few answers says less about a manager than the others' mean does. The drawn score
orders the rows and draws a second mark; the raw score and its interval stay. Scores in points.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final, Generic, TypeVar

from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.nps import Segments
from surveys.counts.minima import MIN_SCORE
from surveys.messages import mark

KeyT = TypeVar("KeyT", bound=Hashable)
FEWEST: Final = 8
ROUNDS: Final = 100
NEAR: Final = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrinkage(Generic[KeyT]):
    """The mean of the managers, the variance between them (points squared), and each one's score.

    `scores` are drawn towards the mean; where `between` is 0 all of them are the mean, since the
    managers differ no more than by chance.
    """

    mean: float
    between: float
    scores: Mapping[KeyT, float]


def shrink(managers: Mapping[KeyT, Segments]) -> Shrinkage[KeyT]:
    """Return the drawn scores of the managers with ten answers and more.

    The variance within managers is pooled, since few answers say little about their own spread. The
    variance between them is that of Paule & Mandel (1982), Journal of Research of the National
    Bureau of Standards 87, 377–385. Raises NotEnoughData below eight managers.
    """
    used = {key: one for key, one in managers.items() if one.n >= MIN_SCORE}
    if len(used) < FEWEST:
        raise NotEnoughData(what=mark("managers with ten answers"), needed=FEWEST, have=len(used))
    within = pooled_variance(used)
    raw = [nps.POINTS * (one.promoters - one.detractors) / one.n for one in used.values()]
    errors = [within / one.n for one in used.values()]
    between = _between(raw, errors)
    mean = _mean(raw, _weights(errors, between))
    drawn = [
        mean + between / (between + error) * (score - mean)
        for score, error in zip(raw, errors, strict=True)
    ]
    return Shrinkage(mean=mean, between=between, scores=dict(zip(used, drawn, strict=True)))


def pooled_variance(managers: Mapping[KeyT, Segments]) -> float:
    """Return the variance within managers, in points squared, with three pseudo-answers."""
    sizes = [one.n for one in managers.values()]
    inside = math.fsum(
        [p + d - (p - d) ** 2 / n for (d, _, p), n in zip(managers.values(), sizes, strict=True)]
    )
    free = sum(sizes) - len(sizes)
    alone = nps.moments(Segments(0, 0, 0), nps.PSEUDO_ANSWERS).variance
    together = inside + nps.PSEUDO_ANSWERS * alone
    return nps.POINTS**2 * together / (free + nps.PSEUDO_ANSWERS)


def _weights(errors: Sequence[float], between: float) -> list[float]:
    return [1 / (error + between) for error in errors]


def _mean(raw: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(map(mul, weights, raw)) / math.fsum(weights)


def _between(raw: Sequence[float], errors: Sequence[float]) -> float:
    """Return the variance at which the weighted squares equal their expected value, k − 1."""
    between = 0.0
    for _ in range(ROUNDS):
        weights = _weights(errors, between)
        mean = _mean(raw, weights)
        away = [score - mean for score in raw]
        pulls = list(map(mul, weights, away))
        slope = math.fsum(map(mul, pulls, pulls))
        squares = math.fsum(map(mul, pulls, away))
        step = (squares - (len(raw) - 1)) / slope if slope else 0.0
        if between + step <= 0:
            return 0.0
        between += step
        if abs(step) < NEAR * between:
            break
    return between
