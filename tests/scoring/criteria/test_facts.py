"""What monthly facts come to."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.criteria.facts import departed, finances, paid_back
from scoring.criteria.money import LoyalBy, LoyalShare
from scoring.criteria.payback import Minutes
from scoring.errors import FactsMissing, NotEnoughData
from surveys.counts.facts import FACTS, LABELS, MonthFacts, ended_with, impossible

LOYAL = LoyalShare(definition=LoyalBy.PROMOTER, n=50, share=50, low=40, high=60)


def month(key: str, **values: object) -> MonthFacts:
    return MonthFacts(key, {name: Decimal(str(value)) for name, value in values.items()}, "RUB")


QUARTER = [
    month(
        f"2026-0{n}",
        revenue=1_000_000 + 100_000 * n,
        fixed_costs=300_000,
        variable_costs=500_000,
        marketing=60_000,
        retention=30_000,
        crm_running=10_000,
        customers_start=200 + 2 * n,
        customers_new=12,
        customers_lost=10,
        deals=40,
        deals_won=10 + n,
        deal_days=20 - n,
    )
    for n in (7, 8, 9)
]
BEFORE = [replace(one, values={**one.values, "revenue": Decimal(1_500_000)}) for one in QUARTER]


def test_what_was_told_before_names_the_currency_of_months_without_facts() -> None:
    nothing = [MonthFacts("2026-10", {})]
    assert finances(nothing).currency == ""
    assert finances(nothing, QUARTER[-1:]).currency == "RUB"
    assert finances(nothing, known=[*QUARTER, *nothing]).currency == "RUB"


def test_golden_quarter() -> None:
    found = finances(QUARTER, BEFORE, LOYAL)
    assert found.departed is not None
    assert (found.departed.active_at_start, found.departed.departed) == (214, 30)
    assert found.departed.score == pytest.approx(100 * 184 / 214)
    assert found.profit == Decimal(5_400_000 - 900_000 - 1_500_000)
    assert found.profit_effect == Decimal(900_000)
    assert found.roi == Decimal(900_000 - 30_000) / Decimal(30_000)
    assert found.loyal_cost is not None
    assert found.loyal_cost.cost == Decimal(300_000) / (216 * Decimal("0.5"))
    assert found.loyal_cost.low == pytest.approx(Decimal(300_000) / Decimal("129.6"))
    assert found.retention_cost == Decimal(90_000) / 184
    assert found.win_rate == Decimal(100 * 54) / 120
    assert found.deal_days == Decimal(12)
    untold = ("crm_investment",)
    assert found.lacking == {"payback": untold, "study": untold}
    again = finances(QUARTER, BEFORE, LOYAL, invested=Decimal(1_200_000))
    assert again.payback == (
        (Decimal(1), Decimal(1_200_000) / (Decimal(300_000) - 10_000)),
        (Decimal("0.5"), Decimal(1_200_000) / (Decimal(150_000) - 10_000)),
        (Decimal("0.25"), Decimal(1_200_000) / (Decimal(75_000) - 10_000)),
    )


def test_golden_lifetime_value() -> None:
    """Gupta & Lehmann's m·r/(1 + i − r), less the marketing a new customer."""
    found = finances(QUARTER, BEFORE, LOYAL).lifetime
    assert found is not None
    margin = Decimal(5_400_000 - 1_500_000) / 3 / 216
    kept = 1 - Decimal(30) / 648
    assert (found.margin, found.retention) == (margin, kept)
    expected = margin * kept / (Decimal("1.01") - kept) - Decimal(180_000) / 36
    assert found.value == pytest.approx(expected)


def test_what_is_missing_is_named_and_the_rest_is_told() -> None:
    bare = [replace(one, values={"revenue": Decimal(5)}) for one in QUARTER]
    found = finances(bare)
    assert found.profit is None
    assert found.lacking["profit"] == ("fixed_costs", "variable_costs")
    assert found.lacking["departed_customers"] == ("customers_start",)
    assert str(found.unsaid[0]).startswith("Money and scores moved")
    assert finances([]).unsaid == ()


def test_without_a_share_of_loyal_ones_there_is_no_cost_of_one() -> None:
    assert finances(QUARTER).lacking["cost_per_loyal_customer"] == ("nps",)


def test_more_departed_than_there_were_is_refused_for_lack_of_purchases() -> None:
    many = [replace(one, values={**one.values, "customers_lost": Decimal(90)}) for one in QUARTER]
    with pytest.raises(NotEnoughData):
        departed(many)
    assert finances(many).departed is None


def test_lost_follows_from_the_end() -> None:
    ends = month("2026-07", customers_start=100, customers_new=10, customers_end=95)
    assert departed([ends]).departed == 15
    assert ended_with(QUARTER[0].values) == 216


def test_payback_is_that_of_the_paper() -> None:
    """Ivanova & Ityaikina 2018: 205,500 and 4,500 a month for five managers; 3.3263 years."""
    known = [
        month("2026-01", crm_investment=205_500, wage=20_000, managers=4),
        month("2026-02", crm_running=4_500, wage=21_000, managers=5),
    ]
    found = paid_back(known, {"all": Minutes(Decimal(57), Decimal(12))})
    assert found.exact.payback_years == pytest.approx(Decimal("3.3263"), abs=Decimal("0.0001"))
    with pytest.raises(FactsMissing) as missing:
        paid_back(known[:1], {"all": Minutes(Decimal(57), Decimal(12))})
    assert missing.value.facts == ("crm_running",)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"revenue": "-1"}, "revenue must not be negative"),
        ({"deals": "1.5"}, "whole number"),
        ({"revenue": "0.001"}, "two decimals"),
        ({"revenue": "1e20"}, "too large"),
        ({"customers_start": 5, "customers_new": 1, "customers_end": 7}, "more customers at the"),
        ({"customers_start": 5, "customers_lost": 6}, "more customers lost"),
        ({"customers_start": 5, "customers_lost": 1, "customers_end": 5}, "are not 5"),
        ({"deals": 3, "deals_won": 4}, "cannot be more than deals that ended"),
    ],
)
def test_impossible_facts_are_named(values: dict[str, object], said: str) -> None:
    told = {key: Decimal(str(value)) for key, value in values.items()}
    assert said in "\n".join(map(str, impossible(told)))


def test_every_fact_has_a_name() -> None:
    assert LABELS.keys() == FACTS.keys()
