"""A day of a last purchase that is none is refused with a form that its list takes."""

from datetime import UTC, datetime

import pytest

from bot.operations.lists.problems import Fault, RowProblem
from bot.operations.lists.purchases import read_purchases
from bot.operations.lists.words import problem
from templates.texts import Texts


@pytest.mark.parametrize(
    ("days", "advised"),
    [(("9/30/2026", "9/31/2026"), "9/30/2026"), (("30.09.2026", "31.09.2026"), "30.09.2026")],
)
def test_what_is_advised_is_a_form_of_the_list(days: tuple[str, str], advised: str) -> None:
    found = read_purchases(days, (), "UTC", datetime(2026, 10, 5, tzinfo=UTC))
    assert [*found.days] == [days[0]]
    refused = found.refused[days[1]]
    assert refused.code in {Fault.DATE, Fault.DATE_AS_US}
    said = problem(Texts("en"), RowProblem(3, refused.code, refused.value))
    assert advised in said
    assert "2026-09-30" in said
