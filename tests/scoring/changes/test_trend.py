"""One word for twelve months."""

from collections import Counter

import numpy as np
import pytest

from scoring.changes.trend import trend
from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.nps import Segments
from surveys.counts.figures import Firm
from tests.scoring.changes.simulated_months import company, named
from tests.scoring.peers import peer

SLIDE = [Segments(4 + t, 10, 26 - t) for t in range(12)]
LEVEL = [Segments(8, 12, 20)] * 12


def test_the_slope_is_weighted_least_squares() -> None:
    months = [Segments(3 + t % 3, 5 + t, 20 + 2 * t) for t in range(12)]
    scores = [100 * nps.moments(month).mean for month in months]
    sm = peer("statsmodels.api")
    line = sm.WLS(scores, sm.add_constant(range(12)), weights=[month.n for month in months]).fit()
    assert trend(months).slope == pytest.approx(line.params[1])


def test_golden_slide() -> None:
    found = trend(SLIDE)
    assert found.slope == pytest.approx(-5)
    assert (found.months, found.span, found.df) == (12, 11, 10)
    assert found.center == pytest.approx(27.5)
    low, high = found.change(0.95)
    assert low < -55 < high < 0
    assert found.limits[0] is not None
    assert found.limits[0].low < 27.5 < found.limits[0].high


def test_a_level_score_has_no_trend() -> None:
    found = trend(LEVEL)
    assert found.slope == pytest.approx(0, abs=1e-9)
    low, high = found.change(0.95)
    assert low < 0 < high


def test_eight_months_of_ten_answers_are_needed() -> None:
    few = Segments(3, 3, 3)
    with pytest.raises(NotEnoughData):
        trend([few, few, few, few, few, *LEVEL[:7]])
    assert trend([few, few, few, few, *LEVEL[:8]]).limits[:4] == (None,) * 4


def test_months_that_scatter_more_than_their_answers_explain_leave_more_doubt() -> None:
    high, low = Segments(20, 60, 320), Segments(120, 60, 220)
    assert trend([high, low] * 6).standard_error > 2 * trend([high] * 12).standard_error


def test_without_a_trend_one_is_named_in_at_most_one_company_of_twenty() -> None:
    """Three hundred companies whose people come back, seed fixed: a standard error of .013."""
    assert named(40, 300, seed=8)[0] / 300 <= 0.05 + 2 * 0.013


def test_a_slide_is_named_and_colleagues_moods_are_none() -> None:
    assert named(40, 60, seed=1, slide=0.5)[0] / 60 > 0.5
    found, blind = named(120, 60, seed=1, of_firms=6)
    assert found < blind


def test_that_people_come_back_is_taken_into_account() -> None:
    year = company(200, np.random.default_rng(9))
    plain = trend(year.months).standard_error
    assert trend(year.months, year.repeated).standard_error != pytest.approx(plain)


def test_colleagues_leave_more_doubt_of_a_slide() -> None:
    """Twelve months, in each of which ten firms of four think as one."""
    whole = [Segments(4 * n, 0, 40 - 4 * n) for n in (1, 2, 1, 3, 2, 3, 3, 4, 3, 4, 5, 4)]
    firms: Counter[Firm] = Counter()
    for t, month in enumerate(whole):
        for side, count in ((400.0, month.promoters // 4), (-400.0, month.detractors // 4)):
            firms[tuple((4, side) if at == t else (0, 0.0) for at in range(12))] += count
    plain, found = trend(whole), trend(whole, firms=firms)
    assert found.slope == plain.slope
    assert found.standard_error > 1.7 * plain.standard_error
    with pytest.raises(NotEnoughData, match="firms"):
        trend(whole, firms={((40, 0.0),) * 12: 1})
