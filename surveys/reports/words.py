"""The digest's sections of customers' words: quotes, and themes counted in them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from surveys.counts.recommending import NpsSegment
from surveys.reports.estimates import Estimate, Range

Speakers = NpsSegment | Literal["none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A customer's words, with the score they explain where there is one."""

    text: str
    score: int | None
    day: date
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedGroup:
    """The comments of one segment: how many there are, and the ones quoted."""

    segment: Speakers
    total: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedWords:
    """Customers' words; the rule of quoting is `per_group` of `at_least_words` words."""

    total: int
    per_group: int
    at_least_words: int
    groups: tuple[QuotedGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTheme:
    """What so many customers wrote about; `share` of all who wrote, in per cent.

    `change` is since the previous period, in points; None where either has too few answers.
    """

    key: str
    name: str
    n: int
    detractors: int
    share: Estimate | None
    previous: int
    change: Range | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedThemes:
    """What customers wrote about: counted are surveys that hold words, not single comments.

    `untold` of them are about none of the themes. The rule of quoting is `per_theme` of
    `at_least_words` words.
    """

    answers: int
    previous: int
    untold: int
    per_theme: int
    at_least_words: int
    rows: tuple[CountedTheme, ...]
