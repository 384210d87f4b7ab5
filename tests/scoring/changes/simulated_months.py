"""Twelve months in which the same people answer again and again, alone or as colleagues."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from scoring.changes.trend import Trend, trend
from scoring.estimates.nps import Segments
from surveys.counts.figures import Codes, Firm

MONTHS: Final = 12
DETRACTORS, PROMOTERS = -0.8, 0.0
"""Below the one and above the other, what a person thinks is a code of −1 and 1: an NPS of 29."""
ALIKE: Final = np.sqrt(0.5)
ALLOWED: Final = 0.05


@dataclass(frozen=True, slots=True)
class Year:
    """A company's twelve months, its people's codes, and its firms where it has any."""

    months: list[Segments]
    repeated: Counter[Codes]
    firms: Counter[Firm]

    def trend(self) -> Trend:
        """The line through them, with all that is known."""
        return trend(self.months, self.repeated, self.firms)


def company(people: int, chance: Generator, *, slide: float = 0.0, of_firms: int = 0) -> Year:
    """Everybody answers every other month, mostly as before.

    What is thought falls by `slide` over the year. With `of_firms`, half of what people think is
    their firm's, and each month a firm has its own mood, which is another one the next month.
    """
    attitude = chance.standard_normal(people)
    firm = np.arange(people) // 2 % max(of_firms, 1)
    mood = chance.standard_normal((MONTHS, max(of_firms, 1)))
    counts = [[0, 0, 0] for _ in range(MONTHS)]
    patterns: Counter[Codes] = Counter()
    sums = np.zeros((max(of_firms, 1), MONTHS, 2))
    for person in range(people):
        codes: list[int | None] = [None] * MONTHS
        for t in range(person % 2, MONTHS, 2):
            seen = 0.8 * attitude[person] + 0.6 * chance.standard_normal()
            if of_firms:
                seen = ALIKE * (seen + mood[t, firm[person]])
            seen -= slide * t / (MONTHS - 1)
            code = -1 if seen < DETRACTORS else int(seen > PROMOTERS)
            codes[t] = code
            counts[t][code + 1] += 1
            sums[firm[person], t] += (1, 100 * code)
        patterns[tuple(codes)] += 1
    firms: Counter[Firm] = Counter()
    if of_firms:
        firms.update(tuple((int(n), float(whole)) for n, whole in one) for one in sums.tolist())
    return Year([Segments(*month) for month in counts], patterns, firms)


def named(
    people: int, years: int, seed: int, *, slide: float = 0.0, of_firms: int = 0
) -> tuple[int, int]:
    """Return how many of so many companies have a trend named, and how many without their firms."""
    chance = np.random.default_rng(seed)
    found = blind = 0
    for _ in range(years):
        year = company(people, chance, slide=slide, of_firms=of_firms)
        found += year.trend().p_value <= ALLOWED
        blind += trend(year.months, year.repeated).p_value <= ALLOWED
    return found, blind
