"""Choosing among alternatives by weighted criteria, and how firm that choice is.

Each alternative's priority is Σ weight × its local priority (both sum to 1). Beside it stands the
convolution of Ivanova & Ityaikina (2018): every comparison matrix times its vector of row
geometric means, summed over criteria; for consistent matrices that is n times the vector.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from scoring.errors import BadInput
from scoring.weights import ahp
from surveys.messages import mark

NOISE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One alternative: its priority (all sum to 1), its score on the paper's scale, its place."""

    name: str
    priority: float
    score: float
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tipping:
    """The smallest change of one weight that swaps two alternatives, the others kept in proportion.

    `weight_now` and `weight_then` are between 0 and 1; `first` leads `second` now.
    """

    criterion: str
    weight_now: float
    weight_then: float
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedChoice:
    """The alternatives, best first; None where no change of a single weight alters the order."""

    alternatives: tuple[Alternative, ...]
    any_rank: Tipping | None
    first_rank: Tipping | None


Ratings = Mapping[str, Mapping[str, float]]


def choose(weights: Mapping[str, float], ratings: Ratings) -> RankedChoice:
    """Return the alternatives in order of {alternative: {criterion: rating}}.

    Ratings are above zero, more being better; weights are brought to a sum of 1. Raises BadInput
    naming what is missing or not positive.
    """
    _check(weights, ratings)
    total = math.fsum(weights.values())
    parts = {criterion: weight / total for criterion, weight in weights.items()}
    local = {criterion: _local(criterion, ratings) for criterion in parts}
    scores = _convolution(parts, ratings)
    worth = {name: math.fsum(parts[c] * local[c][name] for c in parts) for name in ratings}
    order = sorted(ratings, key=lambda name: -worth[name])
    tippings = _tippings(parts, local, worth, order)
    return RankedChoice(
        alternatives=tuple(
            Alternative(name=name, priority=worth[name], score=scores[name], rank=place)
            for place, name in enumerate(order, start=1)
        ),
        any_rank=min(tippings, key=_size, default=None),
        first_rank=min((t for t in tippings if t.first == order[0]), key=_size, default=None),
    )


def _check(weights: Mapping[str, float], ratings: Ratings) -> None:
    if not ratings or not weights:
        raise BadInput(
            field="alternatives", problem=mark("at least one, and one criterion, are needed")
        )
    for criterion, weight in weights.items():
        if not 0 < weight < math.inf:
            raise BadInput(field=f"weights.{criterion}", problem=mark("must be above zero"))
    for name, rated in ratings.items():
        for criterion in weights:
            if not 0 < rated.get(criterion, 0) < math.inf:
                raise BadInput(
                    field=f"alternatives.{name}",
                    problem=mark("needs a rating above zero for {criterion}"),
                    criterion=criterion,
                )


def _local(criterion: str, ratings: Ratings) -> dict[str, float]:
    total = math.fsum(rated[criterion] for rated in ratings.values())
    return {name: rated[criterion] / total for name, rated in ratings.items()}


def _convolution(weights: Mapping[str, float], ratings: Ratings) -> dict[str, float]:
    by_mean = _over_geometric_mean(weights)
    scores = dict.fromkeys(ratings, 0.0)
    for criterion, weight in by_mean.items():
        column = {name: rated[criterion] for name, rated in ratings.items()}
        for name, value in _over_geometric_mean(column).items():
            scores[name] += len(weights) * weight * len(ratings) * value
    return scores


def _over_geometric_mean(values: Mapping[str, float]) -> dict[str, float]:
    """Return the row geometric means of the ratings' comparison matrix."""
    rows = ahp.from_ratings(list(values.values()))
    means = [math.exp(math.fsum(map(math.log, row)) / len(row)) for row in rows]
    return dict(zip(values, means, strict=True))


def _tippings(
    weights: Mapping[str, float],
    local: Mapping[str, Mapping[str, float]],
    worth: Mapping[str, float],
    order: list[str],
) -> list[Tipping]:
    """Return every swap that moving one weight t within 0…1 brings about.

    The lead of a over b is t·lead_c + (1 − t)·lead_rest/(1 − w): linear in t, so it has one root.
    """
    found = []
    for first, second in combinations(order, 2):
        lead = worth[first] - worth[second]
        for criterion, weight in weights.items():
            if weight == 1 or lead <= NOISE:
                continue
            own = local[criterion][first] - local[criterion][second]
            rest = (lead - weight * own) / (1 - weight)
            if abs(rest - own) > NOISE and 0 <= rest / (rest - own) <= 1:
                found.append(
                    Tipping(
                        criterion=criterion,
                        weight_now=weight,
                        weight_then=rest / (rest - own),
                        first=first,
                        second=second,
                    )
                )
    return found


def _size(tipping: Tipping) -> float:
    return abs(tipping.weight_then - tipping.weight_now)
