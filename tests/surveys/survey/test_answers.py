from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counts.recommending import nps_segment
from surveys.errors import InvalidAnswer
from surveys.survey.answers import (
    KINDS,
    Answer,
    bounds,
    check,
    from_json,
    from_option,
    from_text,
    score,
    to_json,
    toggle,
)
from surveys.survey.cleaning import clean_cells, clean_text
from surveys.survey.definition import ChoicesQuestion, Survey
from tests.surveys.making import NEEDED, question
from tests.surveys.strategies import surveys, valid_answers

DIGITS_AND_SURROGATES = st.characters(categories=["Nd", "No", "Cs", "Cf", "Zs"])
HOSTILE = [
    "",
    " ",
    "\x00",
    "\ud800",
    "\u200f\u200b",
    "7\x00",
    "🙂",
    "1e5",
    "NaN",
    "inf",
    "--1",
    "½",
]


def code(kind: str, text: str, **more: object) -> str:
    with pytest.raises(InvalidAnswer) as caught:
        from_text(question(kind, **more), text)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "point"),
    [("10", 10), (" 7 ", 7), ("0", 0), ("7.0", 7), ("5️⃣", 5), ("٧", 7), ("７", 7), ("\u200e8", 8)],
)
def test_a_typed_point_is_read_as_people_write_it(text: str, point: int) -> None:
    assert from_text(question("nps"), text) == point


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11", "out_of_range"),
        ("−1", "out_of_range"),
        ("١٢", "out_of_range"),
        ("7,5", "wrong_step"),
        ("seven", "not_a_number"),
        ("7²", "not_a_number"),
        ("7 8", "not_a_number"),
        ("1" * 5000, "not_a_number"),
        (" \u200f ", "empty"),
    ],
)
def test_a_typed_point_outside_the_scale_is_refused_by_name(text: str, expected: str) -> None:
    assert code("nps", text) == expected


@pytest.mark.parametrize(
    ("text", "amount"),
    [("7,5", "7.5"), ("7.5", "7.5"), ("1 000", "1000"), ("1\u00a0000,5", "1000.5"), ("−3", "-3")],
)
def test_an_amount_may_have_a_comma_and_spaces(text: str, amount: str) -> None:
    asked = question("number", min="-10", max="5000", step="0.5")
    assert from_text(asked, text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12,000", "12000"), ("12.000 min", "12000"), ("1,234,567", "1234567"),
        ("1,234.50", "1234.5"), ("1.500,5", "1500.5"), ("950,5", "950.5"),
    ],
)  # fmt: skip
def test_thousands_may_have_their_marks_where_nothing_else_is_meant(text: str, amount: str) -> None:
    asked = question("number", min="900", max="9000000", step="0.5")
    assert from_text(asked, text) == Decimal(amount)


def test_a_number_that_may_be_two_is_asked_for_again() -> None:
    """«12,000» was kept as 12."""
    with pytest.raises(InvalidAnswer, match="two_numbers") as refused:
        from_text(question("number", max="50000", step="0.5"), "12,500")
    assert refused.value.params == {"given": "12,500", "whole": "12500", "part": "12.5"}
    assert code("number", "7,500") == "wrong_step"
    assert from_text(question("number", max="60", step="0.5"), "7,500") == Decimal("7.5")
    with pytest.raises(InvalidAnswer, match="two_numbers"):
        from_text(question("number", max="50000"), "12,000")


def test_an_amount_keeps_to_its_step_and_range() -> None:
    assert code("number", "7,5") == "wrong_step"
    assert code("number", "61") == "out_of_range"
    assert code("number", "много") == "not_an_amount"


def test_steps_are_counted_from_the_least_amount() -> None:
    odd = question("number", min=1, step=2)
    assert from_text(odd, "5") == Decimal(5)
    with pytest.raises(InvalidAnswer, match="wrong_step"):
        from_text(odd, "4")


def test_words_are_cleaned_and_measured() -> None:
    assert from_text(question("text"), " a\x00\ud800\r\nb\u2028c ") == "a\nb\nc"
    assert from_text(question("text"), "مرحبا 🙂") == "مرحبا 🙂"
    with pytest.raises(InvalidAnswer) as caught:
        from_text(question("text"), "я" * 5000)
    assert caught.value.code == "too_long"
    assert caught.value.params == {"limit": 4096, "length": 5000}


