"""The NPS by month: the drawing of the last twelve months and the sentence on their slope."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from surveys.reports.digest import Digest
from surveys.reports.estimates import Estimate, Verdict
from surveys.reports.scores import Month, Slope
from templates import charts
from templates.digest.shown import estimate
from templates.texts import Texts
from templates.wording import change_interval, level, missing, size

MONTH_LETTERS: Final = 3
LISTED: Final = 2
"""More months that follow one another are told by the first and the last."""


class GridLine(NamedTuple):
    """A line of the grid with its label."""

    y: float
    label: str


class MonthShown(NamedTuple):
    """One month of the drawing, and the same in words; `year` where a new one begins."""

    mark: charts.ValueMark
    label: str
    year: str
    said: str


class TrendShown(NamedTuple):
    """The drawing of the months, and the same in words.

    `gaps`: some months have no score; `limits`: control limits are drawn; `others`: what is said
    of months that asked in other words, empty where none did.
    """

    chart: charts.TrendDrawing
    box: charts.Box
    grid: list[GridLine]
    months: list[MonthShown]
    said: str
    gaps: bool
    limits: bool
    others: str


class SlopeShown(NamedTuple):
    """The sentence on all months together, and its verdict."""

    said: str
    word: Verdict


def trend(texts: Texts, rows: Sequence[Month]) -> TrendShown | None:
    """Return the drawing, None where no month has a score."""
    if not any(row.score for row in rows):
        return None
    limits = [None if row.limits is None else (row.limits.low, row.limits.high) for row in rows]
    drawn = charts.trend([_point(row.score) for row in rows], limits)
    months = [
        _month(texts, row, mark, first=number == 0)
        for number, (row, mark) in enumerate(zip(rows, drawn.marks, strict=True))
    ]
    return TrendShown(
        chart=drawn,
        box=charts.TREND_BOX,
        grid=[GridLine(y=y, label=texts.number(at, sign=True)) for at, y in drawn.grid],
        months=months,
        said="; ".join(month.said for month in months),
        gaps=any(row.score is None for row in rows),
        limits=any(row.limits for row in rows),
        others=others(texts, rows),
    )


def slope(texts: Texts, found: Slope | None) -> SlopeShown | None:
    """Return the sentence on the months together, None where there are too few of them."""
    if found is None:
        return None
    values = {
        "points": size(texts, "points", found.change),
        "interval": change_interval(texts, "points", found.change),
        "level": level(texts, found.level),
    }
    months = texts.plural("Over {n} month", "Over {n} months", found.months)
    if found.verdict is Verdict.BETTER:
        said = texts("a rise of {points} ({interval}; {level})", **values)
    elif found.verdict is Verdict.WORSE:
        said = texts("a fall of {points} ({interval}; {level})", **values)
    else:
        said = texts("no evidence of a trend ({interval}; {level})", **values)
    return SlopeShown(said=f"{months}: {said}.", word=found.verdict)


def others(texts: Texts, rows: Sequence[Month]) -> str:
    """Name the months that asked in other words, "" where none did."""
    scored = [row for row in rows if row.score or row.other_words]
    apart = [row for row in scored if row.other_words]
    if not apart:
        return ""
    names = [texts.month(month_of(row.key)) for row in apart]
    if len(apart) > LISTED and apart == scored[: len(apart)]:
        names = [f"{names[0]} \N{EN DASH} {names[-1]}"]
    return texts(
        "Asked in other words or on another scale, so no part of the trend: {months}.",
        months=", ".join(names),
    )


def slope_missing(texts: Texts, rows: Sequence[Month], document: Digest) -> str:
    """Say how many months are missing for a word about all of them."""
    minimum = document.method.minimum
    return texts.plural(
        "So far {n} month has {fewest} answers; a word on the trend needs {months} of them.",
        "So far {n} months have {fewest} answers; a word on the trend needs {months} of them.",
        sum(row.score is not None and not row.other_words for row in rows),
        fewest=texts.number(minimum.score),
        months=texts.number(minimum.months),
    )


def _point(score: Estimate | None) -> tuple[float, float, float] | None:
    return None if score is None else (score.low, score.value, score.high)


def _month(texts: Texts, row: Month, mark: charts.ValueMark, *, first: bool) -> MonthShown:
    start = month_of(row.key)
    known = estimate(texts, "points", row.score)
    said = f"{known.value} ({known.interval})" if known else missing(texts, row.missing)
    return MonthShown(
        mark=mark,
        label=texts.month(start, short=True)[:MONTH_LETTERS],
        year=str(start.year) if first or start.month == 1 else "",
        said=f"{texts.month(start)}: {said}",
    )


def month_of(key: str) -> date:
    """Return the first day of a month by its period key, which is in the company's zone."""
    year, month = key.split("-")
    return date(int(year), int(month), 1)
