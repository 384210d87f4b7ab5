"""Cases as they are counted for a digest. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases of a period, and how things stood at its end.

    `open` and `overdue` are those that were unresolved then, whenever they were opened; the others
    are those opened in the period. `waits` are the hours from opening to the first response, one
    for each case that had had one by then; the rest of `opened` still waited. `asked` cases were
    asked about in the period whether they were put right; `recovered` were, `not_recovered` were
    not, the rest said nothing.
    """

    until: datetime
    opened: int = 0
    resolved: int = 0
    open: int = 0
    overdue: int = 0
    waits: tuple[float, ...] = ()
    asked: int = 0
    recovered: int = 0
    not_recovered: int = 0
