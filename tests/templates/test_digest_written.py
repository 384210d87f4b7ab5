"""How a digest's figures are set among its words, on the page and in the terminal alike."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from surveys.messages import LANGUAGES, Language
from surveys.reports.digest import Digest
from templates.criteria import SCENARIOS
from templates.digest import message
from templates.digest.page import render_digest as render_page
from templates.digest.picture import render_picture
from templates.digest.sections.drivers import lines
from templates.digest.sections.effectiveness import effectiveness
from templates.digest.sections.nps import nps
from templates.digest.sections.scorecard import scorecard
from templates.digest.workbook.criteria import criteria
from templates.texts import Texts
from tests.scoring.reports.documents import opened
from tests.templates.pages import COMPANIES, SAMPLES, Page, document, render_digest, render_text

EVERY = [(name, language) for name in (*SAMPLES, *COMPANIES) for language in LANGUAGES]
NUMBER_AFTER_NUMBER = r"\d(?:\s%)?, \d[\d\u00a0,.]*(?:\s?%|\s(?:ответ|answer))"
"""A comma between an end and what follows it reads as one number: «от 84 до 86, 95 %»."""


def _said(name: str, language: Language) -> Iterator[str]:
    page = "".join(Page(render_digest(document(name, language), language)).text)
    yield re.sub(r"[ \n]+", " ", page)
    yield render_text(document(name, language), language)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_no_two_figures_read_as_one(name: str, language: Language) -> None:
    for said in _said(name, language):
        assert not re.search(NUMBER_AFTER_NUMBER, said)
        assert ".:" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_ends_with_a_full_stop_has_none_before_a_colon(language: Language) -> None:
    made = opened(document("rich", language))
    assert made.drivers is not None
    asked = tuple(replace(one, label=f"{one.label}.") for one in made.drivers.drivers)
    told = replace(made, drivers=replace(made.drivers, drivers=asked))
    rows = [line for line in lines(Texts(language), told) if line.startswith("•")]
    assert len(rows) == len(asked)
    assert not any(".:" in row for row in rows)


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (86.114, 84.433, 86.461, ("86.1", "84.4 to 86.5; 95%")),
        (100.0, 97.21, 100.0, ("100.0", "97.2 to 100.0; 95%")),
        (99.98, 99.93, 100.0, ("99.98", "99.93 to 100.00; 95%")),
    ],
)
def test_the_index_reads_as_lying_within_its_interval(
    value: float, low: float, high: float, said: tuple[str, str]
) -> None:
    made = opened(document("rich", "en"))
    assert made.effectiveness is not None
    assert made.effectiveness.index is not None
    index = replace(made.effectiveness.index, index=value, low=low, high=high)
    shown = effectiveness(
        Texts("en"), replace(made, effectiveness=replace(made.effectiveness, index=index))
    )
    assert shown is not None
    assert (shown.value, shown.interval) == said


def test_an_index_of_facts_alone_says_that_it_has_no_interval() -> None:
    made = opened(document("rich", "ru"))
    assert made.effectiveness is not None
    assert made.effectiveness.index is not None
    index = replace(made.effectiveness.index, index=71.3, low=71.3, high=71.3)
    of_facts = replace(made, effectiveness=replace(made.effectiveness, index=index))
    said = "только по данным компании, а у них нет интервала"
    assert said in render_page(of_facts, "ru")
    assert "от 71,3 до 71,3" not in render_page(of_facts, "ru")
    assert f"71,3 из 100 ({said})" in message.render_text(of_facts, "ru")


def test_no_sentence_begins_with_a_small_letter_where_a_month_is_named() -> None:
    made = opened(document("rich", "ru"))
    month = replace(made, previous=replace(made.previous, key="2026-07"))
    page = render_page(month, "ru")
    assert "Раньше (июль 2026): " in page
    assert ". июль" not in page


def test_where_others_answered_before_the_headline_does_not_say_that_nobody_did() -> None:
    said = render_text(document("promoters", "ru"), "ru")
    assert "в прошлом периоде (август 2026) таких ответов нет." in said


def test_the_rule_of_quotes_says_what_is_left_out() -> None:
    page = render_digest(document("rich", "ru"), "ru")
    assert "которые не приведены выше, без сокращений; имена, контакты и номера скрыты." in page


def _page_words(texts: Texts, made: Digest) -> list[str]:
    section = nps(texts, made)
    first = [] if section is None else [section.verdict]
    return [*first, *(row.verdict for row in scorecard(texts, made))]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_workbook_has_the_pages_words_for_changes(name: str, language: Language) -> None:
    made = opened(document(name, language))
    texts = Texts(language)
    found = criteria(texts, made)
    place = found.headings.index(texts("verdict"))
    assert [row[place] for row in found.rows if row[place] is not None] == _page_words(texts, made)


@pytest.mark.parametrize(
    ("criteria", "said"), [(6, ""), (7, "Ещё 1 критерий"), (9, "Ещё 3 критерия")]
)
def test_a_picture_says_how_many_criteria_it_leaves_out(criteria: int, said: str) -> None:
    made = opened(document("rich", "ru"))
    one = next(row for row in made.scorecard.criteria if row.current)
    many = replace(made, scorecard=replace(made.scorecard, criteria=(one,) * criteria, others=()))
    drawn = render_picture(many, "ru").replace("\u00a0", " ")
    assert ("Ещё " in drawn) == bool(said)
    assert said in drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_ends_before_a_currency(language: Language) -> None:
    for said in _said("rich", language):
        assert "RUB" in said
        assert not re.search(r"\d RUB", said)


def test_what_stands_behind_a_dot_begins_with_a_capital() -> None:
    for language in LANGUAGES:
        assert all(Texts(language)(name)[0].isupper() for name in SCENARIOS.values())


def test_dots_that_lie_on_one_another_are_both_seen_and_not_joined() -> None:
    page = render_digest(document("promoters", "ru"), "ru")
    drawn = page[page.index('class="chart dumbbells"') :]
    drawn = drawn[: drawn.index("</svg>")]
    assert drawn.count('class="own"') == drawn.count('class="dot"') > 0
    assert 'class="apart' not in drawn
    assert 'class="apart' in render_digest(document("ten", "ru"), "ru")
    assert "svg .own { fill: none;" in page


def test_nothing_but_promoters_are_told_as_they_are() -> None:
    text = render_text(document("promoters", "ru"), "ru").replace("\u00a0", " ")
    assert "NPS: +100 (от +84 до +100; 40 ответов)" in text
    assert "Индекс эффективности CRM: 100,0 из 100 (от 96,8 до 100,0; 95" in text
