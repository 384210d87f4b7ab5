"""The criteria page: all criteria of the work with clients, the index, what facts come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from surveys.counts.measures import Measure
from surveys.messages import Message
from surveys.periods import Period
from surveys.reports.estimates import Verdict

Source = Literal["customers", "managers", "facts"]
CriterionUnit = Literal["points", "customers", "money"]
FactUnit = Literal["money", "share", "days", "times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """One criterion: its figure in `unit`, with an interval where a sample enters it.

    `n` counts answers, or the customers at the start. `score` is on 0–100, higher being better:
    None where there is none yet. `verdict` is that of the digest's family; facts are counted and
    have no test. `as_of`: until when its data reach, or when the facts were told. `to_do` says how
    a missing figure or score is got.
    """

    key: str
    source: Source
    unit: CriterionUnit
    value: float | None
    low: float | None
    high: float | None
    n: int
    score: float | None
    verdict: Verdict | None
    as_of: datetime | None
    to_do: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFigure:
    """The CRM effectiveness index, 0–100, with its weights (sum 1) and its interval at `level`.

    `equal_weights` is the index with all weights equal; `without` what it would be without a
    criterion, the other weights in proportion. `consistency_ratio` is that of the experts'
    comparisons, None where there were none.
    """

    index: float
    low: float
    high: float
    level: float
    equal_weights: float
    weights: Mapping[str, float]
    without: Mapping[str, float]
    consistency_ratio: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFigure:
    """What facts come to: an amount, a share in per cent, days, or so many times."""

    key: str
    unit: FactUnit
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """The whole page of a period; `unsaid` is what cannot be concluded from it.

    The company's `own` measures stand after the criteria and have no part in the index.
    """

    period: Period
    rows: tuple[CriterionRow, ...]
    own: tuple[Measure, ...]
    index: IndexFigure | None
    currency: str
    facts: tuple[FactFigure, ...]
    unsaid: tuple[Message, ...]