def test_text_where_a_button_is_due_asks_for_the_button() -> None:
    assert code("choice", "something") == "use_buttons"
    assert code("yes_no", "maybe") == "use_buttons"


def test_a_typed_label_counts_as_its_button() -> None:
    assert from_text(question("choice"), "b") == "b"
    assert from_text(question("choices"), "B") == ("b",)
    assert from_text(question("yes_no"), "Да!") is True


@pytest.mark.parametrize(
    ("kind", "option", "answer"),
    [
        ("nps", "7", 7),
        ("scale", "5", 5),
        ("choice", "a", "a"),
        ("choice", "2", "c"),
        ("choices", "b", ("b",)),
        ("yes_no", "1", True),
        ("yes_no", "0", False),
    ],
)
def test_a_button_gives_its_answer(kind: str, option: str, answer: Answer) -> None:
    assert from_option(question(kind), option) == answer


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize("option", ["", "x", "99", "-1", "٧", "1.0", "7\n", "a:b", "\x00"])
def test_a_forged_button_is_refused(kind: str, option: str) -> None:
    with pytest.raises(InvalidAnswer):
        from_option(question(kind), option)


def test_toggling_keeps_the_order_of_the_question_and_its_limit() -> None:
    asked = question("choices", at_most=2)
    assert isinstance(asked, ChoicesQuestion)
    assert toggle(asked, ("c",), "a") == ("a", "c")
    assert toggle(asked, ("a", "c"), "a") == ("c",)
    assert toggle(asked, ("a",), "0") == ()
    with pytest.raises(InvalidAnswer, match="too_many"):
        toggle(asked, ("a", "c"), "b")


def test_a_reversed_scale_is_turned_for_statistics_only() -> None:
    asked = question("scale", reverse=True)
    assert from_option(asked, "2") == 2
    assert score(asked, 2) == 4.0
    assert score(question("scale"), 2) == 2.0


def test_scores_are_numbers_or_nothing() -> None:
    assert score(question("yes_no"), answer=True) == 1.0
    assert score(question("number"), Decimal("7.5")) == 7.5
    assert score(question("text"), "7") is None
    assert score(question("nps"), None) is None


@pytest.mark.parametrize("point", range(11))
def test_segments_are_the_published_ones(point: int) -> None:
    expected = "detractor" if point <= 6 else "passive" if point <= 8 else "promoter"
    assert nps_segment(point) == expected


def test_every_kind_is_answerable() -> None:
    assert set(KINDS) == set(NEEDED)


@given(surveys(), st.text() | st.text(DIGITS_AND_SURROGATES) | st.sampled_from(HOSTILE))
def test_arbitrary_text_is_an_answer_or_an_invalid_answer(asked: Survey, text: str) -> None:
    for item in asked.questions:
        for read in (from_text, from_option):
            try:
                answer = read(item, text)
            except InvalidAnswer:
                continue
            assert check(item, answer) == answer
            to_json(answer).encode()


@given(surveys(), st.data())
def test_what_is_stored_is_what_is_read(asked: Survey, data: st.DataObject) -> None:
    for item in asked.questions:
        answer = data.draw(valid_answers(item))
        stored = from_json(item, to_json(answer))
        assert stored == answer
        assert type(stored) is type(answer)


@given(surveys(), st.data())
def test_a_score_lies_within_its_bounds(asked: Survey, data: st.DataObject) -> None:
    for item in asked.questions:
        number, ends = score(item, data.draw(valid_answers(item))), bounds(item)
        assert (ends is not None) or (number is None)
        assert number is None or (ends and ends[0] <= number <= ends[1])


@pytest.mark.parametrize("stored", ["", "{", "[]", "{}", '"x"', "true", "NaN", "1e999", "[[1]]"])
def test_a_stored_answer_of_another_kind_is_refused(stored: str) -> None:
    for kind in ("nps", "number", "choice", "choices"):
        with pytest.raises(InvalidAnswer):
            from_json(question(kind), stored)


@given(st.text())
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert "\r" not in cleaned
    assert clean_text(cleaned) == cleaned


@given(st.lists(st.text(st.sampled_from(" |aб\n\r\x00\N{NO-BREAK SPACE}"), max_size=4), max_size=4))
def test_cells_are_cleaned_together_as_each_alone(cells: list[str]) -> None:
    assert clean_cells(cells) == list(map(clean_text, cells))
