"""Managers whose true scores are known: what drawing their scores to the mean is worth."""

from dataclasses import dataclass

import numpy as np

from scoring.changes.shrinkage import shrink
from scoring.estimates import nps
from scoring.estimates.nps import Segments

PASSIVES = 0.2


@dataclass(frozen=True, slots=True)
class Drawn:
    """Of so many companies: root mean squared errors in points, and those without differences.

    `placed` and `placed_raw`: how often the first row is one of the three truly best.
    """

    companies: int
    raw: float
    drawn: float
    none: int
    placed: int
    placed_raw: int


def drawn(managers: int, spread: float, companies: int, seed: int) -> Drawn:
    """Return it for managers of 10–40 answers; their NPS scatters by `spread` points."""
    chance = np.random.default_rng(seed)
    raw_error = drawn_error = 0.0
    none = placed = placed_raw = 0
    for _ in range(companies):
        promoters = np.clip(chance.normal(0.5, spread / 200, managers), 0.05, 0.75)
        truth = 100 * (2 * promoters + PASSIVES - 1)
        made = {
            key: Segments(*chance.multinomial(n, [1 - PASSIVES - share, PASSIVES, share]).tolist())
            for key, (share, n) in enumerate(
                zip(promoters, chance.integers(10, 41, managers), strict=True)
            )
        }
        raw = np.array([100 * nps.moments(one).mean for one in made.values()])
        found = shrink(made)
        scores = np.array(list(found.scores.values()))
        raw_error += float(((raw - truth) ** 2).mean())
        drawn_error += float(((scores - truth) ** 2).mean())
        none += found.between == 0
        best = set(np.argsort(-truth)[:3].tolist())
        placed += int(scores.argmax()) in best
        placed_raw += int(raw.argmax()) in best
    errors = np.sqrt(np.array([raw_error, drawn_error]) / companies)
    return Drawn(companies, float(errors[0]), float(errors[1]), none, placed, placed_raw)
