"""The digest's formulas once more: plain Python over people, nothing of the project's."""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist, fmean, pvariance
from typing import Any, NamedTuple

from scipy import stats

By = Mapping[int, float]
"""Person → score."""
Ends = tuple[float, float]
Z = NormalDist().inv_cdf(0.975)


class Change(NamedTuple):
    """Raw difference, adjusted one, its standard error, degrees of freedom, how many in both."""

    raw: float
    center: float
    error: float
    df: float
    both: int

    @property
    def p(self) -> float:
        """Two-sided; 1 where the adjustment turned the sign."""
        if self.raw * self.center <= 0:
            return 1.0
        return float(2 * stats.t.sf(abs(self.center / self.error), self.df))

    def ends(self, level: float, limit: float) -> Ends:
        reach = float(stats.t.ppf((1 + level) / 2, self.df)) * self.error
        return held(self.center - reach, self.center + reach, (-limit, limit), self.raw)


def held(low: float, high: float, limits: Ends, raw: float) -> Ends:
    """Clip an interval and let it hold the figure."""
    return min(max(low, limits[0]), raw), max(min(high, limits[1]), raw)


def code(score: float) -> int:
    return (score >= 9) - (score <= 6)


def nps(scores: Sequence[float]) -> tuple[float, Ends]:
    n, up = len(scores), sum(score >= 9 for score in scores)
    down = sum(score <= 6 for score in scores)
    raw = 100 * (up - down) / n
    return raw, wald(down / n, up / n, n, raw)


def wald(down: float, up: float, n: float, raw: float) -> Ends:
    """Three pseudo-answers: three quarters at each end; the shares are of n answers."""
    p, d = (n * up + 0.75) / (n + 3), (n * down + 0.75) / (n + 3)
    reach = Z * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    return held(100 * (p - d - reach), 100 * (p - d + reach), (-100, 100), raw)


def spread(low: float, high: float, points: int) -> float:
    """The variance of so many points, evenly from low to high."""
    return pvariance([low + (high - low) * i / (points - 1) for i in range(points)])


def with_pseudo(
    values: Sequence[float], low: float, high: float, points: int, pseudo: float
) -> tuple[float, float]:
    """Mean and variance (divisor n + pseudo) with pseudo-answers spread over the scale."""
    n, middle = len(values), (low + high) / 2
    mean = (math.fsum(values) + pseudo * middle) / (n + pseudo)
    squares = math.fsum((value - mean) ** 2 for value in values)
    squares += pseudo * (spread(low, high, points) + (middle - mean) ** 2)
    return mean, squares / (n + pseudo)


def mean(
    values: Sequence[float], points: int, low: float = 0, high: float = 100, level: float = 0.95
) -> tuple[float, Ends]:
    n, raw = len(values), fmean(values)
    center, variance = with_pseudo(values, low, high, points, 1)
    reach = float(stats.t.ppf((1 + level) / 2, n - 1)) * math.sqrt(variance / n)
    return raw, held(center - reach, center + reach, (low, high), raw)


def wilson(count: int, n: int) -> tuple[float, Ends]:
    share = count / n
    center = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n * n))
    return 100 * share, (100 * (center - reach), 100 * (center + reach))


def covariance(before: By, after: By, pseudo: float) -> tuple[int, float]:
    """Of those in both; shrunk by as many pseudo-answers as the variances are."""
    both = sorted(before.keys() & after.keys())
    if not both:
        return 0, 0.0
    first, second = (fmean([one[person] for person in both]) for one in (before, after))
    total = math.fsum((before[p] - first) * (after[p] - second) for p in both)
    return len(both), total / (len(both) + pseudo)


def nps_change(before: By, after: By) -> Change:
    codes = [
        {person: 100.0 * code(score) for person, score in one.items()} for one in (before, after)
    ]
    both, shared = covariance(codes[0], codes[1], 3)
    sides = []
    for one in codes:
        extra = 1.5 * (1 + both / len(one))
        n = len(one) + extra
        center = math.fsum(one.values()) / n
        decided = (sum(value != 0 for value in one.values()) + extra / 2) / n
        sides.append((n, center, 100**2 * decided - center**2))
    return _change([fmean(one.values()) for one in codes], sides, both, shared, math.inf)


