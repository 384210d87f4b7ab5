"""Chart geometry: finished numbers in, coordinates in the drawing's own units out.

Widths suit a phone (360 units are about 360 px), so that labels stay readable there; a chart
grows with its place but never by more than a third. Nothing here knows a language or a colour.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

WIDTH: Final = 360.0
ROW_WIDTH: Final = 200.0
STEP: Final = 50
"""Points between the grid lines of an NPS axis."""


class Box(NamedTuple):
    """The space for a chart's data: left, top, right and bottom edges, y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float


class Bar(NamedTuple):
    """One upright bar: its rectangle and the middle of its foot."""

    x: float
    y: float
    width: float
    height: float
    middle: float


class ValueMark(NamedTuple):
    """One value with its interval on an upright axis; without a value, only its place there."""

    x: float
    y: float | None
    low: float
    high: float
    limits: tuple[float, float] | None = None
    """Where the control limits are drawn, the upper one first."""


class TrendDrawing(NamedTuple):
    """Marks from left to right, the lines that join neighbours, and the grid: (value, y).

    `half` is half of a mark's place, as wide as its control limits are drawn.
    """

    marks: tuple[ValueMark, ...]
    half: float
    lines: tuple[str, ...]
    grid: tuple[tuple[int, float], ...]


class Whisker(NamedTuple):
    """A value with its interval on a level axis."""

    x: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """The length of the interval, never too short to be seen."""
        return max(round(self.high - self.low, 1), 1.0)


DISTRIBUTION_BOX: Final = Box(0, 22, WIDTH, 150)
TREND_BOX: Final = Box(34, 12, WIDTH - 4, 150)


def position(value: float, low: float, high: float, start: float, end: float) -> float:
    """Map a value from low…high to start…end, clipped at the ends, to a tenth of a unit."""
    inside = min(max(value, low), high)
    return round(start + (inside - low) / (high - low) * (end - start), 1)


def bars(values: Sequence[float], box: Box = DISTRIBUTION_BOX, gap: float = 0.2) -> tuple[Bar, ...]:
    """Return one bar per value, `gap` being the part of each place left empty."""
    place = (box.right - box.left) / len(values)
    tallest = max(*values, 1)
    width = round(place * (1 - gap), 1)
    found = []
    for number, value in enumerate(values):
        x = round(box.left + place * (number + gap / 2), 1)
        y = position(value, 0, tallest, box.bottom, box.top)
        found.append(Bar(x, y, width, round(box.bottom - y, 1), round(x + width / 2, 1)))
    return tuple(found)


def trend(
    points: Sequence[tuple[float, float, float] | None],
    limits: Sequence[tuple[float, float] | None] = (),
    box: Box = TREND_BOX,
) -> TrendDrawing:
    """Return the geometry of (low, value, high) in points over equal steps of time.

    None leaves a gap: no line is drawn through a time about which nothing is known. `limits` are
    the control limits of each step, (low, high).
    """
    drawn = limits or [None] * len(points)
    low, high = _axis([end for point in (*points, *drawn) if point for end in point])
    place = (box.right - box.left) / max(len(points), 1)
    marks = tuple(
        _mark(round(box.left + place * (number + 0.5), 1), point, (low, high), box)._replace(
            limits=ends and _limits(ends, (low, high), box)
        )
        for number, (point, ends) in enumerate(zip(points, drawn, strict=True))
    )
    grid = tuple(
        (value, position(value, low, high, box.bottom, box.top))
        for value in range(low, high + 1)
        if value % STEP == 0
    )
    return TrendDrawing(marks, round(place / 2, 1), _lines(marks), grid)


def _limits(ends: tuple[float, float], axis: tuple[int, int], box: Box) -> tuple[float, float]:
    low, high = (position(end, *axis, box.bottom, box.top) for end in ends)
    return high, low


def placed(
    low: float, value: float, high: float, ends: tuple[float, float], edges: tuple[float, float]
) -> Whisker:
    """Return a value and its interval between two edges of a drawing."""
    return Whisker(*(position(x, *ends, *edges) for x in (value, low, high)))


def wrapped(text: str, width: int, most: int) -> list[str]:
    """Break a text between words into at most so many lines; what does not fit becomes "…".

    A word longer than a line is cut at its end, never broken.
    """
    words = [word if len(word) <= width else f"{word[: width - 1]}…" for word in text.split()]
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        last = lines[most - 1]
        lines = [*lines[: most - 1], f"{last[: width - 1].rstrip()}…"]
    return lines


def whisker(
    low: float, value: float, high: float, ends: tuple[float, float], width: float = ROW_WIDTH
) -> Whisker:
    """Return a value and its interval on an axis that goes from ends[0] to ends[1]."""
    return Whisker(*(position(x, *ends, 0, width) for x in (value, low, high)))


def _axis(values: Sequence[float]) -> tuple[int, int]:
    half = STEP // 2
    low = math.floor(min(values, default=0) / half) * half
    high = math.ceil(max(values, default=0) / half) * half
    return min(low, 0), max(high, half)


def _mark(
    x: float, point: tuple[float, float, float] | None, ends: tuple[int, int], box: Box
) -> ValueMark:
    if point is None:
        return ValueMark(x, None, box.bottom, box.bottom)
    low, value, high = (position(part, *ends, box.bottom, box.top) for part in point)
    return ValueMark(x, value, low, high)


def _lines(marks: Sequence[ValueMark]) -> tuple[str, ...]:
    runs = (list(run) for known, run in groupby(marks, lambda mark: mark.y is not None) if known)
    return tuple(" ".join(f"{mark.x},{mark.y}" for mark in run) for run in runs if len(run) > 1)
