"""Medians of one run and their ratios."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple

ROUNDS = 9


class Ratio(NamedTuple):
    """How long something takes against something else, measured in turns."""

    what: str
    seconds: float
    against: str
    base: float

    def __str__(self) -> str:
        times = self.seconds / self.base
        return f"{times:8.2f} × {self.against}: {self.what} ({1000 * self.seconds:.1f} ms)"


def compare(
    what: str, function: Callable[[], object], against: str, base: Callable[[], object]
) -> Ratio:
    """Time two functions in turns and return the ratio of their medians."""
    timed: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for found, run in zip(timed, (function, base), strict=True):
            start = perf_counter()
            run()
            found.append(perf_counter() - start)
    return Ratio(what, median(timed[0]), against, median(timed[1]))
