"""Weights from pairwise comparisons."""

import warnings
from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import BadInput, NotEnoughData
from scoring.weights import ahp
from scoring.weights.ahp import Matrix
from tests.examples import per_hundred

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # syntax warnings of its docstrings
    import ahpy

NAMES = ["quality", "price", "speed", "service"]
STEPS = [1 / 9, 1 / 7, 1 / 5, 1 / 3, 1 / 2, 1, 2, 3, 5, 7, 9]
Pairs = dict[tuple[str, str], float]
judged = st.lists(st.sampled_from(STEPS), min_size=6, max_size=6).map(
    lambda values: dict(zip(combinations(NAMES, 2), values, strict=True))
)
PAPER = (10, 9, 8, 7, 6, 6, 5, 4)


def matrix_of(names: Sequence[str], pairs: Pairs) -> Matrix:
    """Return the matrix of judgements given for every pair, in the order of the names."""
    times = pairs | {(second, first): 1 / value for (first, second), value in pairs.items()}
    return [[times.get((row, column), 1.0) for column in names] for row in names]


@settings(max_examples=per_hundred(6))
@pytest.mark.parametrize("size", range(3, 10))
@given(random=st.randoms(use_true_random=False))
def test_priorities_agree_with_ahpy(size: int, random: Random) -> None:
    names = [str(number) for number in range(size)]
    pairs = {pair: random.choice(STEPS) for pair in combinations(names, 2)}
    found = ahp.priorities(names, matrix_of(names, pairs))
    expected = ahpy.Compare("all", pairs, precision=8, random_index="saaty", tolerance=1e-12)
    assert found.eigenvector == pytest.approx(expected.target_weights, abs=1e-4)
    assert found.consistency_ratio == pytest.approx(expected.consistency_ratio, abs=1e-3)


@given(judged)
def test_weights_sum_to_one_and_mending_the_worst_never_harms(
    pairs: Pairs,
) -> None:
    found = ahp.priorities(NAMES, matrix_of(NAMES, pairs))
    assert sum(found.weights.values()) == pytest.approx(1)
    assert found.lambda_max >= 4 - 1e-9
    assert found.consistency_ratio is not None
    assert found.consistent == (found.consistency_ratio <= 0.1)
    if found.worst:
        assert found.worst.ratio_then <= found.consistency_ratio + 1e-9


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=15))
def test_ratings_come_back_as_their_parts(ratings: list[float]) -> None:
    names = [str(number) for number in range(len(ratings))]
    found = ahp.priorities(names, ahp.from_ratings(ratings))
    expected = [rating / sum(ratings) for rating in ratings]
    assert list(found.weights.values()) == pytest.approx(expected)
    assert list(found.eigenvector.values()) == pytest.approx(expected)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)
    assert found.worst is None


def test_the_papers_criteria_have_its_weights() -> None:
    names = [str(number) for number in range(8)]
    weights = ahp.priorities(names, ahp.from_ratings(PAPER)).weights.values()
    printed = [12.10, 10.9, 9.69, 8.48, 7.27, 7.27, 6.05, 4.84]
    assert [value / sum(printed) for value in printed] == pytest.approx(list(weights), rel=1e-3)


def test_the_contradiction_is_named_and_mended() -> None:
    pairs = {("a", "b"): 2.0, ("b", "c"): 2.0, ("a", "c"): 0.25}
    found = ahp.priorities(["a", "b", "c"], matrix_of(["a", "b", "c"], pairs))
    assert not found.consistent
    assert found.worst is not None
    assert found.worst.ratio_then == pytest.approx(0, abs=1e-9)


def test_the_odd_judgement_among_consistent_ones_is_found() -> None:
    matrix = ahp.from_ratings([8, 4, 2, 1])
    matrix[1][2], matrix[2][1] = 1 / 5, 5
    found = ahp.priorities(NAMES, matrix).worst
    assert found is not None
    assert (found.first, found.second) == ("price", "speed")
    assert found.given == pytest.approx(1 / 5)
    assert found.implied == pytest.approx(2)
    assert found.ratio_then == pytest.approx(0, abs=1e-9)


def test_experts_meet_at_the_geometric_mean() -> None:
    joint = ahp.aggregate([ahp.from_ratings([4, 1]), ahp.from_ratings([1, 1])])
    assert joint == [[1, pytest.approx(2)], [pytest.approx(0.5), 1]]
    with pytest.raises(NotEnoughData):
        ahp.aggregate([])
    with pytest.raises(BadInput, match="different numbers"):
        ahp.aggregate([[[1.0]], ahp.from_ratings([1, 2])])


def test_printed_reciprocals_may_be_rounded() -> None:
    found = ahp.priorities(["a", "b"], [[1, 1.43], [0.7, 1]])
    assert found.weights["a"] == pytest.approx(10 / 17, abs=1e-3)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 2], [2, 1]], r"comparisons\[a, b\]: 2 one way must be 1/2 the other, not 2"),
        ([[1, 0], [0, 1]], "positive"),
        ([[1, -1], [-1, 1]], "positive"),
        ([[1, 2]], "2 rows of 2"),
        ([[2, 1], [1, 1]], r"comparisons\[a, a\]"),
    ],
)
def test_a_wrong_cell_is_named(matrix: list[list[float]], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        ahp.priorities(["a", "b"], matrix)


def test_names_are_complete() -> None:
    with pytest.raises(BadInput, match="same name"):
        ahp.priorities(["a", "a"], [[1, 1], [1, 1]])
    with pytest.raises(BadInput, match="between 2 and 15"):
        ahp.priorities(["a"], [[1]])
    with pytest.raises(BadInput, match="rating"):
        ahp.from_ratings([1, 0])
