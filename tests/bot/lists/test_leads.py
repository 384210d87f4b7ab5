"""Lists say who leads which teams."""

import pytest

from bot.operations.lists.headings import recognise
from bot.operations.lists.problems import Fault, RowRefused
from bot.operations.lists.rows import Layout, person
from storage.people.lists.listed import PersonRow

HEADINGS = ("id", "имя", "роль", "команда", "руководит")


def _read(*cells: str) -> PersonRow:
    row, *_ = person(Layout(HEADINGS, recognise(HEADINGS, {})), 2, cells)
    return row


@pytest.mark.parametrize(
    ("cells", "leads", "is_lead_only"),
    [
        (("1", "А", "Руководитель группы", "Север", ""), ("Север",), True),
        (("1", "А", "тимлид", "Север", "Юг; Восток"), ("Восток", "Юг"), True),
        (("1", "А", "менеджер", "Север", "Север,"), ("Север",), False),
        (("1", "А", "менеджер", "Север", ""), None, False),
        (("1", "А", "клиент", "", "Север"), None, False),
    ],
)
def test_a_row_says_what_somebody_leads(
    cells: tuple[str, ...], leads: tuple[str, ...] | None, is_lead_only: bool
) -> None:
    row = _read(*cells)
    assert (row.leads, row.is_lead_only) == (leads, is_lead_only)


def test_a_lead_of_no_team_is_refused() -> None:
    with pytest.raises(RowRefused) as refused:
        _read("1", "А", "team lead", "", "")
    assert refused.value.code is Fault.NO_TEAM
