"""Managers who see themselves just as customers do: how often is somebody called otherwise?"""

from collections import Counter
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from scoring.changes import gap
from scoring.changes.gap import Rated
from scoring.estimates.counts import scale_of
from surveys.reports.estimates import Agreement

ITEMS: Final = 5
HIGHEST: Final = 5
POINTS: Final = ITEMS * (HIGHEST - 1) + 1
LATENT: Final = (3.0, 4.0, 4.5, 5.0, 5.5)
"""Means of the items before they are cut to 1–5: from the middle to four in five answering 5."""
ALIKE: Final = 0.5
"""The correlation of one customer's answers to the items."""


@dataclass(frozen=True, slots=True)
class FalseWords:
    """Of so many digests, those with a word about somebody that is not so."""

    digests: int
    false: int

    @property
    def share(self) -> float:
        """The part of digests with such a word."""
        return self.false / self.digests


def false_words(managers: int, customers: int, digests: int, seed: int) -> FalseWords:
    """Count the digests with a false word; every manager's own rating is the true mean."""
    chance = np.random.default_rng(seed)
    false = 0
    for _ in range(digests):
        rated = {
            number: _rated(float(latent), customers, chance)
            for number, latent in enumerate(chance.choice(LATENT, managers))
        }
        said = (one.agreement for one in gap.told(rated).values())
        false += any(word is not Agreement.IN_AGREEMENT for word in said)
    return FalseWords(digests, false)


def _rated(latent: float, customers: int, chance: np.random.Generator) -> Rated:
    attitude = chance.standard_normal((customers, 1))
    own = chance.standard_normal((customers, ITEMS))
    raw = latent + np.sqrt(ALIKE) * attitude + np.sqrt(1 - ALIKE) * own
    answers = np.clip(np.rint(raw), 1, HIGHEST)
    means = np.round(25 * (answers.mean(axis=1) - 1), 10)
    return Rated(_truth(latent), dict(Counter(means.tolist())), scale_of(POINTS))


def _truth(latent: float) -> float:
    """Return the mean of such answers on 0–100."""
    normal = NormalDist(latent)
    above = sum(1 - normal.cdf(edge + 0.5) for edge in range(1, HIGHEST))
    return 25 * above
