"""One manager's part of the digests: nothing in it is computed anew."""

from dataclasses import dataclass

from surveys.reports.estimates import Estimate
from surveys.reports.mirror import MirrorManager
from surveys.reports.scores import ManagerScore


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCard:
    """What the latest digest says of a manager, and the score of each month, oldest first."""

    period: str
    score: ManagerScore | None
    mirror: MirrorManager | None
    trend: tuple[tuple[str, Estimate], ...]