def mean_change(before: By, after: By, points: int) -> Change:
    both, shared = covariance(before, after, 0.5)
    sides, errors = [], []
    for one in (before, after):
        center, variance = with_pseudo(list(one.values()), 0, 100, points, 0.5)
        sides.append((len(one), center, variance))
        errors.append(variance / len(one))
    n = len(before), len(after)
    welch = sum(errors) ** 2 / sum(e * e / (m - 1) for e, m in zip(errors, n, strict=True))
    alone = sum(n) - 2 * both
    df = both - 1 + (welch - both + 1) * alone / (alone + 2 * both)
    return _change([fmean(before.values()), fmean(after.values())], sides, both, shared, df)


def share_change(before: Ends, after: Ends) -> Change:
    """Of (count, n) of strangers: one pseudo-answer to each end and side."""
    sides = []
    for count, n in (before, after):
        center = (count + 1) / (n + 2)
        sides.append((n + 2, 100 * center, 100**2 * center * (1 - center)))
    raw = [100 * count / n for count, n in (before, after)]
    return _change(raw, sides, 0, 0.0, math.inf)


def _change(
    raw: Sequence[float],
    sides: Sequence[tuple[float, float, float]],
    both: int,
    shared: float,
    df: float,
) -> Change:
    (n, first, v), (m, second, w) = sides
    likeness = min(shared, math.sqrt(v * w))
    error = math.sqrt(v / n + w / m - 2 * both * likeness / (n * m))
    return Change(raw[1] - raw[0], second - first, error, df, both)


def levels(p_values: Mapping[Any, float], error: float = 0.05) -> dict[Any, float]:
    """Holm: the j-th smallest of k at error/(k − j + 1), from the first that fails on alike."""
    found, going, k = {}, True, len(p_values)
    level = 1.0
    for place, key in enumerate(sorted(p_values, key=lambda one: p_values[one])):
        if going:
            level = 1 - error / (k - place)
            going = p_values[key] <= error / (k - place)
        found[key] = level
    return found


class Part(NamedTuple):
    """A weighted mean of people's scores, or a fact."""

    weight: float
    scores: By | float
    points: int = 0


def combined(
    parts: Mapping[str, Part], pairs: Sequence[tuple[str, str]], pseudo: float
) -> tuple[float, float, float, float]:
    """Return the raw sum, the adjusted one, its standard error and degrees of freedom.

    `pairs` share people; Satterthwaite over blocks of parts that do.
    """
    raw = center = 0.0
    errors: dict[str, float] = {}
    variances: dict[str, float] = {}
    for key, (weight, scores, points) in parts.items():
        if isinstance(scores, float):
            raw, center = raw + weight * scores, center + weight * scores
            continue
        adjusted, variance = with_pseudo(list(scores.values()), 0, 100, points, pseudo)
        raw, center = raw + weight * fmean(scores.values()), center + weight * adjusted
        variances[key], errors[key] = variance, weight**2 * variance / len(scores)
    blocks = [{key} for key in errors]
    shared = {}
    for one, other in pairs:
        first, second = parts[one], parts[other]
        assert not isinstance(first.scores, float)
        assert not isinstance(second.scores, float)
        both, likeness = covariance(first.scores, second.scores, pseudo)
        if not both:
            continue
        limit = math.sqrt(variances[one] * variances[other])
        sizes = len(first.scores) * len(second.scores)
        weight = 2 * first.weight * second.weight * both / sizes
        shared[one, other] = weight * max(-limit, min(limit, likeness))
        joined = set().union(*(block for block in blocks if block & {one, other}))
        blocks = [block for block in blocks if not block & {one, other}] + [joined]
    squares = total = 0.0
    for block in blocks:
        error = sum(errors[key] for key in block)
        error += sum(part for pair, part in shared.items() if set(pair) <= block)
        sizes = min(len(_people(parts[key])) for key in block)
        total, squares = total + error, squares + error**2 / (sizes - 1)
    return raw, center, math.sqrt(total), total**2 / squares


def _people(part: Part) -> By:
    assert not isinstance(part.scores, float)
    return part.scores
