"""What is wrong with a long file is told of every line, in memory that does not grow with it."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from bot.operations.history.refusals import said_of
from bot.operations.tables import problems
from bot.operations.tables.problems import MOST_KINDS, ColumnProblem, gathered
from surveys.messages import Message


def _told(lines: tuple[int, ...], cell: str) -> ColumnProblem:
    return ColumnProblem(lines, Message("«{text}» is no date", {"text": cell}))


@given(st.lists(st.text(max_size=1), max_size=60), st.integers(1, 5))
def test_each_line_is_named_once(cells: list[str], most: int) -> None:
    with patch.object(problems, "MOST_KINDS", most):
        found = list(gathered(enumerate(cells), _told))
    named = [line for one in found for line in one.lines]
    assert sorted(named) == list(range(len(cells)))
    assert len(found) <= most + 1
    for one in found:
        said = {cells[line] for line in one.lines}
        text = str(one.message.values["text"])
        assert text in said if one.are_more else said == {text}


def test_of_very_many_different_cells_the_last_are_told_together() -> None:
    last = MOST_KINDS + 500
    found = list(gathered([(line, f"day {line}") for line in range(2, last + 1)], _told))
    assert len(found) == MOST_KINDS + 1
    assert str(said_of(found)[-1]) == f"lines 52–{last}: likewise"
