"""The digest's section of cases."""

from dataclasses import dataclass
from datetime import datetime

from surveys.reports.estimates import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """A median in hours, with its interval; an end is None where the data do not reach so far.

    `n` cases, of which `waiting` have had no response yet and count as longer than any other.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    waiting: int
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Casework:
    """Cases of the period, and how things stood at its end, or when the digest was made.

    `resolved_share` is of the cases opened in the period; `recovered_share` of the `asked`, those
    whose customers were asked in the period whether it was put right: `unanswered` said nothing and
    count as not recovered.
    """

    until: datetime
    opened: int
    resolved: int
    open: int
    overdue: int
    response: Median | None
    resolved_share: Estimate | None
    asked: int
    recovered: int
    unanswered: int
    recovered_share: Estimate | None
