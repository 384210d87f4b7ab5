"""CRM payback from a time study: the paper's case, its rounding and its sign error."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.criteria import payback
from scoring.criteria.payback import CrmCase, Minutes
from scoring.errors import BadInput, NotEnoughData


def minutes(before: int, after: int) -> Minutes:
    return Minutes(Decimal(before), Decimal(after))


PAPER = CrmCase(
    operations={
        "search": minutes(5, 1),
        "call": minutes(2, 1),
        "conversation": minutes(8, 4),
        "data collection": minutes(5, 2),
        "reporting": minutes(7, 1),
        "contract": minutes(30, 3),
    },
    managers=5,
    wage=Decimal(21_000),
    investment=Decimal(205_500),
    running_cost=Decimal(4_500),
    hours_saved=Decimal(186),
)


def test_golden_time_study() -> None:
    found = payback.study(PAPER)
    assert (found.minutes_before, found.minutes_after) == minutes(57, 12)
    assert found.minutes_saved == 45
    assert found.hours_saved == Decimal("185.25")
    assert found.hour_cost == 125


def test_golden_payback_with_the_papers_hours() -> None:
    found = payback.study(PAPER).scenarios["expected"]
    assert found.saving_per_manager == 23_250
    assert found.saving_a_year == 116_250
    assert found.running_cost_a_year == 54_000
    assert float(found.payback_years or 0) == pytest.approx(3.3012, abs=5e-5)


def test_golden_payback_with_the_exact_hours() -> None:
    assert float(payback.study(PAPER).exact.payback_years or 0) == pytest.approx(3.3263, abs=5e-5)
    unstated = payback.study(replace(PAPER, hours_saved=None))
    assert unstated.scenarios["expected"] == unstated.exact


def test_year_two_is_still_negative_whatever_the_paper_prints() -> None:
    found = payback.study(PAPER).scenarios["expected"]
    assert [float(balance) for balance in found.cumulative[:2]] == [-143_250, -81_000]
    assert found.cumulative[2] < 0 < found.cumulative[3]


def test_scenarios_are_ordered() -> None:
    found = payback.study(PAPER).scenarios
    years = [found[name].payback_years for name in ("high", "expected", "low")]
    assert None not in years
    assert years == sorted(year for year in years if year is not None)


def test_a_saving_below_the_running_cost_never_pays_back() -> None:
    found = payback.study(replace(PAPER, managers=1)).scenarios["expected"]
    assert found.payback_years is None
    assert found.cumulative[0] > found.cumulative[4]


def test_a_changed_input_changes_the_result() -> None:
    other = payback.study(replace(PAPER, investment=Decimal(411_000))).scenarios["expected"]
    assert float(other.payback_years or 0) == pytest.approx(6.6024, abs=1e-4)


def test_impossible_cases_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="operations"):
        payback.study(replace(PAPER, operations={}))
    with pytest.raises(BadInput, match=r"operations\.call"):
        payback.study(replace(PAPER, operations={"call": minutes(-1, 1)}))
    with pytest.raises(BadInput, match="managers"):
        payback.study(replace(PAPER, managers=0))
    with pytest.raises(BadInput, match="investment"):
        payback.study(replace(PAPER, investment=Decimal(-1)))
    with pytest.raises(BadInput, match="scenarios"):
        payback.study(replace(PAPER, scenarios={"low": Decimal(1)}))


def test_the_low_scenario_of_a_loss_is_the_worst() -> None:
    slower = {"search": Minutes(Decimal(5), Decimal(8))}
    found = payback.study(replace(PAPER, operations=slower, hours_saved=None)).scenarios
    saved = [found[name].saving_a_year for name in ("low", "expected", "high")]
    assert saved == sorted(saved)
    assert saved[0] < saved[1] < saved[2] < 0
