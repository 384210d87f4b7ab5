"""An order without false ranks: those who cannot be told apart share a place."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
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
    groups: list[RankGroup[KeyT]] = []
    start = 0
    for end in range(1, len(order) + 1):
        if _separate([estimates[key] for key in order], end):
            groups.append(RankGroup(start + 1, tuple(order[start:end])))
            start = end
    return groups


def _separate(ordered: Sequence[HasInterval], cut: int) -> bool:
    above, below = ordered[:cut], ordered[cut:]
    return not below or min(e.low for e in above) > max(e.high for e in below)
