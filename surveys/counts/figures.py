"""What a digest is computed from: small count tables, the border between storage and scoring.

Storage fills these records, scoring reads them; neither knows the other. A respondent stands in a
table once per measure and period, with the latest answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

from surveys.counts.casework import CaseCounts
from surveys.counts.departures import Departures
from surveys.counts.facts import MonthFacts
from surveys.counts.measures import Measure
from surveys.counts.stages import Stages
from surveys.counts.weights import Adopted
from surveys.periods import Period

Counts = Mapping[float, int]
"""Score → how many respondents gave it."""
Joint = Mapping[tuple[float, float], int]
"""(Score before, score after) → how many of those who answered both times gave them."""

Joints = Mapping[tuple[str, str], Joint]
"""Two measures → the joint counts of those who gave both in one period."""

Codes = tuple[int | None, ...]
"""One respondent's −1/0/+1 in each month, None where there was no answer."""
Firm = tuple[tuple[int, float], ...]
"""One firm's answers in each period, the oldest first: how many, and the sum of their scores."""
Clusters = Mapping[Firm, int]
"""Firm's answers → how many firms answered so; a person without a firm counts as one. Scores are in
the figure's unit: an NPS answer is −100, 0 or 100. Empty where no two colleagues answered."""
GroupKind = Literal["all", "segment", "manager", "touchpoint", "channel"]


@dataclass(frozen=True, slots=True)
class MeasureCounts:
    """One measure's answers within one group of one period.

    `counts` holds raw scores 0–10 for the measure ``nps``; for every other measure a respondent's
    score is the mean of the measure's items, each rescaled to 0–100, over respondents who answered
    all of them. `partial` counts the respondents left out because an item was missing; `points` is
    how many values the score can take: of k items with p points each k·(p − 1) + 1, of nps 11.
    `group` is the manager's id, else the group's name, and empty for ``all``.
    `by_manager` of the respondents in `counts` came by an invitation that a manager made.
    """

    measure: str
    group_kind: GroupKind
    group: str
    label: str
    counts: Counts
    partial: int = 0
    points: int = 101
    by_manager: int = 0


@dataclass(frozen=True, slots=True)
class Funnel(Stages[int]):
    """Customers' invitations of a period and how far they came."""

    expired: int = 0
    unreachable: int = 0
    unknown: int = 0
    not_invited: Mapping[str, int] | None = None
    """Reason → people of the period's waves who were not asked."""


@dataclass(frozen=True)
class PeriodFigures:
    """Everything counted within one period; `versions`: measure → the surveys' versions."""

    period: Period
    funnel: Funnel
    measures: tuple[MeasureCounts, ...]
    versions: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def ungrouped(self) -> Mapping[str, MeasureCounts]:
        """Measure → its answers over all groups, where anybody gave any."""
        rows = (row for row in self.measures if row.group_kind == "all")
        found: dict[str, MeasureCounts] = {}
        for row in rows:
            if row.partial or any(row.counts.values()):
                found.setdefault(row.measure, row)
        return found


