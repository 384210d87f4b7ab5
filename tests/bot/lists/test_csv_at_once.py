"""Rows of a CSV are looked at many together; each comes out as if it had been alone."""

import pytest

from bot.operations.tables import csv_tables
from bot.operations.tables.csv_tables import csv_rows
from bot.operations.tables.refusals import FileRefused

ROWS = [
    "id;name;words",
    "1;Анна;plain",
    "2; Борис ;spaces around",
    '3;Вера;"two\nlines"',
    "",
    "4;Глеб;no\x07 bell",
    "5;Дина;short",
    '6;"Егор";"a ""quote"""',
    "7;Жанна",
]


def _read(text: str) -> tuple[list[tuple[int, list[str]]], tuple[str, str] | None]:
    found: list[tuple[int, list[str]]] = []
    try:
        for rows in csv_rows(text.encode(), "utf-8", 0, None):
            found.extend(rows.numbered())  # what came before a refusal counts
    except FileRefused as refused:
        return found, (str(refused.code), refused.value)
    return found, None


@pytest.mark.parametrize(
    "end",
    [
        "8;Злата;end\n",
        '8;Злата;"open\n9;Иван;swallowed\n10;Кира;"closed\n',
        '8;Злата;"never closed\n9;Иван;lost\n',
        '8;Зла"та;x\n8;"Зла"та;x\n9;Иван;after\n',
    ],
    ids=["good", "swallows", "open", "quote inside"],
)
@pytest.mark.parametrize("at_once", [2, 3, 4, 1_000])
def test_rows_are_the_same_whether_one_or_many_are_looked_at(
    monkeypatch: pytest.MonkeyPatch, at_once: int, end: str
) -> None:
    text = "\n".join([*ROWS, end])
    monkeypatch.setattr(csv_tables, "_AT_ONCE", 1)
    alone = _read(text)
    assert alone[0][:4] == [
        (1, ["id", "name", "words"]),
        (2, ["1", "Анна", "plain"]),
        (3, ["2", "Борис", "spaces around"]),
        (4, ["3", "Вера", "two\nlines"]),
    ]
    assert alone[0][5] == (7, ["4", "Глеб", "no bell"])
    monkeypatch.setattr(csv_tables, "_AT_ONCE", at_once)
    assert _read(text) == alone
