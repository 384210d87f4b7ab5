"""How many digits a figure is written with: the fewest that stay true.

A figure gets digits until nothing false is read from it: what is not zero does not read as zero,
and what has not reached the end of its scale does not read as the end.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MOST: Final = 6
ENDS_OF_SHARES: Final = (0.0, 100.0)
ENDS_OF_POINTS: Final = (-100.0, 0.0, 100.0)
ZERO: Final = (0.0,)


def digits(values: Iterable[float], landmarks: Sequence[float] = ZERO, fewest: int = 0) -> int:
    """Return the fewest digits after the point with which no value reads as a landmark it is not.

    At least `fewest`, at most `MOST`.
    """
    kept = list(values)
    for count in range(fewest, MOST):
        if not any(_misleads(value, landmark, count) for value in kept for landmark in landmarks):
            return count
    return MOST


def apart(values: Iterable[float], fewest: int) -> int:
    """Return the fewest digits, at least `fewest`, with which no two that differ read alike."""
    kept = set(values)
    counts = range(fewest, MOST)
    found = (n for n in counts if len({rounded(value, n) for value in kept}) == len(kept))
    return next(found, max(fewest, MOST))


def inside(value: float, ends: tuple[float, float], of_ends: int, fewest: int) -> int:
    """Return the fewest digits with which a value reads as lying between its interval's ends.

    The ends are written with `of_ends` digits.
    """
    low, high = (rounded(end, of_ends) for end in ends)
    counts = range(fewest, of_ends)
    found = (n for n in counts if low <= rounded(value, n) <= high)
    return next(found, max(fewest, of_ends))


def _misleads(value: float, landmark: float, count: int) -> bool:
    return value != landmark and rounded(value, count) == Decimal(str(landmark))


def rounded(value: float, count: int) -> Decimal:
    """Return a value as it is written with so many digits."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)
