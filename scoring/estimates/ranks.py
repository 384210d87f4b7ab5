"""An order without false ranks: those who cannot be told apart share a place."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)


class HasInterval(Protocol):
    """Anything with an interval."""

    @property
    def low(self) -> float:
        """The lower end."""

    @property
    def high(self) -> float:
        """The upper end."""


@dataclass(frozen=True, slots=True)
class RankGroup(Generic[KeyT]):
    """Keys that cannot be told apart, taking the places `first`…`last`.

    Only a group of one has a rank to print.
    """

    first: int
    keys: tuple[KeyT, ...]

    @property
    def last(self) -> int:
        """The last place the group takes."""
        return self.first + len(self.keys) - 1


def rank_groups(estimates: Mapping[KeyT, HasInterval]) -> list[RankGroup[KeyT]]:
    """Return the keys from the highest interval down, in groups whose intervals do not overlap."""
    order = sorted(
        estimates,
        key=lambda key: (estimates[key].low + estimates[key].high, estimates[key].high),
        reverse=True,
    )
    lowest = accumulate((estimates[key].low for key in order), min)
    highest = [-math.inf, *accumulate((estimates[key].high for key in reversed(order)), max)]
    groups: list[RankGroup[KeyT]] = []
    start = 0
    for end, low in enumerate(lowest, 1):
        if low > highest[len(order) - end]:
            groups.append(RankGroup(start + 1, tuple(order[start:end])))
            start = end
    return groups
