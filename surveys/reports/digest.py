"""The digest's document: what scoring computes, templates show and `digest.json` holds.

A section is a dataclass and a field of `Digest`. Every number is unrounded, and no text stands
here but the data's own. A sent digest is kept as JSON, so a field that is added later has a
default: documents from before it must still open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from surveys.counts.figures import Margins
from surveys.counts.measures import Measure
from surveys.counts.stages import Stages
from surveys.messages import Message
from surveys.periods import Period
from surveys.reports import criteria as whole
from surveys.reports.casework import Casework
from surveys.reports.drivers import Drivers, ScaleReliability
from surveys.reports.estimates import Compared, Estimate, Figure, Range, TwoGroups
from surveys.reports.mirror import Mirror
from surveys.reports.scope import NamedPart
from surveys.reports.scores import BreakdownTable, ManagerScore, ManagersOrder, Nps
from surveys.reports.words import CountedThemes, QuotedWords

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline(Compared):
    """The measure of which the first sentence speaks, None where nothing was measured."""

    measure: str | None
    current: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A measure that is shown with a criterion and has no weight of its own."""

    key: str
    unit: Literal["points", "share"]
    current: Estimate | None
    previous: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardRow(Compared):
    """One criterion; `partial` respondents were left out because an item was missing."""

    key: str
    current: Estimate | None
    partial: int
    beside: Beside | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The criteria measured in either period, and how many changes were judged together.

    `others` are those that facts give, and those that nothing gives yet.
    """

    compared: int
    criteria: tuple[ScorecardRow, ...]
    others: tuple[whole.CriterionRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effectiveness:
    """The CRM effectiveness index, None where no criterion has a score.

    `change` is on the period before, over the criteria that have a score in both: `common`. Its
    interval is one of 95 % and has no word, for the criteria's own changes are judged.
    """

    index: whole.IndexFigure | None
    change: Range | None
    common: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What the period's facts come to; `unsaid` is what cannot be concluded from it."""

    currency: str
    figures: tuple[whole.FactFigure, ...]
    payback: tuple[whole.Payback, ...]
    lacking: tuple[whole.Lacking, ...]
    unsaid: tuple[Message, ...]
    loyal: whole.Loyal | None = None
    study: whole.TimeStudy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInvited:
    """How many people were not asked, and why."""

    reason: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelSection(Stages[int]):
    """How far the period's invitations came; `shares` of the stages in per cent of those invited.

    `response` is the share of those who began to answer among those who received an invitation,
    `completion` that of those who finished among those who began. `late` compares the answers
    before and after the reminder.
    """

    shares: Stages[float]
    expired: int
    unreachable: int
    unknown: int
    response: Estimate | None
    completion: Estimate | None
    previous_response: Estimate | None
    not_invited: tuple[NotInvited, ...]
    not_invited_total: int
    late: TwoGroups | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureReason:
    """A reason why customers left: so many said so, in per cent `share` of those who told.

    `counted`: so many were lost for it, as managers count. A `share` is None where too few told.
    """

    key: str
    label: str
    customers: int
    share: Estimate | None
    counted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDepartures:
    """Why customers left: `told` of them, and `counted` by so many `managers`."""

    told: int
    managers: int
    counted: int
    reasons: tuple[DepartureReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMeasure:
    """One measure of what customers answered after events, now and in the period before."""

    key: str
    current: Estimate | None
    previous: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterEvents:
    """Answers to transactional surveys, which are never pooled with the others.

    `own` are the measures of the company's own among them.
    """

    measures: tuple[EventMeasure, ...]
    words: QuotedWords
    own: tuple[Measure, ...] = ()
    themes: CountedThemes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMeasure:
    """One measure as it was sent and as it is now; None where there were no answers."""

    key: str
    before: Figure | None
    now: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What changed since the digest of this period was sent.

    `answers`: how many scores were changed, added or withdrawn, as far as the NPS shows it.
    """

    sent_at: datetime
    answers: int
    measures: tuple[MovedMeasure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """The fewest answers for a score, a change, a gap, and a word about a manager.

    `months` with enough answers for a score each are needed for a word about all of them.
    """

    score: int
    change: int
    gap: int
    word: int
    months: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What goes into the definitions.

    `compared` changes were judged together, with at most `error` of unchanged digests saying what
    is not so; `partial`: incomplete answers by measure.
    """

    confidence: float
    compared: int
    error: float
    margins: Margins
    minimum: Minimum
    measures: tuple[str, ...]
    partial: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The digest of one period; `answers`: the most that any measure has.

    `own` are the measures of the company's own, with their names in the digest's language. `part`
    is None for the whole company; the digest of a part leaves out what only the whole company has.
    """

    format: int
    language: Literal["ru", "en"]
    company: str
    zone: str
    generated_at: datetime
    period: Period
    previous: Period
    answers: int
    empty: bool
    headline: Headline
    scorecard: Scorecard
    nps: Nps | None
    breakdowns: tuple[BreakdownTable, ...]
    managers: tuple[ManagerScore, ...]
    managers_by: ManagersOrder
    mirror: Mirror
    funnel: FunnelSection
    words: QuotedWords
    moved: Moved | None
    method: Method
    own: tuple[Measure, ...] = ()
    events: AfterEvents | None = None
    effectiveness: Effectiveness | None = None
    drivers: Drivers | None = None
    scales: tuple[ScaleReliability, ...] = ()
    money: Money | None = None
    themes: CountedThemes | None = None
    departures: ToldDepartures | None = None
    casework: Casework | None = None
    part: NamedPart | None = None