@dataclass(frozen=True, slots=True)
class MirrorItem:
    """One mirror item of one manager: the manager's own score beside the customers'.

    `firms` are the same customers by firm, in the item's unit and of one period.
    """

    manager_id: int
    manager: str
    item: str
    label: str
    low: int
    high: int
    self_score: float | None
    customers: Counts
    company: Counts
    firms: Clusters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MirrorProfile:
    """One manager over all mirror items: own mean and each customer's, on 0–100.

    `customers` are those who answered every item that the manager answered; `points` is how many
    values such a mean can take. `firms` are the same customers by firm.
    """

    manager_id: int
    own: float
    customers: Counts
    points: int
    firms: Clusters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HowAsked:
    """The period's NPS answers (raw 0–10) by how they came; imported ones are left out.

    `late` were given after the reminder. `managers`: id → the answers to the company's
    invitations, and those to the manager's own. `segments`: name (empty: none stated) → the
    answers to personal invitations, and how many of these were delivered in the period. `firms`:
    account → its people's answers.
    """

    early: Counts = field(default_factory=dict)
    late: Counts = field(default_factory=dict)
    managers: Mapping[int, tuple[Counts, Counts]] = field(default_factory=dict)
    segments: Mapping[str, tuple[Counts, int]] = field(default_factory=dict)
    firms: Mapping[int, Counts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Margins:
    """Changes that the company calls small, in points: set before anything is counted."""

    nps: float = 10.0
    index: float = 5.0


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The period's NPS by one attribute of the customers: value → raw scores 0–10.

    `unstated` are the scores of customers for whom the company had no value when it asked.
    """

    attribute: str
    values: Mapping[str, Counts]
    unstated: Counts


@dataclass(frozen=True, slots=True)
class AlikeAnswers:
    """How many named respondents (`count`) gave exactly these answers to all items of a measure.

    `scores`: item → 0–100. `recommend` is their answer to nps (0–10) in the same period, None
    where they gave none. `firm` is theirs, None for those who have no colleagues.
    """

    measure: str
    scores: Mapping[str, float]
    recommend: float | None
    count: int
    firm: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A customer's words from a named survey, with the score they explain where there is one.

    Comments of one `sheet` are one customer's in one survey; `themes` are the keys of what they
    are about.
    """

    text: str
    score: int | None
    day: date
    question: str
    sheet: int = 0
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventFigures:
    """What customers answered after an event: transactional surveys, never pooled with others.

    `own` are the company's own among the measures; `earlier` are the comments of the period before.
    """

    current: tuple[MeasureCounts, ...] = ()
    previous: tuple[MeasureCounts, ...] = ()
    comments: tuple[Comment, ...] = ()
    earlier: tuple[Comment, ...] = ()
    own: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """A measure in the wave that later periods are held against.

    `both` are the joint counts (score then, score in the digest's period) of those who answered
    both; `firms` have these two periods.
    """

    wave: int
    name: str
    label: str
    start: datetime
    counts: MeasureCounts
    both: Joint
    same_wording: bool = True
    firms: Clusters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DigestFigures:
    """The whole input of a digest.

    `months` are the trend: the last twelve calendar months up to the period's end, with the
    ungrouped measures only. `overlap` maps a measure to the joint counts (score in the previous
    period, score in the current one) of respondents who answered in both. `baselines` holds the
    measures that a wave before the period is the yardstick of. `breakdowns` are those by the
    attributes that the company chose, in its order. `repeated` counts the respondents of several of
    the `months` by their NPS codes (−1, 0, +1; None: no answer) in each. `firms` maps a measure to
    colleagues' answers in the previous period and the current one, `firms_by_month` holds those of
    the NPS in each of the `months`. `alike` are the answers to measures of several items, `labels`
    are what the items of `DRIVING` ask. `joints`: pair of measures → the scores of those who gave
    both in the period, `joints_before` in the previous one. `facts` are those of the period's whole
    months, `facts_before` of the previous one's, `known_facts` of all months until the period's
    end; `invested` is all that the CRM has cost to introduce. `loyal_repeats`: customers with so
    many repeat purchases are called loyal (None: promoters); `purchases` and `purchases_before`
    count the active customers of either period by their repeat purchases then. `other_words` are
    the measures that the previous period asked in other words or on another scale,
    `other_months` the keys of the `months` in which the NPS was, as against the last of them with
    answers: what is asked otherwise is another series, and no change of it is told. `answered_at`:
    measure → the period's latest named answer, where that was asked. `weights` are those in force
    (None: none were ever adopted). `earlier` are the comments of the previous period, `themes` maps
    the key of a theme to its name. `departures` holds the period's reasons why customers left.
    """

    company: str
    zone: str
    current: PeriodFigures
    previous: PeriodFigures
    months: tuple[PeriodFigures, ...]
    overlap: Mapping[str, Joint]
    mirrors: tuple[MirrorItem, ...]
    comments: tuple[Comment, ...]
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    breakdowns: tuple[Breakdown, ...] = ()
    profiles: tuple[MirrorProfile, ...] = ()
    repeated: Mapping[Codes, int] = field(default_factory=dict)
    firms: Mapping[str, Clusters] = field(default_factory=dict)
    firms_by_month: Clusters = field(default_factory=dict)
    asked: HowAsked = field(default_factory=HowAsked)
    margins: Margins = Margins()
    own: tuple[Measure, ...] = ()
    events: EventFigures = EventFigures()
    alike: tuple[AlikeAnswers, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    joints: Joints = field(default_factory=dict)
    joints_before: Joints = field(default_factory=dict)
    facts: tuple[MonthFacts, ...] = ()
    facts_before: tuple[MonthFacts, ...] = ()
    invested: Decimal | None = None
    known_facts: tuple[MonthFacts, ...] = ()
    earlier: tuple[Comment, ...] = ()
    themes: Mapping[str, str] = field(default_factory=dict)
    departures: Departures = field(default_factory=Departures)
    casework: CaseCounts | None = None
    loyal_repeats: int | None = None
    purchases: Counts = field(default_factory=dict)
    purchases_before: Counts = field(default_factory=dict)
    other_words: frozenset[str] = frozenset()
    other_months: frozenset[str] = frozenset()
    answered_at: Mapping[str, datetime] = field(default_factory=dict)
    weights: Adopted | None = None
