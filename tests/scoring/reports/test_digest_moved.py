"""What a later digest of a period says of the one that was sent."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scoring.reports.digest import digest
from scoring.reports.moved import kept, moved
from surveys.counts.figures import MeasureCounts
from surveys.errors import UnreadableDocument
from surveys.reports.as_json import read_digest, written
from surveys.reports.digest import Digest, Moved, MovedMeasure
from surveys.reports.estimates import Figure
from templates.digest.message import render_text
from templates.digest.page import render_digest
from tests.scoring.reports import digest_samples as samples

SENT = {3.0: 6, 8.0: 9, 10.0: 15}
OLD = Path(__file__).parent / "sent_digest.json"
"""A digest as the first version that kept them sent it, without words and most managers."""


def _document(counts: dict[float, int]) -> Digest:
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
        Figure(value=30.0, n=30),
        Figure(value=100 * 10 / 29, n=29),
    )


def test_what_was_sent_before_the_period_was_over_is_not_held_against_it() -> None:
    early = replace(kept(_document(SENT)), generated_at=datetime(2026, 9, 20, 6, tzinfo=UTC))
    assert moved(early, _document({10.0: 30})) is None


def test_customers_words_are_not_kept() -> None:
    document = digest(samples.rich(), samples.NOW, "ru")
    assert document.words.groups
    assert kept(document).words.groups == ()


def test_the_later_digest_says_it_on_the_page_and_in_the_terminal() -> None:
    space = "\N{NO-BREAK SPACE}"
    said = f"изменились 2{space}ответа: NPS: было +30 (30{space}ответов), стало +34"
    measure = MovedMeasure(
        key="nps", before=Figure(value=30.0, n=30), now=Figure(value=34.48, n=29)
    )
    document = replace(
        _document({3.0: 5, 8.0: 9, 10.0: 14, 9.0: 1}),
        moved=Moved(sent_at=samples.NOW, answers=2, measures=(measure,)),
    )
    for shown in (render_digest(document, "ru"), render_text(document, "ru")):
        assert said in shown


def test_what_has_moved_by_little_does_not_read_as_the_same() -> None:
    measure = MovedMeasure(
        key="nps", before=Figure(value=30.0, n=3000), now=Figure(value=30.3, n=3001)
    )
    document = replace(
        _document(SENT), moved=Moved(sent_at=samples.NOW, answers=1, measures=(measure,))
    )
    said = "было +30,0 (3\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}ответов), стало +30,3"
    assert said in render_text(document, "ru")


def test_a_digest_sent_by_an_earlier_version_opens_and_is_held_against_the_present_one() -> None:
    sent = json.loads(OLD.read_text(encoding="utf-8"))
    document = read_digest(json.dumps(sent))
    again = json.loads(written(document))
    assert again["method"]["minimum"].pop("months") == 8
    assert {month.pop("other_words") for month in again["nps"]["trend"]} == {False}
    for part in ("nps", "scorecard"):
        assert again[part] | sent[part] == again[part]
        sent[part] = again[part]
    assert again | sent == again
    assert sent["company"] in render_digest(document, "en")
    assert document.nps
    later = replace(document, nps=replace(document.nps, distribution=(*[0] * 10, 7)))
    assert moved(document, later) is not None


def test_what_no_version_wrote_is_refused() -> None:
    with pytest.raises(UnreadableDocument):
        read_digest('{"format": 1}')
