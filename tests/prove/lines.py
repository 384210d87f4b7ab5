"""A figure of the scorecard, and what a proof is."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `is_met` None: it could not be tried here, and `value` says why."""

    figure: str
    target: str
    value: str
    behind: str
    is_met: bool | None


Lines = AsyncIterator[Line]
Proof = Callable[[Path, int, int], Lines]
"""`(empty folder, N, seed)`: the lines, as they become known."""


def none(figure: str, count: int, behind: str) -> Line:
    """Return a figure that must be zero."""
    return Line(figure, "0", f"{count}", behind, count == 0)


def some(figure: str, count: int, behind: str) -> Line:
    """Return a figure that must not be zero: a guard was taken off."""
    return Line(figure, "> 0 (red)", f"{count}", behind, count > 0)
