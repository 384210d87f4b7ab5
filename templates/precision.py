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


def _misleads(value: float, landmark: float, count: int) -> bool:
    return value != landmark and rounded(value, count) == Decimal(str(landmark))


def rounded(value: float, count: int) -> Decimal:
    """Return a value as it is written with so many digits."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)
