"""One group asked twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scoring.changes import waves
from scoring.errors import BadInput, NotEnoughData

BEFORE, AFTER = [2, 3, 3, 4, 2, 3, 5, 3], [4, 4, 3, 5, 3, 4, 5, 4]


def test_golden_paired_test() -> None:
    found = waves.paired(BEFORE, AFTER)
    assert found.t == pytest.approx(3.861741, abs=5e-7)
    assert found.df == 7
    assert found.p_value == pytest.approx(0.006198, abs=5e-7)
    assert found.d_z == pytest.approx(1.365332, abs=5e-7)


def test_the_sign_says_which_wave_is_higher() -> None:
    assert waves.paired(BEFORE, AFTER).mean_difference > 0
    assert waves.paired(AFTER, BEFORE).mean_difference < 0


@given(st.lists(st.integers(-6, 6).filter(bool), min_size=2, max_size=9))
def test_wilcoxon_agrees_with_all_the_signs_of_scipy(differences: list[int]) -> None:
    expected = stats.wilcoxon(differences, method=stats.PermutationMethod()).pvalue
    assert waves.wilcoxon(differences) == pytest.approx(expected)


def test_those_who_all_moved_alike_have_no_t() -> None:
    found = waves.paired([1, 2, 3, 4, 3], [2, 3, 4, 5, 4])
    assert (found.mean_difference, found.sd) == (1, 0)
    assert found.t is found.p_value is found.d_z is None
    assert found.wilcoxon_p == pytest.approx(2 / 32)


def test_nobody_moved() -> None:
    found = waves.paired([1, 2], [1, 2])
    assert found.wilcoxon_p is None


def test_a_wave_needs_two_pairs_of_answers() -> None:
    with pytest.raises(NotEnoughData):
        waves.paired([1], [2])
    with pytest.raises(BadInput, match="1 answers for 2"):
        waves.paired([1, 2], [2])
    with pytest.raises(BadInput, match="numbers"):
        waves.paired([1, float("nan")], [2, 3])
