from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from surveys.messages import LANGUAGES, Language, fill
from templates.texts import Texts

NBSP = "\N{NO-BREAK SPACE}"
RU, EN = Texts("ru"), Texts("en")


@pytest.mark.parametrize(
    ("value", "digits", "russian", "english"),
    [
        (1234.5, 1, f"1{NBSP}234,5", "1,234.5"),
        (-0.04, 1, "0,0", "0.0"),
        (-42.4, 0, "−42", "−42"),
        (0.5, 0, "1", "1"),
        (2.5, 0, "3", "3"),
        (-2.5, 0, "−3", "−3"),
        (Decimal("1000000.10"), None, f"1{NBSP}000{NBSP}000,1", "1,000,000.1"),
        (7, None, "7", "7"),
    ],
)
def test_a_number_is_written_the_readers_way(
    value: float, digits: int | None, russian: str, english: str
) -> None:
    assert (RU.number(value, digits), EN.number(value, digits)) == (russian, english)


def test_a_change_carries_its_sign_and_no_change_carries_none() -> None:
    assert [RU.number(x, sign=True) for x in (12.2, -3.0, 0.2)] == ["+12", "−3", "0"]


def test_a_share_is_written_in_per_cent() -> None:
    assert (RU.percent(0.455), EN.percent(0.455, 1)) == (f"46{NBSP}%", "45.5%")


def test_days_months_and_moments_are_in_the_readers_words_and_zone() -> None:
    moment = datetime(2026, 11, 22, 22, 5, tzinfo=UTC)
    assert RU.date(date(2026, 11, 22)) == "22 ноября 2026"
    assert EN.month(date(2026, 9, 1)) == "September 2026"
    assert RU.month(date(2026, 9, 1)) == "сентябрь 2026"
    assert RU.moment(moment, "Europe/Moscow") == "23 ноября 2026, 01:05"


@pytest.mark.parametrize(
    ("first", "last", "russian", "english"),
    [
        ("2026-10-01", "2026-10-31", "1–31 октября 2026", "1–31 October 2026"),
        (
            "2026-07-01",
            "2026-09-30",
            f"1 июля{NBSP}— 30 сентября 2026",
            f"1 July{NBSP}– 30 September 2026",
        ),
        (
            "2026-12-28",
            "2027-01-03",
            f"28 декабря 2026{NBSP}— 3 января 2027",
            f"28 December 2026{NBSP}– 3 January 2027",
        ),
        ("2026-10-31", "2026-10-31", "31 октября 2026", "31 October 2026"),
    ],
)
def test_days_from_one_to_another_name_each_part_once(
    first: str, last: str, russian: str, english: str
) -> None:
    ends = (date.fromisoformat(first), date.fromisoformat(last))
    assert (RU.days(*ends), EN.days(*ends)) == (russian, english)


@pytest.mark.parametrize(
    ("key", "russian", "english"),
    [
        ("2026", "2026 год", "2026"),
        ("2026-Q3", "3\N{NON-BREAKING HYPHEN}й квартал 2026", "Q3 2026"),
        ("2026-09", "сентябрь 2026", "September 2026"),
        ("2026-W06", "6\N{NON-BREAKING HYPHEN}я неделя 2026", "week 6 of 2026"),
    ],
)
def test_a_period_has_a_name(key: str, russian: str, english: str) -> None:
    assert (RU.period(key), EN.period(key)) == (russian, english)


def test_russian_has_three_plural_forms() -> None:
    counts = (1, 2, 5, 11, 21, 104, 1000)
    written = [RU.plural("{n} answer", "{n} answers", n) for n in counts]
    assert written == [
        f"1{NBSP}ответ",
        f"2{NBSP}ответа",
        f"5{NBSP}ответов",
        f"11{NBSP}ответов",
        f"21{NBSP}ответ",
        f"104{NBSP}ответа",
        f"1{NBSP}000{NBSP}ответов",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_nobody_translated_is_shown_in_english(language: Language) -> None:
    assert Texts(language)("Nobody wrote {this}", this=1) == "Nobody wrote 1"


@given(st.text(), st.text())
def test_braces_in_a_value_stay_text(first: str, second: str) -> None:
    assert fill("{a}|{b}", {"a": first, "b": second}) == f"{first}|{second}"


def test_a_value_that_ends_in_a_full_stop_ends_the_sentence_by_it() -> None:
    for value in ("Петров А. И.", "<b>Smith, Inc.</b>", "и так далее…"):
        assert fill("{it}. {it}", {"it": value}) == f"{value} {value}"
    assert fill("{it}.", {"it": "Орлова"}) == "Орлова."
    assert fill("{it}.html", {"it": "v1."}) == "v1..html"


@given(st.floats(-1e12, 1e12), st.integers(0, 3), st.sampled_from(LANGUAGES))
def test_a_number_never_holds_a_hyphen_or_a_breaking_space(
    value: float, digits: int, language: Language
) -> None:
    written = Texts(language).number(value, digits)
    assert "-" not in written
    assert " " not in written
    assert written.strip("−0.,") or not written.startswith("−")


@given(
    st.floats(-1e12, 1e12) | st.integers(-(10**12), 10**12),
    st.none() | st.integers(0, 6),
    st.sampled_from(LANGUAGES),
)
def test_a_number_is_written_as_babel_writes_it(
    value: float, digits: int | None, language: Language
) -> None:
    """Of what has no more digits than are written: babel rounds half to even."""
    places = 6 if digits is None else digits
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    pattern = "#,##0.######" if digits is None else f"#,##0.{'0' * digits}".rstrip(".")
    expected = format_decimal(exact, pattern, locale=language).replace("-", "−")
    assert Texts(language).number(value, digits) == expected


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(LANGUAGES))
def test_a_day_a_month_and_a_moment_are_written_as_babel_writes_them(
    at: datetime, language: Language
) -> None:
    texts = Texts(language)
    assert texts.date(at.date()) == format_date(at, "d MMMM y", locale=language)
    assert texts.month(at.date()) == format_date(at, "LLLL y", locale=language)
    assert texts.month(at.date(), short=True) == format_date(at, "LLL", locale=language)
    assert texts.moment(at, UTC) == format_datetime(at, "d MMMM y, HH:mm", locale=language)


def test_each_language_has_its_quotation_marks() -> None:
    message = "You changed «{survey}» and have not published it."
    assert "«Опрос»" in Texts("ru")(message, survey="Опрос")
    assert "“Opinion «2»”" in Texts("en")(message, survey="Opinion «2»")
    assert (Texts("ru").quoted("да"), Texts("en").quoted("yes")) == ("«да»", "“yes”")
