"""What goes with recommending, how well the questions go together, the index, and money."""

import math
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from scoring.reports.digest import digest
from scoring.reports.drivers import drivers, scales
from surveys.counts.departures import Departures
from surveys.counts.figures import AlikeAnswers, DigestFigures
from surveys.reports.criteria import ToDo
from tests.scoring.reports import digest_samples as samples


@pytest.fixture(scope="module")
def figures() -> DigestFigures:
    return samples.rich("en")


def _alike(n: int, recommend: float | None = 7, measure: str = "service_quality") -> AlikeAnswers:
    return AlikeAnswers(measure, {"speed": 25.0 * (n % 5), "deadlines": 50.0}, recommend, n)


def _before(figures: DigestFigures) -> DigestFigures:
    """Return the previous period in place of the current one; it is its own baseline."""
    return replace(
        figures,
        current=figures.previous,
        facts=figures.facts_before,
        joints=figures.joints_before,
    )


def _rows(figures: DigestFigures, measure: str) -> list[AlikeAnswers]:
    return [one for one in figures.alike if one.measure == measure for _ in range(one.count)]


def test_weights_are_those_of_a_computation_of_their_own(figures: DigestFigures) -> None:
    """Johnson's weights by the singular value decomposition, from the respondents themselves."""
    rows = _rows(figures, "service_quality")
    items = sorted(rows[0].scores)
    x = np.array([[one.scores[item] for item in items] for one in rows])
    y = np.array([one.recommend for one in rows], dtype=float)
    x, y = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
    left, values, right = np.linalg.svd(x / math.sqrt(len(x)), full_matrices=False)
    orthogonal = left @ right
    beta = orthogonal.T @ y / math.sqrt(len(x))
    loadings = right.T @ np.diag(values) @ right
    expected = dict(zip(items, 100 * (loadings**2 @ beta**2), strict=True))
    found = drivers(figures)
    assert {one.item: one.weight for one in found.drivers} == pytest.approx(expected)
    assert found.r_squared == pytest.approx(sum(expected.values()) / 100)
    assert [one.item for one in found.drivers] == sorted(items, key=lambda item: -expected[item])
    assert found.drivers[0].label == "Speed of answer"
    assert all(one.low <= one.weight <= one.high for one in found.drivers)


def test_below_ten_customers_a_question_nothing_is_said(figures: DigestFigures) -> None:
    rows = [row for row in figures.alike if row.recommend is not None]
    few = drivers(replace(figures, alike=tuple(rows[:49])))
    assert (few.n, few.needed, few.r_squared, few.without) == (49, 50, None, "few")
    assert drivers(replace(figures, alike=tuple(rows[:50]))).without is None


def test_who_did_not_say_how_likely_they_are_to_recommend_has_no_part(
    figures: DigestFigures,
) -> None:
    silent = tuple(replace(row, recommend=None) for row in figures.alike)
    assert drivers(replace(figures, alike=silent)).n == 0
    assert drivers(replace(figures, alike=figures.alike + silent)) == drivers(figures)


def test_answers_all_alike_and_questions_that_repeat_each_other_are_named(
    figures: DigestFigures,
) -> None:
    flat = tuple(_alike(n) for n in range(1, 12))
    assert drivers(replace(figures, alike=flat)).without == "alike"
    twice = tuple(
        AlikeAnswers("service_quality", {"a": 25.0 * n, "b": 25.0 * n}, 3.0 + n, 12)
        for n in range(5)
    )
    assert drivers(replace(figures, alike=twice)).without == "repeated"


def test_reliability_is_that_of_the_respondents(figures: DigestFigures) -> None:
    found = {one.key: one for one in scales(figures)}
    rows = _rows(figures, "loyalty_index")
    given = np.array([[one.scores[item] for item in sorted(one.scores)] for one in rows])
    k = given.shape[1]
    parts = given.var(axis=0, ddof=1).sum() / given.sum(axis=1).var(ddof=1)
    assert found["loyalty_index"].alpha == pytest.approx(k / (k - 1) * (1 - parts))
    assert (found["loyalty_index"].n, found["loyalty_index"].items) == (60, 3)
    few = [one for one in figures.alike if one.measure == "loyalty_index"][:9]
    [scale] = scales(replace(figures, alike=tuple(few)))
    assert (scale.n, scale.needed, scale.alpha) == (9, 10, None)


