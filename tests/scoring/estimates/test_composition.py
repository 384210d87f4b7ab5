"""The NPS weighted to whom was asked."""

import dataclasses

import numpy as np
import pytest

from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.composition import Stratum, weighted
from scoring.estimates.nps import Segments
from surveys.counts.figures import HowAsked
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import digest
from tests.templates.pages import render_digest

SHOPS = Stratum(Segments(2, 4, 14), 100)
CHAINS = Stratum(Segments(10, 5, 5), 300)


def test_golden_weights() -> None:
    """60 points of a quarter and −25 of three quarters."""
    found = weighted({"shops": SHOPS, "chains": CHAINS})
    assert found.score == pytest.approx(60 / 4 - 25 * 3 / 4)
    assert found.kish == pytest.approx(1 / (0.25**2 / 20 + 0.75**2 / 20))
    assert [part.weight for part in found.parts] == [0.75, 0.25]
    assert found.n == 40


def test_where_all_answer_alike_it_is_the_raw_score_and_its_interval() -> None:
    alike = {"a": Stratum(Segments(5, 10, 25), 80), "b": Stratum(Segments(5, 10, 25), 80)}
    found, raw = weighted(alike), nps.score(10, 20, 50)
    assert (found.score, found.low, found.high) == pytest.approx((raw.nps, raw.low, raw.high))
    assert found.kish == pytest.approx(80)


def test_strata_of_few_are_merged_and_an_empty_one_is_named() -> None:
    found = weighted(
        {
            "shops": SHOPS,
            "chains": CHAINS,
            "new": Stratum(Segments(0, 1, 1), 20),
            "old": Stratum(Segments(1, 1, 2), 30),
            "silent": Stratum(Segments(0, 0, 0), 40),
        }
    )
    assert {part.segments for part in found.parts} == {("shops",), ("chains",), ("new", "old")}
    assert found.empty == ("silent",)


def test_one_stratum_or_nine_answers_are_too_few() -> None:
    with pytest.raises(NotEnoughData):
        weighted({"shops": SHOPS})
    with pytest.raises(NotEnoughData):
        weighted({"a": Stratum(Segments(1, 1, 2), 9), "b": Stratum(Segments(2, 1, 2), 9)})


def test_the_interval_covers_the_score_of_all_who_were_asked() -> None:
    """Two thousand samples in which one segment answers far more often; error .005."""
    chance = np.random.default_rng(5)
    truths = {"eager": ([0.1, 0.2, 0.7], 40, 100), "shy": ([0.5, 0.3, 0.2], 12, 300)}
    real = sum(100 * (p[2] - p[0]) * asked / 400 for p, _, asked in truths.values())
    held = 0
    for _ in range(2000):
        found = weighted(
            {
                name: Stratum(Segments(*chance.multinomial(n, p).tolist()), asked)
                for name, (p, n, asked) in truths.items()
            }
        )
        held += found.low <= real <= found.high
    assert held / 2000 >= 0.94


def test_the_digest_shows_it_beside_the_raw_score() -> None:
    eager, shy = {3.0: 2, 8.0: 4, 10.0: 14}, {3.0: 10, 8.0: 5, 10.0: 5}
    asked = HowAsked(segments={"shops": (eager, 100), "chains": (shy, 300), "old": ({}, 7)})
    document = digest(dataclasses.replace(samples.rich(), asked=asked), samples.NOW, "en")
    found = document["nps"]["weighted"]
    assert (found["score"], found["empty"]) == (pytest.approx(-3.75), ["old"])
    assert document["nps"]["score"]["value"] != found["score"]
    page = render_digest(document, "en")
    assert "Weighted to the customers invited, by segment: −4" in page
    assert "Nobody answered of: old." in page
    assert digest(samples.rich(), samples.NOW, "en")["nps"]["weighted"] is None
