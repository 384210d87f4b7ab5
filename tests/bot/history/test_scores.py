"""Scores in words are read where the whole column agrees with one scale, and named otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.history.scores import ColumnScores, read_scores

NPS = (0, 10)
ONE_SCALE = {
    "9": 9,
    "9.0": 9,
    "9,0": 9,
    " 9 ": 9,
    "９": 9,
    "9/10": 9,
    "9 / 10": 9,
    "9 из 10": 9,
    "9 out of 10": 9,
    "9★": 9,
    "9 баллов": 9,
    "10 - Очень вероятно": 10,
    "10 — очень  вероятно": 10,
    "0 (Not at all likely)": 0,
    "Not at all likely - 0": 0,
    "Extremely likely - 10": 10,
    "Скорее да (7)": 7,
}
NO_NUMBER = ("8.5", "8,5", "Промоутер", "+9", "-9", "−9", "9 - 10", "1e1", "11", "9%", "10-", "½")


def _read(*texts: str, scale: tuple[int, int] = NPS) -> ColumnScores:
    return read_scores(range(len(texts)), texts, scale)


def test_labels_of_one_scale_are_read() -> None:
    found = _read(*ONE_SCALE)
    assert not found.problems
    assert list(found.found.values()) == list(ONE_SCALE.values())


@pytest.mark.parametrize("text", NO_NUMBER)
def test_what_is_no_score_is_named_and_may_be_left_out(text: str) -> None:
    found = _read("9", text)
    assert found.found == {0: 9}
    (problem,) = found.problems
    assert problem.lines == (1,)
    assert not problem.of_column
    assert text in str(problem.message)


@pytest.mark.parametrize("text", ["", "N/A", "n/a", "-", "—", "нет", "#N/A"])
def test_a_blank_score_is_said_to_be_none(text: str) -> None:
    (problem,) = _read(text).problems
    assert str(problem.message) == "there is no score"


def test_another_scale_in_the_column_is_refused_as_a_whole() -> None:
    (problem,) = _read("9/10", "4/5", "3 из 5", "7").problems
    assert problem.lines == (1, 2)
    assert problem.of_column
    assert "--scale" in str(problem.message)
    assert not _read("4/5", "3 из 5", scale=(1, 5)).problems


def test_the_same_words_at_two_numbers_are_refused_as_a_whole() -> None:
    (problem,) = _read("10 - Very likely", "9 - very likely", "Very likely - 10", "8").problems
    assert problem.lines == (0, 1, 2)
    assert problem.of_column
    assert "9, 10" in str(problem.message)


@given(st.lists(st.text(max_size=12), max_size=8), st.sampled_from([NPS, (1, 5)]))
def test_every_cell_is_a_score_of_the_scale_or_named(
    texts: list[str], scale: tuple[int, int]
) -> None:
    found = _read(*texts, scale=scale)
    named = {line for problem in found.problems for line in problem.lines}
    assert all(scale[0] <= score <= scale[1] for score in found.found.values())
    assert found.found.keys() | named == set(range(len(texts)))


@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=12),
    st.sampled_from(["{}", "{}/10", "{} из 10", "{} points", "{}★", "{} - label {}"]),
)
def test_a_score_survives_its_writing(scores: list[int], written: str) -> None:
    texts = [written.replace("label {}", "abcdefghijk"[score]).format(score) for score in scores]
    assert list(_read(*texts).found.values()) == scores
