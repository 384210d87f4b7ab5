"""Managers who see themselves just as customers do: how often is somebody called otherwise?"""

from collections import Counter
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scoring.changes import gap
from scoring.changes.gap import Rated
from scoring.estimates.counts import scale_of
from surveys.counts.figures import Clusters
from surveys.reports.estimates import Agreement

Values = npt.NDArray[Any]

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


FIRM: Final = 0.5
"""How much of a customer's attitude is the firm's."""


def false_words(
    managers: int, customers: int, digests: int, seed: int, *, size: int = 1, known: bool = True
) -> FalseWords:
    """Count the digests with a false word; every manager's own rating is the true mean.

    Customers come in firms of `size`, and think half as their firm does; `known`: the test is told.
    """
    chance = np.random.default_rng(seed)
    false = 0
    for _ in range(digests):
        rated = {
            number: _rated(float(latent), customers, chance, size, known=known)
            for number, latent in enumerate(chance.choice(LATENT, managers))
        }
        said = (one.agreement for one in gap.told(rated).values())
        false += any(word is not Agreement.IN_AGREEMENT for word in said)
    return FalseWords(digests, false)


def _rated(
    latent: float, customers: int, chance: np.random.Generator, size: int, *, known: bool
) -> Rated:
    firms = np.arange(customers) // size
    mood = chance.standard_normal((customers, 1))[firms]
    shared = FIRM if size > 1 else 0.0
    person = chance.standard_normal((customers, 1))
    attitude = np.sqrt(shared) * mood + np.sqrt(1 - shared) * person
    own = chance.standard_normal((customers, ITEMS))
    raw = latent + np.sqrt(ALIKE) * attitude + np.sqrt(1 - ALIKE) * own
    answers = np.clip(np.rint(raw), 1, HIGHEST)
    means = np.round(25 * (answers.mean(axis=1) - 1), 10)
    counts = dict(Counter(means.tolist()))
    return Rated(
        _truth(latent), counts, scale_of(POINTS), _clusters(firms, means) if known else None
    )


def _clusters(firms: Values, means: Values) -> Clusters:
    sizes, sums = np.bincount(firms), np.bincount(firms, means)
    if (sizes == 1).all():
        return {}
    return Counter(((int(n), float(total)),) for n, total in zip(sizes, sums, strict=True))


def _truth(latent: float) -> float:
    """Return the mean of such answers on 0–100."""
    normal = NormalDist(latent)
    above = sum(1 - normal.cdf(edge + 0.5) for edge in range(1, HIGHEST))
    return 25 * above
