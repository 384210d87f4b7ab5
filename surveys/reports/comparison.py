"""The document of a comparison: two waves or periods held against each other."""

from dataclasses import dataclass
from typing import Final, Literal

from surveys.counts.comparing import ComparisonNote, ComparisonRefusal, Side
from surveys.counts.measures import MeasureForm
from surveys.reports.estimates import DifferenceAtLevel, Estimate

FORMAT: Final = 1
View = Literal["all", "paired"]
ChangeWord = Literal["better", "worse", "higher", "lower", "no_evidence", "too_few"]
Why = Literal[
    "wording",
    "not_asked",
    "most_answered_both",
    "few_answers",
    "anonymous",
    "few_pairs",
    "strangers",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """A measure before and after, by one way of counting; None where nothing can be told."""

    before: Estimate | None
    after: Estimate | None
    change: DifferenceAtLevel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """Respondents left out on each side because an item was missing."""

    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedT:
    """The textbook test of those who answered both times."""

    t: float | None
    df: int
    p_value: float | None
    d_z: float | None
    wilcoxon_p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMeasure:
    """One measure, of all answers and of the people who answered both times.

    `headline` is the view that decides the word, None where neither does, and `why` says why.
    `valued`: whether one direction is the better one.
    """

    key: str
    label: str
    unit: str
    form: MeasureForm
    valued: bool
    verdict: ChangeWord
    headline: View | None
    why: Why
    pairs: int
    partial: Partial
    all: BothSides
    paired: BothSides | None
    test: PairedT | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The whole document; with a `refusal` there are no measures.

    `compared` measures were judged together; a word needs `minimum` answers on each side.
    """

    format: int
    company: str
    zone: str
    title: str
    before: Side
    after: Side
    refusal: ComparisonRefusal | None
    notes: tuple[ComparisonNote, ...]
    confidence: float
    compared: int
    error: float
    minimum: int
    measures: tuple[ComparedMeasure, ...]
