"""What a later digest of a period says of the one that was sent."""

from dataclasses import replace
from typing import Any

from scoring.reports.digest import digest
from scoring.reports.moved import kept, moved
from surveys.counts.figures import MeasureCounts
from templates.digest import render_digest, render_text
from tests.scoring.reports import digest_samples as samples

SENT = {3.0: 6, 8.0: 9, 10.0: 15}


def _document(counts: dict[float, int]) -> dict[str, Any]:
    quiet = samples.empty()
    row = MeasureCounts("nps", "all", "", "", counts, 0, 11)
    figures = replace(quiet, current=replace(quiet.current, measures=(row,)))
    return digest(figures, samples.NOW, "ru")


def test_the_same_figures_have_not_moved() -> None:
    assert moved(kept(_document(SENT)), _document(SENT)) is None


def test_an_answer_that_left_the_period_and_one_that_was_changed_are_counted() -> None:
    found = moved(kept(_document(SENT)), _document({3.0: 5, 8.0: 9, 10.0: 14, 9.0: 1}))
    assert found is not None
    assert found.answers == 2
    [measure] = found.measures
    assert (measure.key, measure.before, measure.now) == (
        "nps",
        {"value": 30.0, "n": 30},
        {"value": 100 * 10 / 29, "n": 29},
    )


def test_what_was_sent_before_the_period_was_over_is_not_held_against_it() -> None:
    early = kept(_document(SENT)) | {"generated_at": "2026-09-20T06:00:00+00:00"}
    assert moved(early, _document({10.0: 30})) is None


def test_customers_words_are_not_kept() -> None:
    document = digest(samples.rich(), samples.NOW, "ru")
    assert document["words"]["groups"]
    assert kept(document)["words"]["groups"] == []


def test_the_later_digest_says_it_on_the_page_and_in_the_terminal() -> None:
    space = "\N{NO-BREAK SPACE}"
    said = f"изменились 2{space}ответа: NPS: было +30 (30{space}ответов), стало +34"
    document = _document({3.0: 5, 8.0: 9, 10.0: 14, 9.0: 1}) | {
        "moved": {
            "sent_at": samples.NOW.isoformat(),
            "answers": 2,
            "measures": [
                {"key": "nps", "before": {"value": 30.0, "n": 30}, "now": {"value": 34.48, "n": 29}}
            ],
        }
    }
    for shown in (render_digest(document, "ru"), render_text(document, "ru")):
        assert said in shown
