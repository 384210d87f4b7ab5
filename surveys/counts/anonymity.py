"""What may be shown of anonymous answers: batches, coarse dates, no group that can be guessed."""

from collections.abc import Mapping
from datetime import datetime

from surveys.periods import Zone, containing

MIN_BATCH = 5
"""Anonymous answers are released this many at a time at least."""

MIN_GROUP = 5
"""No breakdown is shown below this many people."""


def coarse_month(now: datetime, zone: Zone) -> str:
    """Return the only date an anonymous answer keeps: "2026-09"."""
    return containing(now, "month", zone).key


def releasable(waiting: int) -> int:
    """Count the waiting answers that may be released now: all of a full batch, or none."""
    return waiting if waiting >= MIN_BATCH else 0


def disclosable(people: Mapping[str, int], minimum: int = MIN_GROUP) -> frozenset[str]:
    """Return the groups whose figures may be shown beside the total.

    Groups below `minimum` are hidden; while all that is hidden, which follows by subtracting the
    shown from the total, is below it as well, so is the smallest shown one.
    """
    by_size = sorted((group for group, count in people.items() if count), key=lambda g: people[g])
    hidden = [group for group in by_size if people[group] < minimum]
    shown = by_size[len(hidden) :]
    while hidden and shown and sum(people[group] for group in hidden) < minimum:
        hidden.append(shown.pop(0))
    return frozenset(shown)
