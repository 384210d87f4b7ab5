"""Twelve months without a trend, in which the same people answer again and again."""

from collections import Counter

import numpy as np

from scoring.changes.trend import Codes
from scoring.estimates.nps import Segments


def company(
    people: int, months: int, chance: np.random.Generator
) -> tuple[list[Segments], Counter[Codes]]:
    """Everybody answers every other month, mostly as before."""
    attitude = chance.standard_normal(people)
    counts = [[0, 0, 0] for _ in range(months)]
    patterns: Counter[Codes] = Counter()
    for person in range(people):
        codes: list[int | None] = [None] * months
        for t in range(person % 2, months, 2):
            seen = 0.8 * attitude[person] + 0.6 * chance.standard_normal()
            code = -1 if seen < -0.8 else int(seen > 0)
            codes[t] = code
            counts[t][code + 1] += 1
        patterns[tuple(codes)] += 1
    return [Segments(*month) for month in counts], patterns
