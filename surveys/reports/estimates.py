"""What every report is made of: figures with their intervals, and the words for changes.

A figure is in its own unit: NPS in points, shares in per cent, indices on 0–100.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What the interval of a change allows to say, or why nothing is said."""

    BETTER = "better"
    WORSE = "worse"
    NO_EVIDENCE = "no_evidence"
    TOO_FEW = "too_few"
    OTHER_WORDS = "other_words"


class Agreement(StrEnum):
    """Whether the interval of a gap leaves zero, and on which side."""

    OVER_RATER = "over_rater"
    UNDER_RATER = "under_rater"
    IN_AGREEMENT = "in_agreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure without an interval, and how many answers it rests on."""

    value: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A figure and the two ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeAtLevel(Range):
    """A figure whose interval has a level of its own, because it was tested with others."""

    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(Range):
    """A figure estimated from the answers of `n` respondents, with its 95 % interval."""

    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanEstimate:
    """The raw mean of `n` answers (or of firms' means) and its adjusted interval at `level`."""

    n: int
    mean: float
    sd: float
    standard_error: float
    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Range):
    """After minus before; `shared` respondents answered both times."""

    shared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceAtLevel(Difference):
    """A difference whose interval has a level of its own."""

    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoGroups:
    """Two groups of one period's respondents, and second minus first."""

    first: Estimate
    second: Estimate
    change: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A change with its word.

    The interval has the `level` that decided the word. `within` is the margin, set beforehand,
    inside which the whole interval lies. Everything but the word is None where there are too few
    answers, or where the two sides were asked in other words.
    """

    change: Difference | None
    verdict: Verdict
    level: float | None
    within: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(Judgement):
    """A measure's change on the period before, and on its baseline wave where it has one."""

    previous: Estimate | None
    baseline: "SinceBaseline | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceBaseline(Judgement):
    """A measure's `value` in its baseline wave, and the change since then.

    There is no change where the wave asked in other words. `start` is in the company's zone.
    """

    wave: int
    name: str
    label: str
    start: datetime
    same_wording: bool
    value: Estimate | None
