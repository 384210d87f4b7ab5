"""Digits of other scripts: digits to `int`, and none where a machine writes."""

import pytest

from bot.operations.campaigns.amounts import amount_of
from bot.operations.tables.html_tables import html_rows
from bot.says.taps import MenuTap

ARABIC, WIDE = "\u0661\u0662", "\uff11\uff12"


@pytest.mark.parametrize("digits", [ARABIC, WIDE])
def test_a_machines_digits_are_ascii(digits: str) -> None:
    assert MenuTap("card", (digits,)).number(0) is None
    for text in (digits, f"12500{digits}", f"12500.{digits}", f"12500 {digits}"):
        assert amount_of(text) is None


@pytest.mark.parametrize("span", ["9" * 5000, ARABIC, "-1", "0", "2x", ""])
def test_a_cells_span_is_a_small_number_or_one(span: str) -> None:
    page = f"<table><tr><td colspan='{span}'>a</td><td>b</td></tr></table>"
    ((_, cells),) = html_rows(page.encode(), "utf-8")
    assert cells == ["a", "b"]
