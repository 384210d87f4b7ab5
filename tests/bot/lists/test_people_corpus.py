"""Sixty-odd lists, good and bad, made here: what is read, which rows are refused, which files."""

import contextlib
import csv
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.lists.file_parts import Batch, Head, ListOptions
from bot.operations.lists.people_file import BATCH, read_list
from bot.operations.lists.problems import Fault, RowProblem
from bot.operations.lists.reading import reading
from bot.operations.tables import archive as people_archive
from bot.operations.tables import tables as people_tables
from bot.operations.tables.refusals import FileRefusal, FileRefused
from bot.operations.tables.tables import MOST_ROWS
from storage.people.lists.listed import PersonRow, by_column

ANNA = ["007", "Анна Попова", "8 (912) 345-67-89"]
PLAIN = [["id", "имя", "телефон"], ANNA]


def table(
    rows: Sequence[Sequence[str]] = PLAIN,
    delimiter: str = ";",
    encoding: str = "utf-8",
    end: str = "\r\n",
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def book(rows: Sequence[Sequence[object]], *, skip: int = 0, hidden: bool = False) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        if hidden:
            made.add_worksheet("first").hide()
        sheet = made.add_worksheet("people")
        sheet.activate()
        sheet.set_first_sheet()
        days = made.add_format({"num_format": "dd.mm.yyyy"})
        for number, row in enumerate(rows, start=skip):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime | date):
                    sheet.write_datetime(number, place, cell, days)
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write(number, place, cell)
    return content.getvalue()


def archive(**entries: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name.replace("__", "/") + ".xml", data)
    return content.getvalue()


