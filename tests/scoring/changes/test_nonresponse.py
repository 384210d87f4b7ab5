"""Early against late, the company's invitations against a manager's own."""

import dataclasses

import pytest

from scoring.changes import difference, nonresponse
from scoring.errors import NotEnoughData
from scoring.estimates.nps import Segments
from surveys.counts.figures import HowAsked
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import digest
from tests.templates.pages import render_digest

EARLY, LATE = {3.0: 15, 8.0: 25, 10.0: 60}, {3.0: 25, 8.0: 30, 10.0: 45}


def test_golden_difference_of_the_late() -> None:
    found = nonresponse.apart(EARLY, LATE)
    assert (found.first.nps, found.second.nps) == (45, 20)
    expected = difference.nps_change(Segments(15, 25, 60), Segments(25, 30, 45))
    assert found.change == expected
    assert (found.change.low, found.change.high) == pytest.approx((-46.0122, -3.2488), abs=5e-5)


def test_nine_late_answers_are_not_told_apart() -> None:
    with pytest.raises(NotEnoughData):
        nonresponse.apart(EARLY, {10.0: 9})


def test_the_digest_tells_both_and_says_nothing_of_few() -> None:
    asked = HowAsked(EARLY, LATE, {1: (EARLY, LATE), 2: (EARLY, {10.0: 9})})
    document = digest(dataclasses.replace(samples.rich(), asked=asked), samples.NOW, "ru")
    assert document["funnel"]["late"]["change"]["value"] == -25
    rows = {row["manager_id"]: row for row in document["managers"]}
    assert rows[1]["own_choice"]["second"]["value"] == 20
    assert rows[2]["own_choice"] is None
    page = render_digest(document, "ru")
    assert "разница −25 (от −46 до −3)" in page
    assert "после напоминания" in page
