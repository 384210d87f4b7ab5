"""Sums of money as CRMs write them."""

from decimal import Decimal

import pytest

from bot.operations.campaigns.amounts import amount_of


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12500", "12500"),
        (" 12500.00 ", "12500"),
        ("12500,5", "12500.5"),
        ("12 500,50", "12500.5"),
        ("1\N{NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", "1234567"),
        ("12500.00|RUB", "12500"),
        ("12 500 руб.", "12500"),
        ("0", "0"),
        ("999999999999999.99", "999999999999999.99"),
    ],
)
def test_a_sum_is_read_as_it_is_written(text: str, amount: str) -> None:
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12,500",
        "1.234,56",
        "1 23",
        "-5",
        "+5",
        "1e9",
        "NaN",
        "руб. 5",
        "9" * 16,
        "5.001",
        "٥x5",
    ],
)
def test_what_may_mean_several_sums_is_none(text: str) -> None:
    assert amount_of(text) is None
