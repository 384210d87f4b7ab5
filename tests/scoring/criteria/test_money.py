"""Money."""

from decimal import Decimal

import pytest

from scoring.criteria import money
from scoring.criteria.money import LoyalBy, MoneyPeriod
from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.nps import Segments


def test_profit_effect_is_after_less_before() -> None:
    before = MoneyPeriod(Decimal(1000), Decimal(400), Decimal(300))
    after = MoneyPeriod(Decimal(1500), Decimal(450), Decimal(400))
    assert money.profit_effect(before, after) == 350


def test_roi() -> None:
    assert money.roi(Decimal(150), Decimal(100)) == Decimal("0.5")
    with pytest.raises(BadInput, match="cost"):
        money.roi(Decimal(1), Decimal(0))


def test_golden_lifetime_value() -> None:
    found = money.lifetime_value(Decimal(1), Decimal("0.8"), Decimal("0.1"))
    assert found == pytest.approx(Decimal("2.667"), abs=Decimal("0.0005"))
    assert money.lifetime_value(Decimal(1), Decimal("0.8"), Decimal("0.1"), Decimal(2)) == found - 2


@pytest.mark.parametrize(("retention", "discount"), [("1.1", "0.1"), ("1", "0"), ("0.5", "-0.1")])
def test_impossible_lifetimes_are_refused(retention: str, discount: str) -> None:
    with pytest.raises(BadInput):
        money.lifetime_value(Decimal(1), Decimal(retention), Decimal(discount))


def test_retention_cost_is_per_retained_customer() -> None:
    assert money.retention_cost(Decimal(500), 40) == Decimal("12.5")
    with pytest.raises(NotEnoughData):
        money.retention_cost(Decimal(500), 0)


def test_a_loyal_customers_cost_does_not_fall_when_more_people_answer() -> None:
    few = money.cost_per_loyal(Decimal(90_000), 300, money.loyal_promoters(Segments(2, 3, 5)))
    many = money.cost_per_loyal(Decimal(90_000), 300, money.loyal_promoters(Segments(40, 60, 100)))
    assert few.cost == many.cost == 600
    assert few.loyal_customers == 150
    assert few.low < many.low < 600
    assert few.high is not None
    assert many.high is not None
    assert few.high > many.high > 600


def test_no_promoters_leave_the_cost_open() -> None:
    found = money.cost_per_loyal(Decimal(900), 10, money.loyal_promoters(Segments(5, 5, 0)))
    assert found.cost is None
    assert found.high is None
    assert found.low > 90


def test_repeat_purchases_are_counted_and_not_estimated() -> None:
    loyal = money.loyal_repeaters({0: 60, 1: 20, 2: 15, 5: 5}, 2)
    assert (loyal.definition, loyal.share, loyal.low) == (LoyalBy.REPEAT_PURCHASES, 20, 20)
    found = money.cost_per_loyal(Decimal(1000), 100, loyal)
    assert found.cost == found.low == found.high == 50


def test_nobody_is_loyal() -> None:
    with pytest.raises(NotEnoughData, match="loyal"):
        money.cost_per_loyal(Decimal(1), 10, money.loyal_repeaters({0: 10}, 1))
    with pytest.raises(NotEnoughData, match="active"):
        money.cost_per_loyal(Decimal(1), 0, money.loyal_repeaters({1: 10}, 1))
    with pytest.raises(NotEnoughData, match="active"):
        money.loyal_repeaters({}, 1)
    with pytest.raises(BadInput, match="spend"):
        money.cost_per_loyal(Decimal(-1), 10, money.loyal_repeaters({1: 10}, 1))
