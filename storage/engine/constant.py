"""A column in which all rows say the same: it takes no place, and no row need be looked at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeVar, overload

T = TypeVar("T")
ChangedT = TypeVar("ChangedT")


@dataclass(frozen=True, slots=True)
class Constant(Sequence[T]):
    """The value that every row has, and how many rows there are."""

    value: T
    rows: int

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.rows

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> "Constant[T]": ...
    def __getitem__(self, place: "int | slice") -> "T | Constant[T]":
        """Return what a row says, or the column of some rows."""
        found = range(self.rows)[place]
        return self.value if isinstance(found, int) else Constant(self.value, len(found))

    def __iter__(self) -> Iterator[T]:
        """Say it as often as there are rows."""
        return repeat(self.value, self.rows)

    def __contains__(self, value: object) -> bool:
        """Tell whether the rows say this, by one look."""
        return self.rows > 0 and self.value == value

    def count(self, value: object) -> int:
        """Return how many rows say this, by one look."""
        return self.rows if self.value == value else 0


def mapped(change: Callable[[T], ChangedT], column: Sequence[T]) -> Sequence[ChangedT]:
    """Return what is made of each row's value; what all say alike is changed once."""
    if isinstance(column, Constant):
        return Constant(change(column.value), len(column))
    return list(map(change, column))
