"""Numbers as they are typed on a phone, and the form that they fill in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.facts.form import QUESTIONS, FactsForm, as_before, profit, together
from bot.operations.facts.typed_amounts import TypedNumber, currency_of, typed_number
from surveys.counts.facts import FACTS, MonthFacts


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1500", "1500", ""),
        ("1 500 000,50", "1500000.50", ""),
        ("1\N{NO-BREAK SPACE}500", "1500", ""),
        ("1,5 млн", "1500000", ""),
        ("300тыс. руб.", "300000", "RUB"),
        ("300k", "300000", ""),
        ("12 500 ₽", "12500", "RUB"),
        ("99.90 USD", "99.90", "USD"),
        ("1.500.000", "1500000", ""),
        ("0,125", "0.125", ""),
        ("1,234.50", "1234.50", ""),
        ("1.234.567,5 ₽", "1234567.5", "RUB"),
        ("−5", "-5", ""),
        ("5.", "5", ""),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, value: str, currency: str) -> None:
    assert typed_number(text) == TypedNumber(Decimal(value), currency)


@pytest.mark.parametrize(
    "text",
    [
        "", "много", "12,500", "1.5.5", "1,23.5", "1,234,5", "5 6 рублей и копейки", "1" * 41,
        "3 из 4", "5 коров",
    ],
)  # fmt: skip
def test_what_may_mean_two_numbers_or_none_is_none(text: str) -> None:
    assert typed_number(text) is None


@given(st.integers(0, 10**12), st.sampled_from(["", "RUB", "USD"]))
def test_a_whole_number_comes_back_however_it_is_grouped(value: int, currency: str) -> None:
    for written in (f"{value}", f"{value:,}".replace(",", " ")):
        assert typed_number(f"{written} {currency}") == TypedNumber(Decimal(value), currency)


@given(st.text(max_size=60))
def test_no_words_break_it(text: str) -> None:
    found = typed_number(text)
    assert found is None or found.value.is_finite()
    currency_of(text)


def test_a_form_goes_back_skips_and_comes_back_from_a_draft() -> None:
    form = FactsForm("2026-08", currency="RUB").told(Decimal("100.5")).skipped().told(None)
    assert form.values == {"revenue": Decimal("100.5"), "variable_costs": None}
    assert form.question == QUESTIONS[3]
    assert form.moved(-9).place == 0
    assert FactsForm.from_json(form.as_json()) == form
    alone = FactsForm("2026-08", place=5, only=True).told(Decimal(1))
    assert alone.question is None


def test_what_is_taken_over_from_last_month() -> None:
    before = MonthFacts(
        "2026-07",
        {
            key: Decimal(n)
            for key, n in zip(("customers_start", "customers_new"), (10, 2), strict=True)
        },
    )
    latest = {"wage": Decimal(21_000), "revenue": Decimal(5)}
    assert as_before("customers_start", before, latest) is None
    lost = MonthFacts("2026-07", {**before.values, "customers_lost": Decimal(3)})
    assert as_before("customers_start", lost, latest) == 9
    assert as_before("wage", before, latest) == 21_000
    assert as_before("revenue", before, latest) is None


def test_every_fact_of_a_month_is_asked_but_what_follows() -> None:
    assert set(QUESTIONS) == set(FACTS) - {"customers_end"}
    month = MonthFacts("2026-08", {"revenue": Decimal(9), "fixed_costs": Decimal(3)})
    form = FactsForm("2026-08", values={"variable_costs": Decimal(4), "fixed_costs": Decimal(2)})
    assert profit(together(form, month)) == 3
    assert profit(month.values) is None
