"""What a comparison of two waves or periods is computed from: the border of storage and scoring.

It also says what may be compared at all: one wording, on one scale, of one kind of survey.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from surveys.counts.figures import Clusters, Counts, Joint
from surveys.counts.measures import NPS, Better

if TYPE_CHECKING:
    from surveys.survey.definition import LocalText, Question, Survey

ComparisonRefusal = Literal["same", "kinds", "audiences", "mixed", "overlap", "nothing"]
ComparisonNote = Literal["later_first", "still_open", "versions", "anonymous"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A wave or a period of a comparison; `end` is exclusive.

    `key` is the period's and empty for a wave. `delivered` counts the invitations that arrived,
    none of past answers, which were not sent from here; `answered` those that were begun.
    """

    start: datetime
    end: datetime
    survey: str
    versions: tuple[str, ...]
    wave: int | None = None
    campaign: int | None = None
    name: str = ""
    label: str = ""
    key: str = ""
    delivered: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePair:
    """One measure on both sides.

    Scores are as in `figures.MeasureCounts`; with a `step` they are amounts in `unit`. `label` is
    the text of a question for an amount, or the name of a measure of the company's own. `better`
    None: neither way is. `anonymous`: some answers are, so nothing is told of a few. `firms` and
    `firms_of_both` are colleagues' answers on both sides, of all and of the pairs.
    """

    measure: str
    before: Counts
    after: Counts
    both: Joint
    partial_before: int = 0
    partial_after: int = 0
    points: int = 101
    better: Better | None = "up"
    label: str = ""
    unit: str = ""
    step: float | None = None
    same_wording: bool = True
    anonymous: bool = False
    firms: Clusters = field(default_factory=dict)
    firms_of_both: Clusters = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFigures:
    """The whole input of a comparison; with a `refusal` there are no measures."""

    company: str
    zone: str
    title: str
    before: Side
    after: Side
    measures: tuple[MeasurePair, ...] = ()
    refusal: ComparisonRefusal | None = None
    notes: tuple[ComparisonNote, ...] = ()


def comparable(before: "Survey", after: "Survey") -> ComparisonRefusal | None:
    """Tell why two surveys' answers are never held against each other; None where they may be."""
    if before.kind != after.kind:
        return "kinds"
    return "audiences" if before.audience != after.audience else None


def same_wording(measure: str, *surveys: "Survey") -> bool:
    """Tell whether all these surveys ask a measure in the same words and on the same scale.

    A wording that a question lists in `same_as` counts as its own. `measure` is an index, or the
    key of a question that counts in none.
    """
    asked = [_asked(measure, survey) for survey in surveys]
    return all(_alike(asked[0], other) for other in asked)


def items(measure: str, survey: "Survey") -> "tuple[Question, ...]":
    """Return the questions of a measure, by key."""
    found = [one for one in survey.questions if measure in one.measures]
    if not found:
        found = [one for one in survey.questions if one.key == measure and not one.measures]
    return tuple(sorted(found, key=lambda one: one.key))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a respondent sees of a question: its words, and everything else."""

    text: "LocalText"
    same_as: "tuple[LocalText, ...]"
    rest: dict[str, Any]


def _asked(measure: str, survey: "Survey") -> list[_Asked]:
    """Return a measure's questions; the NPS question is the same under any key."""
    besides = {"text", "same_as", "measures", "mirror", "show_if", "optional", "better", "alert_at"}
    if measure == NPS:
        besides |= {"key"}
    return [
        _Asked(one.text, one.same_as, one.model_dump(exclude=besides))
        for one in items(measure, survey)
    ]


def _alike(some: list[_Asked], others: list[_Asked]) -> bool:
    return len(some) == len(others) and all(
        one.rest == other.rest
        and (one.text in (other.text, *other.same_as) or other.text in one.same_as)
        for one, other in zip(some, others, strict=True)
    )
