"""The criteria page: all criteria of the work with clients, the index, what facts come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from surveys.counts.measures import Measure
from surveys.counts.weights import Adopted
from surveys.messages import Message
from surveys.periods import Period
from surveys.reports.estimates import Estimate, SinceBaseline, Verdict

FigureSource = Literal["customers", "managers", "facts"]
CriterionUnit = Literal["points", "customers", "money"]
FactUnit = Literal["money", "share", "days", "times"]
ToDoKind = Literal["ask", "measure", "tell", "tell_before", "look", "ask_before", "tell_deals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """How a missing figure or score is got.

    ask: with the `survey` of the catalog. measure: with whatever survey measures it. tell: the
    `facts` of every month. tell_before: the facts of the time before. look: at the facts, which
    contradict each other. ask_before: the score is against a period that has no NPS. tell_deals:
    purchases say who is loyal, and none are known.
    """

    what: ToDoKind
    survey: str | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """One criterion: its figure in `unit`, with an interval where a sample enters it.

    `n` counts answers, or the customers at the start. `score` is on 0–100, higher being better:
    None where there is none yet. `verdict` is that of the digest's family; facts are counted and
    have no test. `as_of`: when the latest answer was given, or the facts were told. `to_do` says
    how a missing figure or score is got. `since` is the change on the baseline wave. `is_weak`: it
    scores low or became worse, so it is worth a look first.
    """

    key: str
    source: FigureSource
    unit: CriterionUnit
    value: float | None
    low: float | None
    high: float | None
    n: int
    score: float | None
    verdict: Verdict | None
    as_of: datetime | None
    to_do: ToDo | None
    since: SinceBaseline | None = None
    is_weak: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loyal:
    """Whom the company calls loyal, and their share in per cent.

    `repeats` None: promoters, a share of those who answered. Else customers with so many repeat
    purchases, who are counted: both ends of the interval are the share then. `share` is None where
    there is nobody to count.
    """

    repeats: int | None
    share: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFigure:
    """The CRM effectiveness index, 0–100, with its weights (sum 1) and its interval at `level`.

    `equal_weights` is the index with all weights equal; `without` what it would be without a
    criterion, the other weights in proportion. `consistency_ratio` is that of the experts'
    comparisons, None where there were none. `adopted` is the version that was in force (None: the
    weights are equal because nobody has compared the criteria).
    """

    index: float
    low: float
    high: float
    level: float
    equal_weights: float
    weights: Mapping[str, float]
    without: Mapping[str, float]
    consistency_ratio: float | None = None
    adopted: Adopted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFigure:
    """What facts come to: an amount, a share in per cent, days, or a ratio."""

    key: str
    unit: FactUnit
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payback:
    """In how many months the CRM pays back if `share` (0–1) of the change of profit is its own.

    None: never, as long as its running cost is no less than that part.
    """

    share: Decimal
    months: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What the time saved comes to in one scenario; `years` None: it never pays back."""

    name: str
    saving_a_year: Decimal
    years: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStudy:
    """When the CRM pays back by the minutes that managers save on a client.

    `hours_saved` are a manager's a year; `running_cost_a_year` is of the whole CRM. The answers are
    those of the time study that the minutes come from, None where somebody told them as facts.
    """

    minutes_before: Decimal
    minutes_after: Decimal
    hours_saved: Decimal
    running_cost_a_year: Decimal
    scenarios: tuple[Scenario, ...]
    answers_before: int | None = None
    answers_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A figure that facts would give, and how: what is to be told."""

    key: str
    to_do: ToDo


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """The whole page of a period; `unsaid` is what cannot be concluded from it.

    `lacking`: the figures that facts do not give yet. The company's `own` measures stand after the
    criteria and have no part in the index. Whether data are old is judged at `made_at`.
    """

    period: Period
    rows: tuple[CriterionRow, ...]
    own: tuple[Measure, ...]
    index: IndexFigure | None
    currency: str
    facts: tuple[FactFigure, ...]
    payback: tuple[Payback, ...]
    lacking: tuple[Lacking, ...]
    unsaid: tuple[Message, ...]
    loyal: Loyal | None = None
    study: TimeStudy | None = None
    made_at: datetime | None = None
