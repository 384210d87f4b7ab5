"""Weights from pairwise comparisons: the analytic hierarchy process.

Priorities by the geometric mean of each row [Ivanova & Ityaikina 2018; Crawford & Williams 1985]
and by the principal eigenvector [Saaty 1980]; consistency with Saaty's random index as of
"Theory and Applications of the Analytic Network Process" (2005), p. 31.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.errors import BadInput, NotEnoughData
from surveys.messages import mark

Judgements = Sequence[Sequence[float]]
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
RECIPROCAL_WITHIN = 0.05
ITERATIONS = 1000
CONVERGED = 1e-14
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
    `consistency_ratio` above .10 must not be called consistent.
    """

    weights: dict[str, float]
    eigenvector: dict[str, float]
    lambda_max: float
    consistency_index: float
    consistency_ratio: float
    consistent: bool
    worst: Inconsistency | None


def priorities(names: Sequence[str], judgements: Judgements) -> Priorities:
    """Return the priorities of a reciprocal comparison matrix, row i against column j.

    Reciprocals may be off by 5 % (printed tables round); the geometric mean of both is used.
    Raises BadInput naming the cell that is not positive or contradicts its mirror.
    """
    matrix = checked(names, judgements)
    vector, lambda_max = _eigen(matrix)
    ratio = _ratio(lambda_max, len(names))
    return Priorities(
        weights=dict(zip(names, geometric(matrix), strict=True)),
        eigenvector=dict(zip(names, vector, strict=True)),
        lambda_max=lambda_max,
        consistency_index=_index(lambda_max, len(names)),
        consistency_ratio=ratio,
        consistent=ratio <= CONSISTENT_UP_TO,
        worst=_worst(names, matrix),
    )


def from_pairs(names: Sequence[str], pairs: Mapping[tuple[str, str], float]) -> list[list[float]]:
    """Return the matrix of judgements given as {(first, second): how many times}."""
    matrix = [[1.0] * len(names) for _ in names]
    for i, first in enumerate(names):
        for j, second in enumerate(names):
            if i < j:
                matrix[i][j] = _judgement(pairs, first, second)
                matrix[j][i] = 1 / matrix[i][j]
    return matrix


def from_ratings(ratings: Sequence[float]) -> list[list[float]]:
    """Return the consistent matrix of ratings: how many times one is the other."""
    for rating in ratings:
        if not 0 < rating < math.inf:
            raise BadInput(
                field="rating", problem=mark("must be above zero, not {given}"), given=rating
            )
    if ratings and max(ratings) > LARGEST_RATIO * min(ratings):
        raise BadInput(field="ratings", problem=mark("are too far apart to be compared"))
    return [[first / second for second in ratings] for first in ratings]


def aggregate(experts: Sequence[Judgements]) -> list[list[float]]:
    """Return the experts' joint judgements: the geometric mean of each [Aczél & Saaty 1983]."""
    if not experts:
        raise NotEnoughData(what=mark("experts"), needed=1, have=0)
    if len({len(judgements) for judgements in experts}) > 1:
        raise BadInput(field="experts", problem=mark("compared different numbers of criteria"))
    size = range(len(experts[0]))
    return [[_mean([expert[i][j] for expert in experts]) for j in size] for i in size]


def checked(names: Sequence[str], judgements: Judgements) -> list[list[float]]:
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
    for i in range(n):
        for j in range(i, n):
            _check_cell(names, judgements, i, j)
    return [[math.sqrt(judgements[i][j] / judgements[j][i]) for j in range(n)] for i in range(n)]


def geometric(matrix: Judgements) -> list[float]:
    """Return the geometric means of the rows, normalised to sum 1."""
    means = [_mean(row) for row in matrix]
    return [value / sum(means) for value in means]


def _check_cell(names: Sequence[str], judgements: Judgements, i: int, j: int) -> None:
    there, back = judgements[i][j], judgements[j][i]
    place = f"comparisons[{names[i]}, {names[j]}]"
    if not all(1 / LARGEST_RATIO <= judged <= LARGEST_RATIO for judged in (there, back)):
        raise BadInput(field=place, problem=mark("must be positive numbers, both ways"))
    if abs(there * back - 1) > RECIPROCAL_WITHIN:
        raise BadInput(
            field=place,
            problem=mark("{there} one way must be 1/{there} the other, not {back}"),
            there=there,
            back=back,
        )


def _judgement(pairs: Mapping[tuple[str, str], float], first: str, second: str) -> float:
    place = f"comparisons[{first}, {second}]"
    found = [pairs[first, second]] if (first, second) in pairs else []
    found += [1 / pairs[second, first]] if pairs.get((second, first)) else []
    if not found:
        raise BadInput(field=place, problem=mark("is missing: every pair needs a judgement"))
    return _mean(found)


def _mean(values: Sequence[float]) -> float:
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))


def _eigen(matrix: Judgements) -> tuple[list[float], float]:
    """Return the principal eigenvector (sum 1) and its value by power iteration."""
    vector = geometric(matrix)
    value = float(len(matrix))
    for _ in range(ITERATIONS):
        image = [math.fsum(a * x for a, x in zip(row, vector, strict=True)) for row in matrix]
        value = math.fsum(image)
        following = [x / value for x in image]
        moved = max(abs(a - b) for a, b in zip(vector, following, strict=True))
        vector = following
        if moved < CONVERGED:
            break
    return vector, value


def _index(lambda_max: float, n: int) -> float:
    return max(0.0, (lambda_max - n) / (n - 1))


def _ratio(lambda_max: float, n: int) -> float:
    return _index(lambda_max, n) / RANDOM_INDEX[n] if n in RANDOM_INDEX else 0.0


def _worst(names: Sequence[str], matrix: list[list[float]]) -> Inconsistency | None:
    n = len(names)
    if n not in RANDOM_INDEX:
        return None
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    i, j = max(pairs, key=lambda pair: _disagreement(matrix, *pair))
    implied = _implied(matrix, i, j)
    if _disagreement(matrix, i, j) < NOISE:
        return None
    mended = [list(row) for row in matrix]
    mended[i][j], mended[j][i] = implied, 1 / implied
    return Inconsistency(
        first=names[i],
        second=names[j],
        given=matrix[i][j],
        implied=implied,
        ratio_then=_ratio(_eigen(mended)[1], n),
    )


def _disagreement(matrix: Judgements, i: int, j: int) -> float:
    return abs(math.log(matrix[i][j] / _implied(matrix, i, j)))


def _implied(matrix: Judgements, i: int, j: int) -> float:
    """Return the comparison of i with j by way of every third criterion."""
    return _mean([matrix[i][k] * matrix[k][j] for k in range(len(matrix)) if k not in (i, j)])
