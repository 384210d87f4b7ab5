"""Figures as several sections show them: finished words, and coordinates of their drawings."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from surveys.counts.measures import Measure
from surveys.reports.estimates import (
    Estimate,
    Judgement,
    Range,
    SinceBaseline,
    TwoGroups,
    Verdict,
)
from surveys.reports.scores import Scored
from templates import charts
from templates.texts import Texts
from templates.wording import (
    FigureUnit,
    answers,
    change_interval,
    difference,
    digits_of,
    estimated,
    interval,
    level,
    missing,
    unit_of,
    verdict,
    within,
)

NPS_ENDS: Final = (-100.0, 100.0)


class EstimateShown(NamedTuple):
    """A value with its interval and how many answers it rests on."""

    value: str
    interval: str
    n: str
    answers: str


class ChangeShown(NamedTuple):
    """A change with its interval and that interval's level."""

    value: str
    interval: str
    level: str


class SinceShown(NamedTuple):
    """The change since the baseline `wave`; `word` is the verdict's style."""

    wave: str
    change: ChangeShown | None
    verdict: str
    within: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredShown:
    """The NPS of a group, or what is missing for one."""

    n: str
    score: EstimateShown | None
    whisker: charts.Whisker | None
    missing: str


def estimate(texts: Texts, unit: FigureUnit, found: Estimate | None) -> EstimateShown | None:
    """Return a value with its interval and n in words, None where there is none."""
    if found is None:
        return None
    return EstimateShown(
        value=estimated(texts, unit, found.value, found.low, found.high),
        interval=interval(texts, unit, found.low, found.high),
        n=texts.number(found.n),
        answers=answers(texts, found.n),
    )


def change(texts: Texts, unit: FigureUnit, judged: Judgement) -> ChangeShown | None:
    """Return a change in words, None where there were too few answers for one."""
    if judged.change is None or judged.level is None or judged.verdict is Verdict.TOO_FEW:
        return None
    return ChangeShown(
        value=difference(texts, unit, judged.change.value, digits_of(unit, judged.change)),
        interval=change_interval(texts, unit, judged.change),
        level=level(texts, judged.level),
    )


def since(
    texts: Texts, measured: Measure, found: SinceBaseline | None, minimum: int
) -> SinceShown | None:
    """Return the change since the baseline wave, None where there is no such wave."""
    if found is None:
        return None
    month = texts.month(found.start.date())
    if found.same_wording:
        said = verdict(texts, measured, found, found.value, found.value, minimum)
    else:
        said = texts("asked in other words")
    return SinceShown(
        wave=texts("since «{wave}», {month}", wave=found.label or found.name, month=month),
        change=change(texts, unit_of(measured.key), found),
        verdict=said,
        within=within(texts, found),
        word=style_of(measured, found.verdict),
    )


def style_of(measured: Measure, word: Verdict) -> str:
    """Return the style of a verdict: none where neither direction is the better one."""
    return "none" if measured.better is None else word.value


def scored(texts: Texts, found: Scored) -> ScoredShown:
    """Return a group's score with its drawing, or what is missing for one."""
    return ScoredShown(
        n=texts.number(found.n),
        score=estimate(texts, "points", found.score),
        whisker=whisker(found.score, NPS_ENDS),
        missing=missing(texts, found.missing),
    )


def whisker(found: Estimate | None, ends: tuple[float, float]) -> charts.Whisker | None:
    """Return the drawing of an estimate, None where there is none."""
    if found is None:
        return None
    return charts.whisker(found.low, found.value, found.high, ends)


def score_line(texts: Texts, found: Estimate) -> str:
    """Write a score with its interval and n in one line."""
    ends = interval(texts, "points", found.low, found.high)
    value = estimated(texts, "points", found.value, found.low, found.high)
    return f"{value} ({ends}; n = {texts.number(found.n)})"


def change_line(texts: Texts, found: Range) -> str:
    """Write a difference of scores with its interval in one line."""
    return range_line(texts, "points", found)


def range_line(texts: Texts, unit: FigureUnit, found: Range) -> str:
    """Write a difference with its interval in one line."""
    value = difference(texts, unit, found.value, digits_of(unit, found))
    return f"{value} ({change_interval(texts, unit, found)})"


def two_groups(texts: Texts, found: TwoGroups) -> dict[str, str]:
    """Return what fills a sentence about two groups: first, second and change."""
    return {
        "first": score_line(texts, found.first),
        "second": score_line(texts, found.second),
        "change": change_line(texts, found.change),
    }
