"""Pairs that nobody compared: weights from the others, and a random index of their own."""

import math
from collections.abc import Sequence
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BadInput
from scoring.weights import ahp, incomplete

SAATY = [1 / value for value in range(9, 1, -1)] + list(range(1, 10))
Cells = list[list[float | None]]


def without(matrix: Sequence[Sequence[float | None]], *pairs: tuple[int, int]) -> Cells:
    found = [list(row) for row in matrix]
    for i, j in pairs:
        found[i][j] = found[j][i] = None
    return found


@given(st.lists(st.floats(0.2, 5), min_size=4, max_size=4), st.integers(0, 5))
def test_a_missing_pair_follows_from_consistent_others(ratings: list[float], gap: int) -> None:
    pair = list(combinations(range(4), 2))[gap]
    found = ahp.priorities(list("abcd"), without(ahp.from_ratings(ratings), pair))
    expected = [rating / sum(ratings) for rating in ratings]
    assert list(found.weights.values()) == pytest.approx(expected)
    assert list(found.eigenvector.values()) == pytest.approx(expected)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-8)
    assert found.missing == (("abcd"[pair[0]], "abcd"[pair[1]]),)


def test_harkers_matrix_by_hand() -> None:
    """With (a, c) missing: 2 on the diagonal of a and c, nothing beside it."""
    matrix = without([[1.0, 2.0, 1.0], [0.5, 1.0, 2.0], [1.0, 0.5, 1.0]], (0, 2))
    values, vectors = np.linalg.eig(np.array([[2, 2, 0], [0.5, 1, 2], [0, 0.5, 2]]))
    largest = int(np.argmax(values.real))
    vector, value = incomplete.eigenvector(matrix)
    assert value == pytest.approx(values[largest].real)
    expected = np.abs(vectors[:, largest].real)
    assert vector == pytest.approx(list(expected / expected.sum()))
    assert vector == pytest.approx([4 / 7, 2 / 7, 1 / 7])


def test_weights_are_the_least_squares_of_the_logarithms() -> None:
    random = Random(5)
    matrix = without(_random(random, 5), (0, 1), (2, 4))
    rows, logs = [], []
    for i, j in incomplete.known_pairs(matrix):
        rows.append([(k == i) - (k == j) for k in range(5)])
        logs.append(math.log(matrix[i][j] or 1))
    solved = np.exp(np.linalg.lstsq(np.array(rows, dtype=float), np.array(logs))[0])
    found = incomplete.completed(list("abcde"), matrix)
    assert found == pytest.approx(list(solved / solved.sum()))


def test_where_nothing_is_compared_twice_nothing_is_called_consistent() -> None:
    chain = without(ahp.from_ratings([4, 2, 1]), (0, 2))
    found = ahp.priorities(list("abc"), chain)
    assert found.consistency_ratio is None
    assert found.consistent is None


def test_what_nothing_connects_is_named() -> None:
    apart = without(ahp.from_ratings([4, 3, 2, 1]), (0, 2), (0, 3), (1, 2), (1, 3))
    with pytest.raises(BadInput, match="nothing connects c, d with a, b"):
        ahp.priorities(list("abcd"), apart)


def test_a_contradiction_is_found_among_the_pairs_that_were_compared() -> None:
    matrix = without(ahp.from_ratings([8, 4, 2, 1]), (0, 3))
    matrix[1][2], matrix[2][1] = 1 / 5, 5.0
    found = ahp.priorities(list("abcd"), matrix)
    assert found.worst is not None
    assert (found.worst.first, found.worst.second) != ("a", "d")
    assert not found.consistent


@pytest.mark.parametrize(("n", "missing"), [(4, 1), (5, 2), (6, 3), (6, 6)])
def test_the_random_index_is_the_mean_inconsistency_of_random_matrices(
    n: int, missing: int
) -> None:
    """800 random matrices each, seed fixed: a standard error of about .01."""
    random = Random(n * 100 + missing)
    found: list[float] = []
    while len(found) < 800:
        gaps = random.sample(list(combinations(range(n), 2)), missing)
        matrix = without(_random(random, n), *gaps)
        try:
            incomplete.completed([str(i) for i in range(n)], matrix)
        except BadInput:
            continue
        found.append((incomplete.eigenvector(matrix)[1] - n) / (n - 1))
    whole = ahp.RANDOM_INDEX[n]
    assert np.mean(found) == pytest.approx(incomplete.random_index(whole, n, missing), abs=0.06)


def _random(random: Random, n: int) -> list[list[float]]:
    matrix = [[1.0] * n for _ in range(n)]
    for i, j in combinations(range(n), 2):
        matrix[i][j] = random.choice(SAATY)
        matrix[j][i] = 1 / matrix[i][j]
    return matrix
