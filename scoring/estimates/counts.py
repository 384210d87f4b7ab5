"""Answers as counts: how many people gave each value.

Every statistic that can works on counts, because a count table does not grow with the number of
answers and the database sums it.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scoring.errors import BadInput, NotEnoughData
from surveys.messages import mark

Counts = Mapping[int, int] | Mapping[float, int]
Joint = Mapping[tuple[int, int], int] | Mapping[tuple[float, float], int]


class Scale(NamedTuple):
    """A bounded scale: its ends and how many equally spaced points it has."""

    low: float
    high: float
    points: int

    def holding(self, value: float, field: str) -> float:
        """Return the value, refused when it lies outside the scale."""
        if not self.low <= value <= self.high:
            raise BadInput(
                field=field,
                problem=mark("{given} lies outside the scale {low}–{high}"),
                given=value,
                low=self.low,
                high=self.high,
            )
        return value

    def rescale(self, value: float) -> float:
        """Return the value on 0–100."""
        return 100 * (value - self.low) / (self.high - self.low)

    def reverse(self, value: float) -> float:
        """Return the value of a reverse-coded item turned the right way round."""
        return self.low + self.high - value

    @property
    def middle(self) -> float:
        """The mean of an answer spread evenly over the points."""
        return (self.low + self.high) / 2

    @property
    def spread(self) -> float:
        """The variance of an answer spread evenly over the points."""
        return (self.high - self.low) ** 2 * (self.points + 1) / (12 * (self.points - 1))


MOST = 10**18
NEAR = 1e-7
"""Values no further apart are one value: no two means of whole answers come that close."""
EFFORT = Scale(1, 7, 7)
FEWEST_POINTS = 2


def scale_of(points: int) -> Scale:
    """Return 0–100 with that many points, over which an index's pseudo-answer is spread."""
    if points < FEWEST_POINTS:
        raise BadInput(
            field="points",
            problem=mark("must be at least {low}, not {given}"),
            low=FEWEST_POINTS,
            given=points,
        )
    return Scale(0, 100, points)


def whole(number: int, field: str) -> int:
    """Return the number, refused when it is not a whole number of at least zero."""
    if number > MOST and number != math.inf:
        raise BadInput(
            field=field,
            problem=mark("must be at most {high}, not {given}"),
            high=MOST,
            given=number,
        )
    if isinstance(number, bool) or not 0 <= number < math.inf or number != number // 1:
        raise BadInput(
            field=field,
            problem=mark("must be a whole number, zero or more, not {given}"),
            given=repr(number),
        )
    return int(number)


def total(counts: Counts | Joint) -> int:
    """Return the number of answers, every count checked."""
    given = counts.values()
    if set(map(type, given)) == {int} and min(given) >= 0 and max(given) <= MOST:
        return sum(given)
    return sum(whole(count, f"count of {value}") for value, count in counts.items())


def on_scale(counts: Counts, scale: Scale) -> Counts:
    """Return the counts, refused when a value given lies outside the scale."""
    for value, count in counts.items():
        if count and not scale.low <= value <= scale.high:
            raise BadInput(
                field="value",
                problem=mark("{given} lies outside the scale {low}–{high}"),
                given=value,
                low=scale.low,
                high=scale.high,
            )
    return counts


def mean(counts: Counts) -> float:
    """Return the arithmetic mean, in the values' unit."""
    n = total(counts)
    if n == 0:
        raise NotEnoughData(what=mark("mean"), needed=1, have=0)
    return math.fsum(value * count for value, count in counts.items()) / n


def variance(counts: Counts, *, ddof: int = 1) -> float:
    """Return the variance with divisor n − ddof, in the values' unit squared."""
    n = total(counts)
    if n <= ddof:
        raise NotEnoughData(what=mark("variance"), needed=ddof + 1, have=n)
    center = mean(counts)
    return math.fsum((value - center) ** 2 * count for value, count in counts.items()) / (n - ddof)


def covariance(both: Joint) -> float:
    """Return the covariance (divisor n) of the two answers of those who gave both."""
    n = total(both)
    if n == 0:
        return 0.0
    first, second = mean(before_of(both)), mean(after_of(both))
    return math.fsum((a - first) * (b - second) * count for (a, b), count in both.items()) / n


def before_of(both: Joint) -> dict[float, int]:
    """Return the counts of the first answers."""
    return _summed((before, count) for (before, _), count in both.items())


def after_of(both: Joint) -> dict[float, int]:
    """Return the counts of the second answers."""
    return _summed((after, count) for (_, after), count in both.items())


def merged(*tables: Counts) -> dict[float, int]:
    """Return the sum of several count tables."""
    return _summed(entry for table in tables for entry in table.items())


def alike(*tables: Iterable[float]) -> dict[float, float]:
    """Return value → the value by which it and all its near neighbours are counted.

    Means of the same answers, added up in another order, differ in their last digits.
    """
    same: dict[float, float] = {}
    last = -math.inf
    for value in sorted({value for table in tables for value in table}):
        same[value] = same[last] if value - last <= NEAR else value
        last = value
    return same


def rescaled(counts: Counts, scale: Scale) -> dict[float, int]:
    """Return the counts with every value brought to 0–100."""
    return {scale.rescale(value): count for value, count in on_scale(counts, scale).items()}


def _summed(entries: Iterable[tuple[float, int]]) -> dict[float, int]:
    summed: dict[float, int] = {}
    for value, count in entries:
        summed[value] = summed.get(value, 0) + count
    return summed
