"""A comparison in words: what a director reads, in both languages, whatever people wrote."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from scoring.reports.comparison import compare
from surveys.counts.comparing import (
    ComparisonFigures,
    ComparisonNote,
    ComparisonRefusal,
    MeasurePair,
    Side,
)
from surveys.messages import LANGUAGES, Language
from templates.comparison import MESSAGE_LIMIT, NOTES, REFUSALS, WHY, render_message, render_text

BEFORE, AFTER = {6.0: 25, 8.0: 30, 9.0: 45}, {6.0: 15, 8.0: 25, 9.0: 60}
NPS = MeasurePair(measure="nps", before=BEFORE, after=AFTER, both={(9.0, 9.0): 20})
MINUTES = MeasurePair(
    measure="routine_minutes",
    before={90.0: 6, 100.0: 6},
    after={30.0: 6, 40.0: 6},
    both={(90.0, 30.0): 6, (100.0, 40.0): 6},
    better="down",
    label="How many minutes a day?",
    unit="minutes",
    step=1.0,
)


def _side(month: int, **more: Any) -> Side:
    start = datetime(2026, month, 7, 9, tzinfo=UTC)
    plain = Side(
        start=start, end=start, survey="nps", versions=("v",), wave=month,
        name="Autumn", label="before", delivered=100, answered=62,
    )  # fmt: skip
    return replace(plain, **more)


def _told(
    *measures: MeasurePair,
    language: Language = "en",
    refusal: ComparisonRefusal | None = None,
    notes: tuple[ComparisonNote, ...] = (),
    title: str = "Likelihood to recommend",
) -> tuple[str, str]:
    figures = ComparisonFigures(
        company="Ромашка",
        zone="Europe/Moscow",
        title=title,
        before=_side(3),
        after=_side(9, label="<after>"),
        measures=measures,
        refusal=refusal,
        notes=notes,
    )
    document = compare(figures)
    return render_text(document, language), render_message(document, language)


def test_a_wave_of_past_answers_has_no_response(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}._side", partial(_side, delivered=0))
    text, _ = _told(NPS)
    assert "Before: “Autumn”, wave “before” of 7 March 2026; 62 answered\n" in text


def test_each_measure_says_its_values_its_change_and_a_word() -> None:
    text, _ = _told(NPS, MINUTES)
    assert "Before: “Autumn”, wave “before” of 7 March 2026; 62 answered of 100 delivered" in text
    assert "NPS: better\n+20 (+4 to +35; 100 answers) → +45 (+29 to +58; 100 answers)" in text
    assert "Change: +25 (+3 to +46; 95%), of all answers (only 20 people answered" in text
    assert "The same people: 0 (" in text
    assert "How many minutes a day?: better\n95.0 minutes (" in text
    assert "Change: −60.0 (" in text
    assert "of the 12 people who answered both times." in text
    assert "2 measures are compared, stepped down (Holm 1979)" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_of_the_readers_language(language: Language) -> None:
    few = MeasurePair(measure="csat", before={100.0: 3}, after={100.0: 3}, both={})
    other = MeasurePair(measure="ces", before=AFTER, after=AFTER, both={}, same_wording=False)
    told = [
        *_told(NPS, few, other, language=language, notes=tuple(NOTES), title="1"),
        *(_told(language=language, refusal=refusal, title="1")[0] for refusal in REFUSALS),
    ]
    for text in told:
        words = re.sub(r"NPS|CSAT|CES|Autumn|before|after|&lt;|&gt;|</?b>", "", text)
        foreign = r"[A-Za-z]{2,}" if language == "ru" else r"[А-Яа-яЁё]{2,}"
        assert not re.findall(foreign, words)
    assert {*WHY} == {"strangers", "anonymous", "wording", "not_asked", "few_answers"}


def test_names_are_text_in_a_message() -> None:
    _, message = _told(NPS, title="<b>&")
    assert "wave “&lt;after&gt;”" in message
    assert message.startswith("<b>Comparison: &lt;b&gt;&amp;</b>")


def test_a_message_fits_telegram_and_says_what_was_left_out() -> None:
    _, message = _told(*[MINUTES] * 40)
    assert len(message) <= MESSAGE_LIMIT + 200
    assert re.search(
        r"\n\n\d+ more measures found no room\.\n\n<b>What this cannot show</b>", message
    )
