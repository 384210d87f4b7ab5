"""Past answers by column: a file may hold a million, and an object for each takes far more memory.

Rows are told apart by their place. What many rows say alike, such as a score, is in memory once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple

from surveys.periods import Period


class KeptAnswer(NamedTuple):
    """One answer to a question, as it is kept."""

    question_key: str
    value_json: str
    score: float | None


@dataclass(frozen=True, slots=True)
class PastRows:
    """Past answers. `key` tells one from others; `earlier_key`: what an earlier program gave it.

    `content` stands for everything said in it, "" where `key` does; nor has each an earlier key.
    `customer` is an external id; `name` is taken for somebody new. `manager` is an id or a name.
    `month` is the calendar month of an answer in the company's zone; `at`, when it was given.
    """

    line: Sequence[int]
    key: Sequence[str]
    earlier_key: Sequence[str]
    content: Sequence[str]
    customer: Sequence[str]
    name: Sequence[str]
    at: Sequence[datetime]
    answers: Sequence[tuple[KeptAnswer, ...]]
    month: Sequence[Period]
    touchpoint: Sequence[str]
    segment: Sequence[str | None]
    manager: Sequence[str | None]
    attributes: Sequence[Mapping[str, str]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.line)

    def chosen(self, places: Sequence[int]) -> "PastRows":
        """Return the rows at these places, in that order."""
        columns = (getattr(self, one.name) for one in fields(self))
        return PastRows(*([column[place] for place in places] for column in columns))

    def part(self, start: int, end: int) -> "PastRows":
        """Return the rows from one place up to another."""
        return PastRows(*(getattr(self, one.name)[start:end] for one in fields(self)))
