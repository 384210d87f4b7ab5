"""The word for a change: better, worse, no evidence, or too few answers to say."""

from enum import StrEnum

from scoring.changes.difference import EstimatedChange
from surveys.counts.minima import MIN_CHANGE
from surveys.reports.estimates import Verdict


class Direction(StrEnum):
    """Which way a criterion improves."""

    UP = "up"
    DOWN = "down"


def verdict(
    change: EstimatedChange, *, direction: Direction = Direction.UP, minimum: int = MIN_CHANGE
) -> Verdict:
    """Return the word for a change, from its interval at the level it was computed for.

    When several criteria are read together, compute the change at the level of
    `multiple.step_down`.
    """
    if min(change.n_before, change.n_after) < minimum:
        return Verdict.TOO_FEW
    if change.low <= 0 <= change.high:
        return Verdict.NO_EVIDENCE
    return Verdict.BETTER if (change.low > 0) == (direction is Direction.UP) else Verdict.WORSE
