"""Anonymous breakdowns from which no small group follows, not even by subtraction.

Complementary suppression as in statistical disclosure control [Willenborg & de Waal 2001]: where
one group must be hidden, others are hidden with it until the rest of the total is large enough.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from scoring.counts import whole
from scoring.disclosure import MIN_ANONYMOUS

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Release(Generic[KeyT]):
    """What one anonymous report may show: these groups, and whether the total of all."""

    groups: frozenset[KeyT]
    total: bool


def release(
    sizes: Mapping[KeyT, int],
    shown_before: Mapping[KeyT, int] | None = None,
    *,
    total_before: int = 0,
    minimum: int = MIN_ANONYMOUS,
) -> Release[KeyT]:
    """Return which groups of {group: people} to show beside the total.

    `shown_before` and `total_before` are what the previous report on the same, growing answers
    showed: a figure that would let the few who came between (or were erased) be computed is
    withheld until they are `minimum`.
    """
    before = shown_before or {}
    for key, size in sizes.items():
        whole(size, f"size of {key}")
    grown = {key: sizes[key] - before.get(key, 0) for key in sizes}
    shown = {key for key in sizes if sizes[key] >= minimum and not _few(grown[key], minimum)}
    while not _rest_is_safe(sizes, grown, shown, minimum):
        shown.remove(_next_to_hide(sizes, grown, shown, minimum))
    total = sum(sizes.values())
    whole_shown = total >= minimum and not _few(total - total_before, minimum)
    return Release(frozenset(shown), whole_shown)


def coarse_date(day: date) -> date:
    """Return the first day of the month: as exact as an anonymous answer's date may be."""
    return day.replace(day=1)


def _few(people: int, minimum: int) -> bool:
    return 0 < abs(people) < minimum


def _rest_is_safe(
    sizes: Mapping[KeyT, int], grown: Mapping[KeyT, int], shown: set[KeyT], minimum: int
) -> bool:
    """Tell whether total minus the shown groups gives nothing away about those hidden."""
    hidden = [key for key in sizes if key not in shown and (sizes[key] or grown[key])]
    if not hidden or not shown:
        return True
    rest, change = (sum(table[key] for key in hidden) for table in (sizes, grown))
    return rest >= minimum and not _few(change, minimum)


def _next_to_hide(
    sizes: Mapping[KeyT, int], grown: Mapping[KeyT, int], shown: set[KeyT], minimum: int
) -> KeyT:
    """Return the smallest group that makes the rest safe, or else the smallest."""
    return min(
        shown,
        key=lambda key: (not _rest_is_safe(sizes, grown, shown - {key}, minimum), sizes[key]),
    )
