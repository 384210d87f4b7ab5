"""Columns are read at once, and tell of each row what it tells when it is read alone."""

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.lists import people_file
from bot.operations.lists.by_column import Taken
from bot.operations.lists.file_parts import Batch, ListOptions
from bot.operations.lists.headings import recognise
from bot.operations.lists.people_file import read_list
from bot.operations.lists.problems import RowProblem, RowRefused
from bot.operations.lists.purchases import Purchases
from bot.operations.lists.rows import LONGEST_CELL, Layout, ListedPerson, person
from storage.people.lists.listed import ListedRole, PersonRow, by_column
from tests.bot.lists.test_people_corpus import table

CELLS: dict[str, tuple[str, ...]] = {
    "id": ("1", "2", "3", "C7", ""),
    "имя": ("Анна", "Иванова Анна Петровна", "", "Ё"),
    "фио": ("Иванова Анна Петровна", "Петров Илья Ильич", "Анна Попова", ""),
    "фамилия": ("Попова", "", "ИВАНОВА"),
    "телефон": (
        *("+79123456789", "8 (912) 345-67-89", "9123456789", "12", "", "+1 650 253 0000"),
        "+79123456789\n+79120000000",
    ),
    "рабочий телефон": ("", "+79120000000", "нет"),
    "почта": ("a@b.ru", "A@B.ru; c@d.ru", "anna.ru", "", "<a@b.ru>", "a@b.ru\nc@d.ru"),
    "последняя покупка": ("", "2026-01-02", "00.00.0000", "31.12.2099", "вчера"),
    "роль": ("", "клиент", "Менеджер", "тимлид", "директор"),
    "команда": ("Север", ""),
    "руководит": ("", "Юг; Восток"),
    "ушел": ("", "нет", "да", "может быть"),
    "язык": ("", "ru", "English", "fr"),
    "тип": ("", "контакт", "Компания"),
    "компания": ("", "Лес", "л" * (LONGEST_CELL + 1)),
    "менеджер": ("", "Мария"),
    "сегмент": ("", "опт"),
    "город": ("", "Москва", "Казань"),
}
HEADINGS = tuple(CELLS)


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    kept = draw(st.permutations(HEADINGS))[: draw(st.integers(2, len(HEADINGS)))]
    if "id" not in kept:
        kept = ["id", *kept]
    if not {"имя", "фамилия", "фио"} & set(kept):
        kept = [*kept, "имя"]
    row = st.tuples(*(st.sampled_from(CELLS[heading]) for heading in kept))
    rows = [list(cells) for cells in draw(st.lists(row, max_size=8))]
    more = draw(st.sampled_from(([], [], ["больше"])))
    return list(kept), [*rows, *([[*kept, *more]] if more else [])]


Told = tuple[list[PersonRow], list[RowProblem], list[RowProblem], list[int]]


def _by_column(content: bytes, options: ListOptions) -> Told:
    rows, refused, warnings, assumed = [], [], [], []
    for part in read_list(content, options):
        if isinstance(part, Batch):
            rows += list(part.rows)
            refused += sorted([*part.problems, *part.left_out], key=lambda one: one.line)
            warnings += part.warnings
            assumed += part.assumed
    return rows, refused, warnings, assumed


def _row_by_row(monkeypatch: pytest.MonkeyPatch, content: bytes, options: ListOptions) -> Told:
    """Read each row alone, so that nothing else is known of any column."""
    with monkeypatch.context() as alone:
        alone.setattr(people_file, "take", _each)
        return _by_column(content, options)


def _each(
    _layout: Layout,
    _: Purchases,
    closely: partial[ListedPerson],
    rows: Sequence[tuple[int, list[str]]],
) -> Taken:
    found: list[PersonRow] = []
    taken = Taken({})
    for at, (line, cells) in enumerate(rows):
        nobody = PersonRow("customer", "", "", line=line)
        try:
            one = closely(line, cells)
        except RowRefused as refusal:
            taken.refused[at] = refusal
            found.append(nobody)
        else:
            found.append(one.row)
            taken.warnings[at] = one.left_out
            taken.assumed |= {at} if one.is_assumed else set()
    taken.columns = dict(by_column(found).columns)
    return taken


ROLES: tuple[ListedRole, ...] = ("customer", "manager")


@given(lists(), st.sampled_from(ROLES))
def test_a_column_tells_what_its_rows_tell(
    written: tuple[list[str], list[list[str]]], role: ListedRole
) -> None:
    headings, rows = written
    options = ListOptions(
        role=role,
        chosen={"город": "attribute"} if "город" in headings else {},
        now="2026-09-01T00:00:00+00:00",
    )
    content = table([headings, *rows])
    monkeypatch = pytest.MonkeyPatch()
    assert _by_column(content, options) == _row_by_row(monkeypatch, content, options)


@pytest.mark.parametrize("identity", ["phone", "email"])
def test_a_list_without_numbers_goes_by_column_too(identity: str) -> None:
    headings = ["фио", "телефон", "почта"]
    rows = [
        [name, phone, email]
        for name in CELLS["фио"]
        for phone in CELLS["телефон"]
        for email in CELLS["почта"]
    ]
    options = ListOptions(identity="phone" if identity == "phone" else "email")
    content = table([headings, *rows])
    told = _by_column(content, options)
    assert told == _row_by_row(pytest.MonkeyPatch(), content, options)
    assert told[0]
    assert told[1]


def test_a_cell_of_several_lines_is_no_usual_one() -> None:
    headings = ["id", "имя", "телефон", "почта"]
    rows = [["1", "Анна", "+79120000001\n+79120000002", "a@b.ru\nc@d.ru"], ["2", "Ян", "", ""]]
    told, *_ = _by_column(table([headings, *rows]), ListOptions())
    assert [(row.phone, row.email) for row in told] == [("+79120000001", "a@b.ru"), (None, None)]


def test_one_patronymic_among_the_names_is_seen() -> None:
    content = table([["id", "фио"], ["1", "Ян Ли"], ["2", "Иванова Анна Петровна"]])
    rows, *_ = _by_column(content, ListOptions())
    assert [row.first_name for row in rows] == [None, "Анна"]


def test_rows_that_end_early_are_filled_and_longer_ones_refused() -> None:
    columns = recognise(("id", "имя", "почта"), {})
    layout = Layout(("id", "имя", "почта"), columns)
    assert person(layout, 2, ["1", "Анна"]).row.email is None
    content = table([["id", "имя", "почта"], ["1", "Анна"], ["2", "Ян", "a@b.ru", "что это"]])
    rows, refused, _, _ = _by_column(content, ListOptions())
    assert [(row.external_id, row.email) for row in rows] == [("1", None)]
    assert [one.line for one in refused] == [3]


@pytest.mark.parametrize("at_once", [1, 2, 10])
def test_a_contact_on_several_rows_is_noticed_in_any_batch(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_file, "BATCH", at_once)
    rows = [["1", "Анна", "+79120000001", "a@b.ru"], ["2", "Ян", "", ""], ["3", "Ли", "", ""]]
    headings = ["id", "имя", "телефон", "почта"]

    def repeated(*more: str) -> set[str]:
        content = table([headings, *rows, ["4", "Олег", *more]])
        parts = read_list(content, ListOptions())
        return {name for part in parts if isinstance(part, Batch) for name in part.repeated}

    assert repeated("89120000001", "c@d.ru") == {"phone"}
    assert repeated("+79120000002", "A@b.ru") == {"email"}
    assert repeated("", "") == set()