def tampered(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a sound workbook with one of its parts changed."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(PLAIN))) as sound,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in sound.infolist():
            data = sound.read(entry)
            made.writestr(entry.filename, change(data) if entry.filename == part else data)
    return content.getvalue()


def read(
    content: bytes, options: ListOptions | None = None
) -> tuple[Head, list[PersonRow], list[RowProblem]]:
    head, rows, problems = None, list[PersonRow](), list[RowProblem]()
    for part in read_list(content, options or ListOptions()):
        if isinstance(part, Head):
            head = part
        else:
            rows += part.rows
            problems += part.problems
    assert head is not None
    return head, rows, problems


def of(*rows: Sequence[str]) -> bytes:
    return table([["id", "имя", "телефон", "почта", "последняя покупка", "роль", "язык"], *rows])


BITRIX_RU = [
    ["ID", "Обращение", "Имя", "Отчество", "Фамилия", "Должность", "Компания", "Рабочий телефон",
     "Мобильный телефон", "Рабочий e-mail", "Тип контакта", "Источник", "Ответственный"],
    ["007", "г-жа", "Анна", "Сергеевна", "Попова", "", "Лес", "", "89123456789", "a@b.ru",
     "Клиенты", "Звонок", "Мария"],
]  # fmt: skip
BITRIX_EN = [
    ["ID", "Salutation", "First name", "Second name", "Last name", "Position", "Company",
     "Work Phone", "Mobile", "Work E-mail", "Contact type", "Source", "Responsible person"],
    ["007", "Mrs.", "Анна", "", "Попова", "", "Лес", "+7 912 345-67-89", "", "a@b.ru", "Clients",
     "Call", "Мария"],
]  # fmt: skip
AMO_RU = [
    ["ID", "Тип", "Полное имя контакта", "Название компании", "Ответственный", "Теги",
     "Рабочий телефон (контакт)", "Мобильный телефон (контакт)", "Рабочий email (контакт)",
     "Должность (контакт)"],
    ["007", "контакт", "Анна Попова", "Лес", "Мария", "vip", "'+79123456789", "", "a@b.ru", ""],
]  # fmt: skip
AMO_EN = [
    ["ID", "Type", "Contact name", "Company name", "Responsible user", "Tags",
     "Work phone (contact)", "Mobile phone (contact)", "Work email (contact)"],
    ["007", "contact", "Анна Попова", "Лес", "Мария", "", "+79123456789", "", "a@b.ru"],
]  # fmt: skip

GOOD: dict[str, bytes] = {
    "comma": table(delimiter=","),
    "semicolon": table(),
    "tab": table(delimiter="\t"),
    "bom": table(encoding="utf-8-sig"),
    "cp1251": table(encoding="cp1251"),
    "utf-16": table(delimiter="\t", encoding="utf-16"),
    "bare newlines": table(end="\n"),
    "no newline at the end": table().rstrip(),
    "empty lines": table([[], *PLAIN, [], ["", "", ""], []]),
    "sep line": b"sep=;\r\n" + table(),
    "quoted": b'"id";"\xd0\xb8\xd0\xbc\xd1\x8f";"phone"\n"007";"\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 '
    + "Попова".encode()
    + b'";"89123456789"',
    "newline within quotes": table([*PLAIN[:1], ["007", "Анна\nПопова", "89123456789"]]),
    "spaces around": table([[" ID ", " Имя :", "ТЕЛЕФОН*"], [" 007 ", " Анна Попова ", ANNA[2]]]),
    "short rows": table([[*PLAIN[0], "сегмент", "почта"], ANNA]),
    "unknown columns": table([["Цвет", *PLAIN[0], "Кот"], ["синий", *ANNA, "Мурка"]]),
    "phone bare": table([PLAIN[0], ["007", "Анна Попова", "9123456789"]]),
    "phone eleven digits": table([PLAIN[0], ["007", "Анна Попова", "79123456789"]]),
    "phone international": table([PLAIN[0], ["007", "Анна Попова", "+7 (912) 345 67 89"]]),
    "phones in one cell": table([PLAIN[0], ["007", "Анна Попова", "89123456789, +7495 1234567"]]),
    "phone with extension": table([PLAIN[0], ["007", "Анна Попова", "8 912 345-67-89 доб. 12"]]),
    "bitrix24 ru": table(BITRIX_RU, encoding="utf-8-sig"),
    "bitrix24 en": table(BITRIX_EN),
    "amocrm ru": table(AMO_RU, delimiter=","),
    "amocrm en": table(AMO_EN, delimiter=","),
    "amocrm xlsx": book(AMO_RU),
    "xlsx": book(PLAIN),
    "xlsx below the top": book(PLAIN, skip=5),
    "xlsx behind a hidden sheet": book(PLAIN, hidden=True),
    "xlsx with a numeric phone": book([PLAIN[0], ["007", "Анна Попова", 79123456789]]),
    "xlsx with empty rows": book([PLAIN[0], ["", "", ""], ANNA]),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_lists_are_read(name: str) -> None:
    _, rows, problems = read(GOOD[name])
    assert problems == []
    assert len(rows) == 1
    anna = rows[0]
    assert (anna.external_id, anna.phone, anna.role) == ("007", "+79123456789", "customer")
    assert anna.name.split() in (["Анна", "Попова"], ["Анна", "Сергеевна", "Попова"])
    if "bitrix" in name or "amocrm" in name:
        assert (anna.company, anna.email, anna.manager_external_id) == ("Лес", "a@b.ru", "Мария")


BAD_ROWS: dict[str, tuple[bytes, Fault]] = {
    "no id": (of(["", "Анна", "", "", "", "", ""]), Fault.NO_ID),
    "no name": (of(["1", "", "", "", "", "", ""]), Fault.NO_NAME),
    "31 February": (of(["1", "Анна", "", "", "31.02.2026", "", ""]), Fault.DATE),
    "year 26": (of(["1", "Анна", "", "", "0026-01-01", "", ""]), Fault.DATE),
    "a boss": (of(["1", "Анна", "", "", "", "босс", ""]), Fault.ROLE),
    "twice": (of(["1", "Анна"], ["1", "Яна"]), Fault.TWICE),
    "shifted": (of(["1", "Анна", "", "", "", "", "", "ещё"]), Fault.TOO_MANY_CELLS),
    "long": (of(["1", "А" * 501, "", "", "", "", ""]), Fault.TOO_LONG),
    "next year": (of(["1", "Анна", "", "", "01.10.2199", "", ""]), Fault.DATE_FUTURE),
    "one day of two": (of(["1", "Анна", "", "", "03/04/2025", "", ""]), Fault.DATE_UNCLEAR),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_bad_rows_are_refused_with_line_and_reason(name: str) -> None:
    content, fault = BAD_ROWS[name]
    _, _, problems = read(content)
    assert [problem.code for problem in problems] == [fault]
    assert problems[0].line == (3 if name == "twice" else 2)


BAD_CELLS: dict[str, tuple[bytes, Fault]] = {
    "letters for a phone": (of(["1", "Анна", "двенадцать", "", "", "", ""]), Fault.PHONE),
    "short phone": (of(["1", "Анна", "12", "", "", "", ""]), Fault.PHONE),
    "a city's number": (of(["1", "Анна", "123-45-67", "", "", "", ""]), Fault.PHONE),
    "a digit too few": (of(["1", "Анна", "8912345678", "", "", "", ""]), Fault.PHONE),
    "phone in exponents": (of(["1", "Анна", "7,91E+10", "", "", "", ""]), Fault.PHONE),
    "a dash for a phone": (of(["1", "Анна", "-", "", "", "", ""]), Fault.PHONE),
    "no at sign": (of(["1", "Анна", "", "anna.ru", "", "", ""]), Fault.EMAIL),
    "no day": (of(["1", "Анна", "", "", "00.00.0000", "", ""]), Fault.DATE),
    "French": (of(["1", "Анна", "", "", "", "", "fr"]), Fault.LANGUAGE),
}


@pytest.mark.parametrize("name", BAD_CELLS)
def test_a_bad_cell_is_left_out_of_its_row_and_named(name: str) -> None:
    content, fault = BAD_CELLS[name]
    parts = [part for part in read_list(content, ListOptions()) if isinstance(part, Batch)]
    assert [row.name for part in parts for row in part.rows] == ["Анна"]
    warnings = [warning for part in parts for warning in part.warnings]
    assert [(warning.line, warning.code) for warning in warnings] == [(2, fault)]


def test_companies_among_people_are_left_out_and_named() -> None:
    content = table([["id", "имя", "тип"], ["1", "Лес", "компания"], ["2", "Анна", "контакт"]])
    parts = [part for part in read_list(content, ListOptions()) if isinstance(part, Batch)]
    assert [row.name for part in parts for row in part.rows] == ["Анна"]
    assert [one.line for part in parts for one in part.left_out] == [2]


NOISE = random.Random(1).randbytes(4096)
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BAD_FILES: dict[str, tuple[bytes, FileRefusal]] = {
    "nothing": (b"", FileRefusal.EMPTY),
    "only newlines": (b"\r\n\r\n", FileRefusal.EMPTY),
    "pdf": (b"%PDF-1.7\n1 0 obj", FileRefusal.NOT_A_TABLE),
    "png": (b"\x89PNG\r\n\x1a\n" + NOISE, FileRefusal.NOT_A_TABLE),
    "html": (b"<!DOCTYPE html><table></table>", FileRefusal.NOT_A_TABLE),
    "json": (b'{"id": 1}', FileRefusal.NOT_A_TABLE),
    "noise": (b"\0" + NOISE, FileRefusal.NOT_A_TABLE),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, FileRefusal.OLD_EXCEL),
    "neither encoding": (b"id;name\n1;\x98\xff\n", FileRefusal.ENCODING),
    "open quote": (b'id;name\n1;"Anna\n2;Boris\n3;Vera\n', FileRefusal.QUOTES),
    "endless cell": (b"id;name\n1;" + b"a" * 200_000, FileRefusal.LONG_CELL),
    "too wide": (table([[f"c{n}" for n in range(301)]]), FileRefusal.TOO_WIDE),
    "a zip of something else": (archive(readme=b"hello"), FileRefusal.NOT_A_TABLE),
    "half a workbook": (book(PLAIN)[:2000], FileRefusal.DAMAGED),
    "not really a zip": (b"PK\x03\x04" + NOISE, FileRefusal.DAMAGED),
    "zip bomb": (tampered(SHEET, lambda sheet: sheet + b" " * 30_000_000), FileRefusal.BOMB),
    "many entries": (
        archive(**{f"xl__n{number}": b"x" for number in range(1_001)}),
        FileRefusal.BOMB,
    ),
    "entities": (tampered(STRINGS, lambda text: LAUGHS + text), FileRefusal.ENTITIES),
    "entities in utf-16": (
        tampered(STRINGS, lambda text: (LAUGHS + text).decode().encode("utf-16")),
        FileRefusal.ENTITIES,
    ),
    "a cell far to the right": (
        tampered(SHEET, lambda sheet: sheet.replace(b'r="C2"', b'r="XFD2"')),
        FileRefusal.TOO_WIDE,
    ),
    "a cell far below": (
        tampered(SHEET, lambda sheet: sheet.replace(b'r="C2"', b'r="C1048576"')),
        FileRefusal.TOO_WIDE,
    ),
    "broken xml": (tampered(SHEET, lambda sheet: sheet[:200]), FileRefusal.DAMAGED),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_refused_before_they_are_opened(name: str) -> None:
    content, refusal = BAD_FILES[name]
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert refused.value.code == refusal


@pytest.mark.parametrize("letters", ["", "A", "ZZ", "AAA", "XFD"])
@pytest.mark.parametrize("number", [1, 99_999, 199_999, 200_000, 1_000_000])
def test_a_cell_is_far_by_its_letters_or_by_its_number(letters: str, number: int) -> None:
    piece = f'<row><c r="{letters}{number}" t="s"><v>1000000</v></c></row>'.encode()
    is_far = len(letters) > len("ZZ") or number > MOST_ROWS
    assert people_archive._has_far_cell(piece) is is_far


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(GOOD) + len(BAD_ROWS) + len(BAD_CELLS) + len(BAD_FILES) >= 60


def test_too_many_rows_or_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_tables, "LIST", people_tables.Most(1_000_000, 2))
    rows = [["id", "имя"], *([str(number), "Анна"] for number in range(3))]
    with pytest.raises(FileRefused) as refused:
        read(table(rows))
    assert refused.value.code == FileRefusal.TOO_LONG
    monkeypatch.setattr(people_tables, "LIST", people_tables.Most(10, 2))
    with pytest.raises(FileRefused) as refused:
        read(table())
    assert refused.value.code == FileRefusal.TOO_LARGE


def test_a_bomb_is_seen_by_what_unpacks_not_by_what_is_declared() -> None:
    content = bytearray(tampered(SHEET, lambda sheet: sheet + b" " * 30_000_000))
    directory = content.rindex(b"PK\x01\x02")
    while content[directory + 46 : directory + 46 + len(SHEET)] != SHEET.encode():
        directory = content.rindex(b"PK\x01\x02", 0, directory)
    content[directory + 24 : directory + 28] = (1_000).to_bytes(4, "little")
    with pytest.raises(FileRefused):
        people_archive.check_workbook(bytes(content))


def test_dates_come_as_text_and_as_dates() -> None:
    for written in ("2026-09-30", "30.09.2026", "30.09.26", "30/09/2026", "30.09.2026 14:05:00"):
        _, rows, problems = read(table([["id", "имя", "last_purchase"], ["1", "Анна", written]]))
        assert problems == []
        assert rows[0].last_purchase_on == date(2026, 9, 30)
    moment = datetime(2026, 9, 30, 14, 5)  # noqa: DTZ001 - a spreadsheet's cell has no zone
    for cell in (date(2026, 9, 30), moment):
        _, rows, problems = read(book([["id", "имя", "last_purchase"], ["1", "Анна", cell]]))
        assert rows[0].last_purchase_on == date(2026, 9, 30)


def test_a_choice_goes_before_what_the_headings_say() -> None:
    rows = [["id", "имя", "Комментарий", "Сегмент"], ["1", "Анна", "опт", "старый"]]
    chosen = {"Комментарий": "segment", "Сегмент": ""}
    head, people, _ = read(table(rows), ListOptions(chosen))
    assert people[0].segment == "опт"
    assert 3 not in [place for places in head.columns.values() for place in places]


def test_without_a_number_a_list_asks_or_goes_by_phone() -> None:
    rows = [["Имя", "Телефон"], ["Анна", "89123456789"], ["Вера", ""]]
    head, people, _ = read(table(rows))
    assert head.lacks == ["external_id"]
    assert people == []
    _, people, problems = read(table(rows), ListOptions(identity="phone"))
    assert [person.external_id for person in people] == ["+79123456789"]
    assert [problem.code for problem in problems] == [Fault.NO_ID]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8),
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
        ),
        max_size=20,
    )
)
def test_every_row_is_taken_or_named(cells: list[tuple[str, str]]) -> None:
    written = [["id", "имя"], *([f"{n}{key}", name] for n, (key, name) in enumerate(cells))]
    _, rows, problems = read(table(written))
    assert len(rows) + len(problems) == len(cells)


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(FileRefused):
        read(content)


def with_rows(part: Head | Batch) -> Head | Batch:
    """Return it by what each row says: a column of one value may be kept in two ways."""
    return replace(part, rows=by_column(part.rows)) if isinstance(part, Batch) else part


async def test_the_reader_of_its_own_process_tells_the_same(tmp_path: Path) -> None:
    file = tmp_path / "list"
    rows = [
        PLAIN[0],
        ANNA,
        ["8", "", ""],
        *([f"x{number}", "Клиент", ""] for number in range(BATCH)),
    ]
    file.write_bytes(table(rows))

    parts = [part async for part in reading(file, ListOptions())]
    here = read_list(file.read_bytes(), ListOptions())
    assert list(map(with_rows, parts)) == list(map(with_rows, here))
    assert len([part for part in parts if isinstance(part, Batch)]) > 1
    file.write_bytes(BAD_FILES["zip bomb"][0])
    with pytest.raises(FileRefused) as refused:
        [part async for part in reading(file, ListOptions())]
    assert refused.value.code == FileRefusal.BOMB
