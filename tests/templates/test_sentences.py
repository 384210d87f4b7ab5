"""Every sentence about a change over a grid of counts, held against its interval."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from surveys.counts.figures import DigestFigures, MeasureCounts
from surveys.messages import LANGUAGES, Language
from templates.texts import Texts
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import digest
from tests.templates.pages import Page, evidence, headline, render_digest

ONE = {9.0: 1}
BEFORE: tuple[dict[float, int], ...] = (
    {},
    {9.0: 3},
    {3.0: 6, 8.0: 9, 10.0: 15},
    {3.0: 2000, 8.0: 3000, 10.0: 5000},
)
AFTER: tuple[dict[float, int], ...] = (
    {},
    ONE,
    {3.0: 1, 10.0: 1},
    {3.0: 2, 8.0: 3, 10.0: 5},
    {3.0: 6, 8.0: 9, 10.0: 15},
    {3.0: 5, 8.0: 9, 10.0: 16},
    {3.0: 1, 8.0: 3, 10.0: 26},
    {3.0: 20, 8.0: 9, 10.0: 1},
    {3.0: 2000, 8.0: 3000, 10.0: 5000},
    {3.0: 1985, 8.0: 3000, 10.0: 5015},
    {3.0: 1860, 8.0: 3000, 10.0: 5140},
    {3.0: 2200, 8.0: 3000, 10.0: 4800},
    {3.0: 1000, 8.0: 3000, 10.0: 6000},
)
HUGE = 400_000
NEARLY = ({3.0: 2 * HUGE, 10.0: 3 * HUGE}, {3.0: 2 * HUGE - 2800, 10.0: 3 * HUGE + 2800})
GRID = [*((before, after) for before in BEFORE for after in AFTER), NEARLY]
INDEX = ({50.0: 40, 60.0: 40}, {70.0: 40, 80.0: 40})
NUMBER = r"[+−]?\d[\d\u00a0]*(?:[.,]\d+)?"
UP = {"ru": "Рост на", "en": "up by"}
DOWN = {"ru": "Снижение на", "en": "down by"}
UNKNOWN = {"ru": "отличить её от случайной по этим ответам нельзя", "en": "cannot tell from chance"}
SAME = {"ru": "как и в прошлом периоде", "en": "the same as in"}
HIDDEN = {"ru": "изменение могло не проявиться", "en": "could hide a change"}
INSIDE = {"ru": "не больше чем на 10", "en": "it is 10 points at most"}
EARLY = {"ru": "судить рано", "en": "too early to judge"}


def _figures(
    before: dict[float, int], after: dict[float, int], *index: dict[float, int]
) -> DigestFigures:
    quiet = samples.empty()
    then, now = ([MeasureCounts("nps", "all", "", "", one, 0, 11)] for one in (before, after))
    for side, counts in zip((then, now), index, strict=False):
        side.append(MeasureCounts("loyalty_index", "all", "", "", counts, 0, 31))
    return replace(
        quiet,
        current=replace(quiet.current, measures=tuple(now)),
        previous=replace(quiet.previous, measures=tuple(then)),
    )


def _told(language: Language) -> Iterator[tuple[dict[str, Any], str, str]]:
    texts = Texts(language)
    for before, after in GRID:
        document = digest(_figures(before, after), samples.NOW, language)
        yield document, headline(texts, document), evidence(texts, document)


def _number(written: str) -> Decimal:
    plain = written.replace("\u00a0", "").replace("−", "-").replace(",", ".")
    return Decimal(plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_says_what_its_interval_says(language: Language) -> None:
    for document, said, numbers in _told(language):
        sys.stdout.write(f"{said}\n  {numbers}\n")  # the table, for whoever reads it with -s
        row = document["headline"]
        change = row["change"]
        if change is None:
            assert not any(word[language] in said for word in (UP, DOWN, UNKNOWN, SAME, INSIDE))
            continue
        assert (UP[language] in said) == (change["low"] > 0)
        assert (DOWN[language] in said) == (change["high"] < 0)
        held = change["low"] > 0 or change["high"] < 0
        assert (SAME[language] in said) == (change["value"] == 0 and not held)
        assert (UNKNOWN[language] in said) == (change["value"] != 0 and not held)
        inside = not held and change["low"] > -10 and change["high"] < 10
        assert (INSIDE[language] in said) == inside


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_of_a_sentence_is_a_zero_that_is_none(language: Language) -> None:
    for document, said, numbers in _told(language):
        change = document["headline"]["change"]
        if change is None:
            continue
        written = numbers.split("Изменение:" if language == "ru" else "Change:")[1]
        value, _, low, high = map(_number, re.findall(NUMBER, written)[:4])
        for shown, real in ((value, "value"), (low, "low"), (high, "high")):
            assert (shown > 0, shown < 0) == (change[real] > 0, change[real] < 0)
        assert low <= value <= high
        if change["value"]:
            size = re.search(rf"({NUMBER})\u00a0?\s?(?:пункт|point)", said)
            assert size
            assert _number(size[1]) == abs(value), "headline and evidence show one number"
            assert _number(size[1]) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_reads_as_lying_within_its_interval(language: Language) -> None:
    for document, said, numbers in _told(language):
        current = document["headline"]["current"]
        if current is None or current["n"] < document["method"]["minimum"]["change"]:
            continue
        start = "доверительный интервал" if language == "ru" else "interval"
        ends = re.findall(NUMBER, numbers.split(start)[1])[:2]
        low, high = map(_number, ends)
        value = _number(re.findall(NUMBER, said)[0])
        assert low < high
        assert low <= value <= high


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_and_the_table_show_the_same_numbers(language: Language) -> None:
    for document, _, numbers in _told(language):
        if document["headline"]["change"] is None:
            continue
        page = " ".join(" ".join(Page(render_digest(document, language)).text).split())
        written = numbers.split("Изменение: " if language == "ru" else "Change: ")[1]
        value, _, low, high = re.findall(NUMBER, written)[:4]
        until = f"от {low} до {high}" if language == "ru" else f"{low} to {high}"
        assert f"{value} ({until};" in page


def test_cases_and_numbers_agree_in_russian() -> None:
    for _, said, _ in _told("ru"):
        wrong = r"(?<![\d,])1\u00a0пунктов|[25]\u00a0пункт\b|\d,\d+\u00a0пункт(ов)?\b"
        assert not re.search(wrong, said)
        assert "случайностью" not in said
        assert "заметн" not in said


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", "Ответил 1\u00a0клиент: судить рано."), ("en", "1 customer has answered: too early")],
)
def test_one_answer_is_too_early(language: Language, said: str) -> None:
    document = digest(_figures({}, ONE), samples.NOW, language)
    assert headline(Texts(language), document).startswith(said)


def test_a_small_change_that_holds_is_called_small() -> None:
    document = digest(_figures(*NEARLY), samples.NOW, "ru")
    said = headline(Texts("ru"), document)
    assert "Рост на 0,3\u00a0пункта" in said
    assert "мал, но отличим от случайного" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_figure_is_not_told_as_no_change_where_one_could_hide(language: Language) -> None:
    """Of 30 answers the interval reaches 40 points to each side."""
    few, many = {3.0: 6, 8.0: 9, 10.0: 15}, NEARLY[0]
    said = headline(Texts(language), digest(_figures(few, few), samples.NOW, language))
    assert "+30" in said
    assert SAME[language] in said
    assert HIDDEN[language] in said
    held = headline(Texts(language), digest(_figures(many, many), samples.NOW, language))
    assert SAME[language] in held
    assert INSIDE[language] in held
    assert HIDDEN[language] not in held


@pytest.mark.parametrize(
    ("language", "also"),
    [("ru", "Индекс лояльности клиентов: рост на 20"), ("en", "Customer loyalty index: up")],
)
def test_where_the_nps_stands_still_and_the_index_moved_the_headline_says_so(
    language: Language, also: str
) -> None:
    counts = {3.0: 6, 8.0: 9, 10.0: 15}
    document = digest(_figures(counts, counts, *INDEX), samples.NOW, language)
    assert also in headline(Texts(language), document)


def test_what_is_missing_for_a_word_is_said() -> None:
    nine = {3.0: 2, 8.0: 2, 10.0: 5}
    document = digest(_figures({9.0: 30}, nine), samples.NOW, "ru")
    assert "нужен ещё 1\u00a0ответ" in " ".join(Page(render_digest(document, "ru")).text)