def test_the_index_and_its_change_are_over_the_criteria_with_a_score(
    figures: DigestFigures,
) -> None:
    found = digest(figures, samples.NOW, "en").effectiveness
    assert found is not None
    assert found.index is not None
    assert found.change is not None
    keys = {"loyalty_index", "service_quality", "automation", "customer_accounting",
            "departed_customers", "cost_per_loyal_customer"}  # fmt: skip
    assert found.index.weights.keys() == keys
    assert set(found.common) == keys - {"automation", "customer_accounting"}
    assert found.change.low < found.change.value < found.change.high
    now, earlier = digest(figures, samples.NOW, "en"), digest(_before(figures), samples.NOW, "en")
    rows = {one.key: one.current for one in now.scorecard.criteria}
    once = {one.key: one.current for one in earlier.scorecard.criteria}
    answered = [
        now_row.value - then.value
        for key in ("loyalty_index", "service_quality")
        if (now_row := rows[key]) and (then := once[key])
    ]
    told = [
        (one.score or 0) - then
        for one in now.scorecard.others
        for key, then in (("departed_customers", 100 * (1 - 24 / 240)),
                          ("cost_per_loyal_customer", 50))
        if one.key == key
    ]  # fmt: skip
    assert found.change.value == pytest.approx((sum(answered) + sum(told)) / 4)


def test_people_who_feed_two_criteria_widen_the_interval(figures: DigestFigures) -> None:
    alone = digest(figures, samples.NOW, "en").effectiveness
    loyal = next(one for one in figures.current.measures if one.measure == "loyalty_index")
    good = next(one for one in figures.current.measures if one.measure == "service_quality")
    firsts = sorted(loyal.counts)
    seconds = sorted(good.counts)
    joint = dict.fromkeys(zip(firsts[-12:], seconds[-12:], strict=False), 1)
    joint[firsts[0], seconds[0]] = 1
    same = replace(figures, joints={("loyalty_index", "service_quality"): joint})
    together = digest(same, samples.NOW, "en").effectiveness
    assert alone
    assert together
    assert alone.index
    assert together.index
    assert together.index.high - together.index.low > alone.index.high - alone.index.low


def test_money_is_in_scenarios_and_says_what_is_missing(figures: DigestFigures) -> None:
    money = digest(figures, samples.NOW, "en").money
    assert money is not None
    told = {one.key: one.value for one in money.figures}
    assert told["profit"] == Decimal(3 * 1_940_000 - 3 * 500_000 - 3 * 640_000)
    assert told["profit_effect"] == Decimal(600_000)
    assert [one.share for one in money.payback] == [Decimal(1), Decimal("0.5"), Decimal("0.25")]
    months = [one.months for one in money.payback]
    assert months[0] == Decimal(600_000) / (Decimal(200_000) - 18_000)
    assert months == sorted(month for month in months if month is not None)
    without = replace(figures, invested=None, facts=figures.facts[:0], facts_before=())
    silent = digest(without, samples.NOW, "en").money
    assert silent is not None
    assert (silent.figures, silent.payback, silent.unsaid) == ((), (), ())
    assert silent.lacking[0].to_do == ToDo(
        what="tell", facts=("revenue", "fixed_costs", "variable_costs")
    )


def test_a_crm_that_costs_more_than_it_brings_never_pays_back(figures: DigestFigures) -> None:
    dear = tuple(
        replace(month, values={**month.values, "crm_running": Decimal(90_000)})
        for month in figures.facts
    )
    money = digest(replace(figures, facts=dear), samples.NOW, "en").money
    assert money is not None
    assert [one.months is None for one in money.payback] == [False, False, True]


