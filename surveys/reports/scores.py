"""The digest's scores: the NPS with its trend and groups, breakdowns, managers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from surveys.reports.estimates import Compared, Estimate, MeanEstimate, Range, TwoGroups, Verdict

BreakdownKind = Literal["value", "others", "unstated"]
ManagersOrder = Literal["drawn", "name", "score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCounts:
    """How many of each segment answered."""

    detractors: int
    passives: int
    promoters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentShares:
    """The segments in per cent of all answers."""

    detractors: float
    passives: float
    promoters: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The NPS of `n` answers; no score where `missing` more answers are needed for one."""

    n: int
    score: Estimate | None
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLimits:
    """Control limits, in points."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Month(Scored):
    """One month of the trend, `key` as in "2026-09".

    With `other_words` it was asked otherwise than last, and is no part of the line.
    """

    key: str
    start: datetime
    limits: ControlLimits | None
    other_words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """The change over `months` months by the line through them, with its word.

    `center` is the mean of all their answers.
    """

    months: int
    center: float
    change: Range
    level: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagersChoice:
    """The `n` answers to managers' own invitations, and their `share` in per cent."""

    n: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedPart:
    """Segments that were weighted together, and their part (0–1) of all invitations."""

    segments: tuple[str, ...]
    answers: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedScore:
    """The score weighted to the delivered invitations by segment.

    `kish` is the effective number of answers. Nobody answered in the `empty` segments.
    """

    n: int
    kish: float
    score: float
    low: float
    high: float
    level: float
    parts: tuple[WeightedPart, ...]
    empty: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmsScore:
    """The score of all answers, with an interval that knows who are colleagues.

    `answers` came from that many `firms`; `largest` is the most that one firm gave.
    `standard_error` and `df` are those of CR2; `by_firm` gives each firm one vote.
    """

    firms: int
    answers: int
    largest: int
    score: float
    standard_error: float
    df: float
    low: float
    high: float
    level: float
    by_firm: MeanEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Scored):
    """The respondents of one segment, touchpoint or channel; their `share` in per cent."""

    group: str
    label: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakdownGroup(Group):
    """The respondents with one value of an attribute, or with several `values` together."""

    kind: BreakdownKind
    values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakdownTable:
    """The NPS by one attribute of the customers, for `n` answers and `values` different values.

    `apart` are the anonymous answers, which belong to no group.
    """

    name: str
    n: int
    apart: int
    values: int
    groups: tuple[BreakdownGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerScore(Scored):
    """One manager's customers.

    `drawn` is the score drawn towards the mean of all managers. `own_choice` compares the answers
    to the company's invitations with those to the manager's own.
    """

    manager_id: int
    name: str
    by_manager: ManagersChoice | None
    drawn: float | None
    rank: int | None
    own_choice: TwoGroups | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nps(Compared):
    """All that is said about the NPS of the period.

    `distribution` has the number of answers at each point from 0 to 10; `trend` the last twelve
    months, oldest first.
    """

    counts: SegmentCounts
    n: int
    shares: SegmentShares
    distribution: tuple[int, ...]
    score: Estimate
    by_manager: ManagersChoice | None
    trend: tuple[Month, ...]
    slope: Slope | None
    weighted: WeightedScore | None = None
    firms: FirmsScore | None = None
    segments: tuple[Group, ...]
    touchpoints: tuple[Group, ...]
    channels: tuple[Group, ...] = ()
