"""Colleagues of one firm answer alike."""

import dataclasses

import numpy as np
import pytest

from scoring.errors import NotEnoughData
from scoring.estimates import firms, nps
from surveys.counts.figures import HowAsked
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import digest
from tests.templates.pages import render_digest


def test_colleagues_who_agree_widen_the_interval_and_a_firm_has_one_vote() -> None:
    alike = {f"f{n}": {10.0: 10} if n % 2 else {3.0: 10} for n in range(12)} | {"big": {10.0: 30}}
    found = firms.firms(alike)
    plain = nps.from_counts({3.0: 60, 10.0: 90})
    assert (found.firms, found.answers, found.largest) == (13, 150, 30)
    assert found.score == plain.nps == 20
    assert found.low < plain.low - 20
    assert found.by_firm.mean == pytest.approx(100 * (7 - 6) / 13)


def test_it_is_never_narrower_than_the_plain_interval() -> None:
    mixed = {n: {10.0: 3, 3.0: 3} for n in range(12)}
    found, plain = firms.firms(mixed), nps.from_counts({10.0: 36, 3.0: 36})
    assert (found.low, found.high) == (plain.low, plain.high)


def test_nine_firms_are_too_few() -> None:
    with pytest.raises(NotEnoughData):
        firms.firms({n: {10.0: 5} for n in range(9)})


def test_the_interval_covers_where_the_plain_one_does_not() -> None:
    """A thousand companies of 15 firms with six answers each that are alike; error .007."""
    chance = np.random.default_rng(6)
    held = plain_held = 0
    for _ in range(1000):
        shares = chance.beta(1.2, 0.8, 15)
        real = 100 * (2 * 0.6 - 1)
        answers = {}
        for firm, share in enumerate(shares):
            promoters = int(chance.binomial(6, share))
            answers[firm] = {10.0: promoters, 3.0: 6 - promoters}
        found = firms.firms(answers)
        plain = nps.score(
            sum(one[3.0] for one in answers.values()), 0, sum(one[10.0] for one in answers.values())
        )
        held += found.low <= real <= found.high
        plain_held += plain.low <= real <= plain.high
    assert held / 1000 >= 0.93
    assert plain_held / 1000 < 0.85


def test_the_digest_shows_it_where_colleagues_answered() -> None:
    alike: dict[int, dict[float, int]] = {n: {10.0: 10} if n % 2 else {3.0: 10} for n in range(12)}
    figures = dataclasses.replace(samples.rich(), asked=HowAsked(firms=alike))
    document = digest(figures, samples.NOW, "en")
    assert document["nps"]["firms"]["by_firm"]["mean"] == 0
    assert "One vote a firm: 0 (" in render_digest(document, "en")
    alone = HowAsked(firms={n: {10.0: 1} for n in range(12)})
    quiet = digest(dataclasses.replace(samples.rich(), asked=alone), samples.NOW, "en")
    assert quiet["nps"]["firms"] is None
