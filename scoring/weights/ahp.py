"""Weights from pairwise comparisons: the analytic hierarchy process.

Priorities by the geometric mean of each row [Ivanova & Ityaikina 2018; Crawford & Williams 1985]
and by the principal eigenvector [Saaty 1980]; consistency with Saaty's random index as of
"Theory and Applications of the Analytic Network Process" (2005), p. 31. Where pairs are missing:
`scoring.weights.incomplete`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scoring.errors import BadInput, NotEnoughData
from scoring.weights.incomplete import completed, eigenvector, known_pairs, missing_pairs
from scoring.weights.incomplete import random_index as index_of
from surveys.messages import mark

Judgements = Sequence[Sequence[float | None]]
Matrix = list[list[float]]
RANDOM_INDEX = {
    3: 0.52,
    4: 0.89,
    5: 1.11,
    6: 1.25,
    7: 1.35,
    8: 1.40,
    9: 1.45,
    10: 1.49,
    11: 1.52,
    12: 1.54,
    13: 1.56,
    14: 1.58,
    15: 1.59,
}
LARGEST = max(RANDOM_INDEX)
SMALLEST = 2
CONSISTENT_UP_TO = 0.10
STRONGEST: Final = 9
"""The end of Saaty's scale: a judgement lies between 1/9 and 9."""
RECIPROCAL_WITHIN = 0.05
NOISE = 1e-9
LARGEST_RATIO = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Inconsistency:
    """The judgement that disagrees most with what all the others imply.

    `first` was judged `given` times as important as `second`; the others imply `implied`, and
    with that instead the consistency ratio would be `ratio_then`.
    """

    first: str
    second: str
    given: float
    implied: float
    ratio_then: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """Priorities that sum to 1, and how far the judgements contradict each other.

    `weights` are the normalised geometric means, `eigenvector` the principal eigenvector;
    `consistency_ratio` above .10 must not be called consistent. `missing` are the pairs that
    nobody compared. Ratio and word are None where so many are missing that nothing could
    contradict anything.
    """

    weights: dict[str, float]
    eigenvector: dict[str, float]
    lambda_max: float
    consistency_index: float
    consistency_ratio: float | None
    consistent: bool | None
    worst: Inconsistency | None
    missing: tuple[tuple[str, str], ...] = ()


def priorities(names: Sequence[str], judgements: Judgements) -> Priorities:
    """Return the priorities of a reciprocal comparison matrix, row i against column j.

    Reciprocals may be off by 5 % (printed tables round); the geometric mean of both is used.
    A pair that has None both ways was not compared; of one way the other follows.
    Raises BadInput naming the cell that is not positive or contradicts its mirror, or the groups
    that no comparison connects.
    """
    matrix = checked(names, judgements)
    weights = completed(names, matrix)
    vector, lambda_max = eigenvector(matrix)
    ratio = _ratio(lambda_max, matrix)
    return Priorities(
        weights=dict(zip(names, weights, strict=True)),
        eigenvector=dict(zip(names, vector, strict=True)),
        lambda_max=lambda_max,
        consistency_index=_index(lambda_max, len(names)),
        consistency_ratio=ratio,
        consistent=None if ratio is None else ratio <= CONSISTENT_UP_TO,
        worst=_worst(names, matrix, weights),
        missing=tuple((names[i], names[j]) for i, j in missing_pairs(matrix)),
    )


def from_ratings(ratings: Sequence[float]) -> Matrix:
    """Return the consistent matrix of ratings: how many times one is the other."""
    for rating in ratings:
        if not 0 < rating < math.inf:
            raise BadInput(
                field="rating", problem=mark("must be above zero, not {given}"), given=rating
            )
    if ratings and max(ratings) > LARGEST_RATIO * min(ratings):
        raise BadInput(field="ratings", problem=mark("are too far apart to be compared"))
    return [[first / second for second in ratings] for first in ratings]


def aggregate(experts: Sequence[Judgements]) -> list[list[float | None]]:
    """Return the experts' joint judgements: the geometric mean of each [Aczél & Saaty 1983].

    A pair is judged by those who compared it, and missing where nobody did.
    """
    if not experts:
        raise NotEnoughData(what=mark("experts"), needed=1, have=0)
    if len({len(judgements) for judgements in experts}) > 1:
        raise BadInput(field="experts", problem=mark("compared different numbers of criteria"))
    size = range(len(experts[0]))
    return [[_joint([expert[i][j] for expert in experts]) for j in size] for i in size]


