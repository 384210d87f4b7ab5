"""What goes with recommending, in made-up populations: do the intervals hold the true weights?"""

from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Final

import numpy as np
from numpy.random import Generator

from scoring.errors import BadInput
from scoring.rows import drivers
from scoring.rows.resampling import ALONE, Matrix, Respondents, Whole

POPULATION: Final = 400_000
ITEMS: Final = 5
NAMES: Final = ("recommend", *(f"item {number}" for number in range(ITEMS)))
FIRM: Final = 0.5
"""How much of what colleagues think is their firm's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """How customers answer five questions of 1–5, and how that goes with recommending, 0–10.

    `parts`: what each question adds to recommending; `alike`: the correlation of the questions
    before they are cut to 1–5; `mean`: their mean. `firms`: of how many firms a sample is, 0 for
    people who have no colleagues.
    """

    parts: tuple[float, ...]
    alike: float = 0.5
    mean: float = 4.0
    firms: int = 0


POPULATIONS: Final = {
    "one counts most": Population(parts=(1.0, 0.4, 0.4, 0.2, 0.2)),
    "all alike": Population(parts=(0.4,) * ITEMS),
    "two of no worth": Population(parts=(0.8, 0.8, 0.4, 0.0, 0.0), alike=0.3),
    "nothing goes with it": Population(parts=(0.0,) * ITEMS),
    "at the ceiling": Population(parts=(1.0, 0.4, 0.4, 0.2, 0.2), mean=5.0),
    "thirty firms": Population(parts=(1.0, 0.4, 0.4, 0.2, 0.2), firms=30),
}

SAMPLES: Final = (60, 100, 300)
"""How many respondents there are: hardly ten a question, and more."""


@dataclass(frozen=True, slots=True)
class Held:
    """Of so many samples, in what part the interval holds the weight: of each question."""

    samples: int
    shares: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean over the questions."""
        return sum(self.shares) / len(self.shares)

    @property
    def error(self) -> float:
        """The Monte Carlo error of one share, at most that of the mean of dependent ones."""
        return sqrt(self.mean * (1 - self.mean) / self.samples)


def held(population: Population, n: int, samples: int, seed: int) -> Held:
    """Return how often the intervals of samples of n respondents hold the true weights."""
    chance = np.random.default_rng(seed)
    truth = true_weights(population)
    times, made = np.zeros(ITEMS), 0
    while made < samples:
        found = _sample(population, n, chance)
        try:
            told = drivers.of_respondents(found, NAMES)
        except BadInput:  # a question to which all answered the same: the digest has no section
            continue
        made += 1
        by_name = {one.name: one for one in told.drivers}
        ends = [(by_name[name].low, by_name[name].high) for name in NAMES[1:]]
        times += [low <= weight <= high for weight, (low, high) in zip(truth, ends, strict=True)]
    return Held(samples, tuple((times / samples).tolist()))


@cache
def true_weights(population: Population) -> tuple[float, ...]:
    """Return the weights in the whole population, which is so large that chance is left out."""
    chance = np.random.default_rng(0)
    answers = _answers(population, chance.standard_normal((POPULATION, 2 + ITEMS)))
    r = np.asarray(np.corrcoef(answers, rowvar=False))
    weights: list[float] = drivers.relative(r[None])[0].tolist()
    return tuple(weights)


def _sample(population: Population, n: int, chance: Generator) -> Respondents:
    thought = chance.standard_normal((n, 2 + ITEMS))
    of = np.full(n, ALONE)
    if population.firms:
        of = np.arange(n) % population.firms
        shared = chance.standard_normal((population.firms, 2 + ITEMS))[of]
        thought = np.sqrt(FIRM) * shared + np.sqrt(1 - FIRM) * thought
    rows = np.column_stack([_answers(population, thought), of])
    alike, often = np.unique(rows, axis=0, return_counts=True)
    whose: Whole = alike[:, -1].astype(np.int64)
    return Respondents(alike[:, :-1], often, whose)


def _answers(population: Population, thought: Matrix) -> Matrix:
    """Cut what people think, columns of standard normals, to answers; recommending first."""
    common, own, chance = thought[:, :1], thought[:, 1:-1], thought[:, -1]
    good = np.sqrt(population.alike) * common + np.sqrt(1 - population.alike) * own
    items = np.clip(np.rint(population.mean + good), 1, 5)
    recommend = np.clip(np.rint(8 + good @ np.array(population.parts) + 1.5 * chance), 0, 10)
    return np.column_stack([recommend, items])