def test_joints_of_criteria_without_a_weight_or_with_a_single_answer_are_no_matter(
    figures: DigestFigures,
) -> None:
    """The self-assessment has no weight; one answer has no spread to share."""
    keys = ("loyalty_index", "automation", "self_assessment")
    pairs = {(one, other): {(70.0, 75.0): 1} for one in keys for other in keys if one < other}
    lonely = tuple(
        replace(row, counts={60.0: 1}) if row.measure == "automation" else row
        for row in figures.current.measures
    )
    once = tuple(row for row in lonely if row.measure == "automation")
    previous = replace(figures.previous, measures=(*figures.previous.measures, *once))
    changed = replace(
        figures,
        current=replace(figures.current, measures=lonely),
        previous=previous,
        joints=pairs,
        joints_before=pairs,
        overlap={
            **figures.overlap,
            "self_assessment": {(70.0, 75.0): 1},
            "automation": {(60.0, 60.0): 1},
        },
    )
    found = digest(changed, samples.NOW, "en").effectiveness
    assert found is not None
    assert found.change is not None
    assert "self_assessment" not in found.common


def _of_firms(figures: DigestFigures, firms: int | None) -> DigestFigures:
    """Let everybody be a colleague of somebody, those of one mood together; with None of nobody."""
    moods = sorted(figures.alike, key=lambda row: (row.measure, sum(row.scores.values())))
    if firms:
        moods = [replace(row, firm=at * firms // len(moods)) for at, row in enumerate(moods)]
    return replace(figures, alike=tuple(moods))


def test_colleagues_widen_what_is_said_of_drivers_and_scales(figures: DigestFigures) -> None:
    figures, grouped = _of_firms(figures, None), _of_firms(figures, 40)
    alone, together = (
        {one.item: (one.weight, one.low, one.high) for one in drivers(given).drivers}
        for given in (figures, grouped)
    )
    for item, (weight, low, high) in alone.items():
        assert together[item][0] == pytest.approx(weight)
        assert together[item][1] <= low < high <= together[item][2]
    wide, narrow = (one["speed"][2] - one["speed"][1] for one in (together, alone))
    assert wide > narrow + 0.5
    one, other = (scales(given)[-1] for given in (figures, grouped))
    assert one.alpha == pytest.approx(other.alpha)
    assert other.low is not None
    assert one.low is not None
    assert other.low < one.low


def test_colleagues_of_few_firms_say_nothing_of_others(figures: DigestFigures) -> None:
    few = _of_firms(figures, 12)  # of the measures together: fewer of each
    assert drivers(few).without == "firms"
    assert drivers(few).drivers == ()
    assert [(one.alpha, one.without) for one in scales(few)] == [(None, "firms")] * 2


def test_a_digest_needs_no_pandas() -> None:
    program = (
        "import sys; from scoring.reports.digest import digest; "
        "from tests.scoring.reports import digest_samples as samples; "
        "found = digest(samples.rich(), samples.NOW, 'ru'); "
        "print(bool(found.drivers.drivers), 'pandas' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True False\n"


def test_reasons_for_leaving_stand_with_what_managers_count(figures: DigestFigures) -> None:
    found = digest(figures, samples.NOW, "en").departures
    assert found is not None
    assert (found.told, found.managers, found.counted) == (26, 4, 25)
    rows = [(row.key, row.customers, row.counted) for row in found.reasons]
    assert rows == [
        ("price", 14, 17),
        ("forgotten", 9, 2),
        ("deadlines", 3, 0),
        ("no_need", 0, 6),
    ]
    share = found.reasons[0].share
    assert share is not None
    assert (round(share.low, 1), round(share.value, 1), round(share.high, 1)) == (35.5, 53.8, 71.2)


def test_a_few_who_left_have_no_shares_and_nobody_has_no_section(figures: DigestFigures) -> None:
    told = replace(figures.departures, told={"price": 9}, counted={}, managers=0)
    found = digest(replace(figures, departures=told), samples.NOW, "en").departures
    assert found is not None
    assert [(row.key, row.customers, row.share) for row in found.reasons] == [("price", 9, None)]
    assert digest(replace(figures, departures=Departures()), samples.NOW, "en").departures is None
    kept = replace(figures.departures, told={}, counted={"price": 0}, managers=2)
    nobody = digest(replace(figures, departures=kept), samples.NOW, "en").departures
    assert nobody is not None
    assert (nobody.reasons, nobody.counted, nobody.managers) == ((), 0, 2)
