"""What the process that reads a list writes, and what is made of it."""

import json

import pytest

from bot.operations.lists import reader
from bot.operations.lists import reading as reading_process
from bot.operations.lists.file_parts import Batch, ListOptions
from bot.operations.lists.people_file import read_list
from bot.operations.tables.refusals import FileRefusal, FileRefused
from tests.bot.lists.test_people_corpus import table, with_rows


def test_a_batch_too_long_for_a_line_is_told_in_several(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = [["1", "Анна", "-"], ["2", "", ""], *([f"x{number}", "Ян", ""] for number in range(9))]
    content = table([["id", "имя", "телефон"], *rows])
    (batch,) = (part for part in read_list(content, ListOptions()) if isinstance(part, Batch))
    monkeypatch.setattr(reader, "LONGEST_LINE", 600)
    reader._write_batch(batch)
    lines = capsysbinary.readouterr().out.splitlines()
    told = [reading_process._told(json.loads(line)) for line in lines]
    assert len(told) > 1
    assert [row for part in told if isinstance(part, Batch) for row in part.rows] == [*batch.rows]
    assert sum(part.size for part in told if isinstance(part, Batch)) == batch.size == len(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [["1", "Анна", "тимлид", "Юг", ""], ["2", "Яна", "тимлид", "Юг", ""]],
        [["1", "Анна", "", "", "+79120000001"], ["2", "Яна", "", "", ""]],
        [["1", "Анна", "", "", ""], ["", "Яна", "", "", ""], ["3", "Ия", "", "", ""]],
        [["1", "А\x7fнна", "", "Юг\x7f", ""], ["2", "Яна", "", "\x7f", "\x7f"]],
        [["1", "Анна", "", "Юг", "+79120000001"]],
        [["1", "", "", "", ""]],
        [],
    ],
    ids=["leads", "a phone", "a gap", "what is dropped", "one", "none taken", "none"],
)
def test_what_is_told_in_short_is_all_that_was_read(rows: list[list[str]]) -> None:
    content = table([["id", "имя", "роль", "команда", "телефон"], *rows])
    (batch,) = (part for part in read_list(content, ListOptions()) if isinstance(part, Batch))
    told = reading_process._told(json.loads(reader._line(reader._batch(batch))))
    assert with_rows(told) == with_rows(batch)


def test_columns_of_several_lengths_are_a_damaged_file() -> None:
    content = table([["id", "имя"], ["1", "Анна"], ["2", "Яна"]])
    (batch,) = (part for part in read_list(content, ListOptions()) if isinstance(part, Batch))
    said = reader._batch(batch)
    said["said"]["name"] = ["Анна"]
    with pytest.raises(FileRefused) as refused:
        reading_process._told(said)
    assert refused.value.code == FileRefusal.DAMAGED