def checked(names: Sequence[str], judgements: Judgements) -> list[list[float | None]]:
    """Return the judgements made exactly reciprocal, or say which cell is wrong."""
    n = len(names)
    if not SMALLEST <= n <= LARGEST:
        raise BadInput(
            field="criteria",
            problem=mark("between {low} and {high} can be compared, not {n}"),
            low=SMALLEST,
            high=LARGEST,
            n=n,
        )
    if len(set(names)) < n:
        raise BadInput(field="criteria", problem=mark("have the same name twice"))
    if len(judgements) != n or any(len(row) != n for row in judgements):
        raise BadInput(field="comparisons", problem=mark("must be {n} rows of {n} numbers"), n=n)
    found: list[list[float | None]] = [[1.0] * n for _ in names]
    for i in range(n):
        for j in range(i, n):
            given = _both_ways(judgements[i][j], judgements[j][i], _place(names, i, j))
            found[i][j], found[j][i] = given, None if given is None else 1 / given
    return found


def on_saatys_scale(names: Sequence[str], judgements: Judgements) -> Judgements:
    """Return a judgement; refuses one beyond 1/9…9."""
    for i, row in enumerate(judgements):
        for j, judged in enumerate(row[: len(names)]):
            if judged is not None and i < len(names) and judged > STRONGEST:
                raise BadInput(
                    field=_place(names, i, j),
                    problem=mark("must lie between 1/{high} and {high}, not {given}"),
                    high=STRONGEST,
                    given=judged,
                )
    return judgements


def _place(names: Sequence[str], i: int, j: int) -> str:
    return f"comparisons[{names[i]}, {names[j]}]"


def _both_ways(there: float | None, back: float | None, place: str) -> float | None:
    given = [judged for judged in (there, back) if judged is not None]
    if not all(1 / LARGEST_RATIO <= judged <= LARGEST_RATIO for judged in given):
        raise BadInput(field=place, problem=mark("must be positive numbers, both ways"))
    if there is None or back is None:
        return there if back is None else 1 / back
    if abs(there * back - 1) > RECIPROCAL_WITHIN:
        raise BadInput(
            field=place,
            problem=mark("{there} one way must be 1/{there} the other, not {back}"),
            there=there,
            back=back,
        )
    return math.sqrt(there / back)


def _joint(judged: Sequence[float | None]) -> float | None:
    given = [one for one in judged if one is not None]
    return _mean(given) if given else None


def _mean(values: Sequence[float]) -> float:
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))


def _index(lambda_max: float, n: int) -> float:
    found = (lambda_max - n) / (n - 1)
    return found if found > NOISE else 0.0


def _ratio(lambda_max: float, matrix: Judgements) -> float | None:
    n = len(matrix)
    if n not in RANDOM_INDEX:
        return 0.0
    expected = index_of(RANDOM_INDEX[n], n, len(missing_pairs(matrix)))
    return _index(lambda_max, n) / expected if expected > NOISE else None


def _worst(
    names: Sequence[str], matrix: list[list[float | None]], weights: Sequence[float]
) -> Inconsistency | None:
    if len(names) not in RANDOM_INDEX:
        return None
    whole = [
        [weights[i] / weights[j] if judged is None else judged for j, judged in enumerate(row)]
        for i, row in enumerate(matrix)
    ]
    i, j = max(known_pairs(matrix), key=lambda pair: _disagreement(whole, *pair))
    if _disagreement(whole, i, j) < NOISE:
        return None
    implied = _implied(whole, i, j)
    mended = [list(row) for row in matrix]
    mended[i][j], mended[j][i] = implied, 1 / implied
    ratio = _ratio(eigenvector(mended)[1], mended)
    return Inconsistency(
        first=names[i],
        second=names[j],
        given=whole[i][j],
        implied=implied,
        ratio_then=0.0 if ratio is None else ratio,
    )


def _disagreement(matrix: Matrix, i: int, j: int) -> float:
    return abs(math.log(matrix[i][j] / _implied(matrix, i, j)))


def _implied(matrix: Matrix, i: int, j: int) -> float:
    """Return the comparison of i with j by way of every third criterion."""
    return _mean([matrix[i][k] * matrix[k][j] for k in range(len(matrix)) if k not in (i, j)])
