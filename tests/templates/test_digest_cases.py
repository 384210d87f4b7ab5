"""The digest's section of cases: figures with intervals, or what is missing for them."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scoring.reports.casework import casework
from surveys.counts.casework import CaseCounts
from surveys.messages import LANGUAGES, Language
from surveys.reports.as_json import read_digest, written
from templates.digest.page import render_digest
from templates.digest.sections.cases import cases, line, lines
from templates.texts import Texts
from tests.templates.pages import document

UNTIL = datetime(2026, 10, 1, tzinfo=UTC)
COUNTS = CaseCounts(
    until=UNTIL, opened=12, resolved=9, open=4, overdue=1,
    waits=(0.5, 1, 2, 3, 4, 5, 26, 60), asked=8, recovered=5, not_recovered=2,
)  # fmt: skip
FULL = read_digest(json.dumps(document("rich", "ru")))
DOCUMENT = replace(FULL, casework=casework(COUNTS))


def test_every_figure_has_its_interval_and_its_base() -> None:
    shown = cases(Texts("ru"), DOCUMENT)
    assert shown.standing == (
        "Открыто 12 обращений. На 1 октября 2026, 03:00: в работе 4\xa0обращения, "
        "из них просрочено 1."
    )
    assert [(row.value, row.interval, row.base) for row in shown.rows] == [
        ("15,5 ч", "от 2,0 ч", "из 12 обращений"),
        ("75\xa0%", "от 47\xa0% до 91\xa0%", "из 12 открытых"),
        ("63\xa0%", "от 31\xa0% до 86\xa0%", "из 8 клиентов, спрошенных за период"),
    ]
    assert len(shown.notes) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_cases_one_line_says_how_to_get_them(language: Language) -> None:
    for counted in (None, CaseCounts(until=UNTIL)):
        bare = replace(FULL, casework=casework(counted))
        shown = cases(Texts(language), bare)
        assert shown.missing
        assert not shown.rows
        assert shown.missing[:30] in render_digest(bare, language)


def test_the_section_stands_on_the_page_in_the_chat_and_in_json() -> None:
    page = render_digest(DOCUMENT, "ru")
    assert 'id="cases"' in page
    assert "из 8 клиентов, спрошенных за период" in page
    assert line(Texts("ru"), DOCUMENT) == (
        "Обращения: открыто за период 12, в работе 4, просрочено 1."
    )
    assert len(list(lines(Texts("en"), DOCUMENT))) == 6
    assert read_digest(written(DOCUMENT)).casework == DOCUMENT.casework


def test_nobody_asked_says_who_will_be() -> None:
    counts = CaseCounts(until=UNTIL, opened=1, open=1)
    shown = cases(Texts("en"), replace(FULL, casework=casework(counts)))
    assert "the next survey asks" in shown.notes[-1]
    assert shown.rows[0].value == "half of them or more wait still"


@pytest.mark.parametrize(
    ("opened", "answered", "said"),
    [
        (5, 0, "too few for an interval"),
        (40, 0, "no interval: too many wait still"),
        (40, 5, "no interval: too many wait still"),
        (40, 16, "from 1.0 h"),
    ],
)
def test_many_cases_that_wait_are_not_called_few(opened: int, answered: int, said: str) -> None:
    counts = CaseCounts(until=UNTIL, opened=opened, open=opened, waits=(1.0,) * answered)
    shown = cases(Texts("en"), replace(FULL, casework=casework(counts)))
    assert shown.rows[0].interval.replace("\N{NO-BREAK SPACE}", " ") == said
