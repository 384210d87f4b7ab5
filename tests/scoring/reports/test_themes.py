"""What customers wrote about: counts, shares, changes, and which words are quoted."""

from datetime import date, timedelta

import pytest

from scoring.estimates.shares import wilson
from scoring.reports.themes import quotes_of, themes
from scoring.reports.words import quoted, said
from surveys.counts.figures import Comment

NAMES = {"price": "Цены", "delivery": "Доставка", "site": "Сайт"}
FIRST = date(2026, 9, 1)


def _comment(
    number: int, text: str, *about: str, score: int | None = 9, sheet: int | None = None
) -> Comment:
    day = FIRST + timedelta(days=number)
    return Comment(text, score, day, "why", number if sheet is None else sheet, about)


def test_a_survey_counts_once_in_a_theme_however_much_was_written() -> None:
    comments = [
        _comment(1, "Дорого у вас", "price", score=3, sheet=1),
        _comment(2, "и ещё раз дорого", "price", score=3, sheet=1),
        _comment(3, "Цена хорошая", "price", sheet=2),
        *(_comment(number, f"Всё хорошо {number}") for number in range(4, 12)),
    ]
    found = themes(comments, [], NAMES)
    assert found is not None
    assert (found.answers, found.untold, found.previous) == (10, 8, 0)
    (row,) = found.rows
    assert (row.key, row.n, row.detractors, row.previous, row.change) == ("price", 2, 1, 0, None)
    assert row.share is not None
    expected = wilson(2, 10)
    assert (row.share.value, row.share.low, row.share.high) == pytest.approx(
        (expected.share, expected.low, expected.high)
    )


def test_few_answers_have_no_share_and_no_change() -> None:
    comments = [_comment(number, f"Дорого {number}", "price") for number in range(9)]
    found = themes(comments, comments, NAMES)
    assert found is not None
    assert found.rows[0].share is None
    assert found.rows[0].change is None
    assert found.rows[0].n == 9


def test_a_change_is_in_points_with_its_interval() -> None:
    before = [_comment(number, f"До {number}", *["price"] * (number < 2)) for number in range(20)]
    now = [_comment(number, f"Вот {number}", *["price"] * (number < 12)) for number in range(20)]
    found = themes(now, before, NAMES)
    assert found is not None
    change = found.rows[0].change
    assert change is not None
    assert change.value == pytest.approx(50)
    assert 0 < change.low < 50 < change.high < 100


def test_a_detractor_and_somebody_else_are_quoted_and_no_sentence_twice() -> None:
    comments = [
        _comment(1, "Дорого и долго", "price", "delivery", score=2),
        _comment(5, "дорого, и долго!", "price", "delivery", score=9),
        _comment(3, "Цена вполне честная", "price", score=10),
        _comment(2, "Везли неделю целую", "delivery", score=1),
    ]
    found = themes(comments, [], NAMES)
    assert found is not None
    quotes = [quote.text for row in found.rows for quote in row.quotes]
    assert len({said(text) for text in quotes}) == len(quotes)
    assert [[quote.score for quote in row.quotes] for row in found.rows] == [[9, 10], [1]]


def test_the_latest_of_a_detractor_stands_beside_the_latest_of_anybody_else() -> None:
    comments = [
        _comment(1, "Дорого и долго", "price", score=2),
        _comment(5, "Цены обычные", "price", score=8),
        _comment(9, "Цена вполне честная", "price", score=None),
        _comment(7, "Дорого!", "price", score=0),
    ]
    found = themes(comments, [], NAMES)
    assert found is not None
    quotes = found.rows[0].quotes
    assert [quote.text for quote in quotes] == ["Дорого и долго", "Цена вполне честная"]


def test_what_a_theme_quotes_is_not_quoted_again_below() -> None:
    comments = [
        _comment(1, "Дорого и долго", "price", score=2),
        *(_comment(number, "Одно и то же", score=9) for number in range(2, 8)),
        _comment(9, "ОДНО И ТО ЖЕ.", score=9),
    ]
    found = themes(comments, [], NAMES)
    below = quoted(comments, quotes_of(found))
    assert [(group.segment, len(group.quotes)) for group in below.groups] == [
        ("detractor", 0),
        ("promoter", 1),
    ]


def test_the_most_frequent_theme_stands_first() -> None:
    comments = [
        _comment(1, "раз два", "site"),
        _comment(2, "раз два три", "delivery"),
        _comment(3, "раз два три четыре", "delivery"),
    ]
    found = themes(comments, [], NAMES)
    assert found is not None
    assert [row.key for row in found.rows] == ["delivery", "site"]
    assert themes([], comments, NAMES) is None
