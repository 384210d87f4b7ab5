"""Comparison matrices in which some pairs were not compared.

Weights: the least squares of the logarithms over the pairs that were, which for a whole matrix are
the row geometric means [Crawford & Williams 1985; Bozóki, Fülöp & Rónyai 2010]. Eigenvector:
Harker (1987), "Incomplete pairwise comparisons in the analytic hierarchy process", Mathematical
Modelling 9, 837–848: a missing cell is 0, and each one adds 1 to its row's diagonal cell.
"""

import math
from collections.abc import Sequence

from scoring.errors import BadInput
from surveys.messages import mark

Incomplete = Sequence[Sequence[float | None]]
ITERATIONS = 1000
CONVERGED = 1e-14


def known_pairs(matrix: Incomplete) -> list[tuple[int, int]]:
    """Return the places above the diagonal of the pairs that were compared."""
    n = len(matrix)
    return [(i, j) for i in range(n) for j in range(i + 1, n) if matrix[i][j] is not None]


def missing_pairs(matrix: Incomplete) -> list[tuple[int, int]]:
    """Return the places above the diagonal of the pairs that were not compared."""
    n = len(matrix)
    return [(i, j) for i in range(n) for j in range(i + 1, n) if matrix[i][j] is None]


def random_index(whole: float, n: int, missing: int) -> float:
    """Return the random index of n criteria with so many pairs missing, from the whole matrix's.

    (1 − 2m/((n − 1)(n − 2)))·RI: Ágoston & Csató (2022), "Inconsistency thresholds for incomplete
    pairwise comparison matrices", Omega 108, 102576. It is 0 where nothing is compared twice.
    """
    return max(0.0, 1 - 2 * missing / ((n - 1) * (n - 2))) * whole


def completed(names: Sequence[str], matrix: Incomplete) -> list[float]:
    """Return the weights (sum 1) of a matrix; BadInput names the groups that are not connected."""
    _check_connected(names, matrix)
    logs = _least_squares(matrix)
    values = [math.exp(log - max(logs)) for log in logs]
    return [value / math.fsum(values) for value in values]


def eigenvector(matrix: Incomplete) -> tuple[list[float], float]:
    """Return the principal eigenvector (sum 1) of Harker's matrix and its value."""
    harker = [
        [
            1.0 + sum(judged is None for judged in row) if i == j else row[j] or 0.0
            for j in range(len(row))
        ]
        for i, row in enumerate(matrix)
    ]
    vector = [1 / len(harker)] * len(harker)
    value = float(len(harker))
    for _ in range(ITERATIONS):
        image = [math.fsum(a * x for a, x in zip(row, vector, strict=True)) for row in harker]
        value = math.fsum(image)
        following = [x / value for x in image]
        moved = max(abs(a - b) for a, b in zip(vector, following, strict=True))
        vector = following
        if moved < CONVERGED:
            break
    return vector, value


def _least_squares(matrix: Incomplete) -> list[float]:
    """Solve the normal equations: the graph's Laplacian, the first logarithm being 0."""
    n = len(matrix)
    rows = [[0.0] * (n + 1) for _ in range(n)]
    for i, j in known_pairs(matrix):
        log = math.log(matrix[i][j] or 1.0)
        for here, there, sign in ((i, j, 1), (j, i, -1)):
            rows[here][here] += 1
            rows[here][there] -= 1
            rows[here][n] += sign * log
    return [0.0, *_solved([row[1:] for row in rows[1:]])]


def _solved(rows: list[list[float]]) -> list[float]:
    """Solve by Gauss: the Laplacian of a connected graph without one node is positive definite."""
    n = len(rows)
    for i in range(n):
        for k in range(i + 1, n):
            part = rows[k][i] / rows[i][i]
            rows[k] = [a - part * b for a, b in zip(rows[k], rows[i], strict=True)]
    found = [0.0] * n
    for i in reversed(range(n)):
        known = math.fsum(rows[i][k] * found[k] for k in range(i + 1, n))
        found[i] = (rows[i][n] - known) / rows[i][i]
    return found


def _check_connected(names: Sequence[str], matrix: Incomplete) -> None:
    reached = {0}
    while grown := {j for i in reached for j in _neighbours(matrix, i)} - reached:
        reached |= grown
    if len(reached) < len(matrix):
        apart = [name for i, name in enumerate(names) if i not in reached]
        raise BadInput(
            field="comparisons",
            problem=mark("too many are missing: nothing connects {apart} with {others}"),
            apart=apart,
            others=[name for i, name in enumerate(names) if i in reached],
        )


def _neighbours(matrix: Incomplete, i: int) -> list[int]:
    return [j for j, judged in enumerate(matrix[i]) if judged is not None]
