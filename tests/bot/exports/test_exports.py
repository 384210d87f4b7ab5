"""Files of rows: what they hold, and that no program does anything but show it."""

import csv
import re
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pyreadstat
import pytest
from python_calamine import load_workbook
from sqlalchemy import update

from bot.errors import Refused
from bot.operations.exports.cells import as_written
from bot.operations.exports.chosen import FileForm, Wanted, What
from bot.operations.exports.columns import ANONYMOUS, ANSWERS, CASES, LEDGER, PEOPLE
from bot.operations.exports.writing import WrittenFiles, export
from scoring.rows.spss import distinct
from storage.asking import definitions as surveys_kept
from storage.cases.cases import New, open_one, record
from storage.database import open_database
from storage.people.people import by_external
from storage.tables.people import people
from storage.tables.surveys import definitions, invitations
from surveys.messages import Language
from surveys.reports.scope import Scope
from surveys.survey.catalog import catalog
from templates.texts import Texts
from tests.bot.exports.company import ASKED, found, sheet, whisper
from tests.engines import database_in
from tests.hostile import WORDS
from tests.sheets import laid

DOCS = Path(__file__).parents[3] / "docs"
MOSCOW = ZoneInfo("Europe/Moscow")
_STARTS = re.compile(r"""["\s]*[=+\-@＝]""")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


async def _company(folder: Path, *words: str, language: Language = "ru") -> str:
    url = database_in(folder)
    async with open_database(url) as database, database.transaction() as tx:
        await found(tx, words, language)
    return url


async def _make(
    url: str, what: What, form: FileForm, folder: Path, language: Language = "ru", **wanted: Any
) -> WrittenFiles:
    return await export(url, Wanted(what, form, **wanted), language, folder / f"{what}.{form}")


def _csv(path: Path, delimiter: str = ";") -> list[list[str]]:
    return list(
        csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True), delimiter=delimiter)
    )


def _hidden(folder: Path) -> list[Path]:
    return list(folder.glob(".*"))


def _as_dicts(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


async def test_a_row_is_a_response_with_codes_and_labels(tmp_path: Path) -> None:
    url = await _company(tmp_path, "Хорошо", "Плохо")
    made = await _make(url, What.ANSWERS, FileForm.CSV, tmp_path)
    assert made.rows == 2
    content = made.files[0].read_bytes()
    assert content.startswith(b"\xef\xbb\xbfresponse;survey;")
    first, second = _as_dicts(_csv(made.files[0]))
    assert first["survey"] == "full"
    assert (first["person_id"], first["manager_id"]) == ("C0", "M1")
    assert first["answered_at"] == "31.08.2026 23:30:00", "a Moscow moment"
    assert (first["full.nps"], first["full.effort"], first["full.effort.score"]) == ("9", "2", "4")
    assert first["full.waited"] == "1,5"
    assert first["full.again"] == "1"
    assert (first["full.channel"], first["full.channel.label"]) == ("web", "На сайте")
    assert (first["full.liked"], first["full.liked.label"]) == ("price;taste", "Цена; Вкус")
    assert first["full.why"] == "Хорошо"
    assert first["full.why.asked"] == "Почему «Хорошо»", "with the company's name"
    assert first["remarks"] == "[голосовое сообщение] Хорошо\nХорошо"
    assert first["media"] == "1"
    assert first["attribute.цвет"] == "Хорошо"
    assert (second["attribute.Хорошо"], second["attribute.Плохо"]) == ("", "да")


async def test_a_survey_that_nobody_was_asked_has_no_columns_unless_it_is_named(
    tmp_path: Path,
) -> None:
    url = await _company(tmp_path, "Хорошо")
    async with open_database(url) as database, database.transaction() as tx:
        for survey in catalog().values():
            await surveys_kept.save(tx, survey, ASKED)
    made = await _make(url, What.ANSWERS, FileForm.CSV, tmp_path)
    assert len(made.files) == 1, "no totals of an anonymous survey that nobody was asked"
    questions = [one for one in _csv(made.files[0])[0] if "." in one]
    assert {one.split(".")[0] for one in questions} == {"full", "attribute"}
    named = await _make(url, What.ANSWERS, FileForm.CSV, tmp_path, survey="nps")
    assert "nps.recommend" in _csv(named.files[0])[0]


async def test_a_workbook_has_real_numbers_moments_and_a_sheet_of_meanings(tmp_path: Path) -> None:
    url = await _company(tmp_path, "Хорошо", language="en")
    made = await _make(url, What.ANSWERS, FileForm.XLSX, tmp_path, "en")
    book = load_workbook(made.files[0])
    assert book.sheet_names == ["answers", "columns"]
    [row] = _as_dicts(book.get_sheet_by_name("answers").to_python())
    assert row["answered_at"] == datetime(2026, 8, 31, 23, 30)  # noqa: DTZ001 - a cell has no zone
    assert (row["full.nps"], row["full.waited"], row["full.channel.label"]) == (9, 1.5, "Online")
    meanings = book.get_sheet_by_name("columns").to_python()
    named = {row[1]: row for row in meanings}
    assert named["full.nps"][2:] == ["Would you recommend us", "0 = no\n10 = yes"]
    assert "full.channel" in named
    assert named["full.why"][2] == "Why Хорошо"
    assert made.files[0].stat().st_mode & 0o777 == 0o600


async def test_people_cases_and_the_ledger_have_their_rows(tmp_path: Path) -> None:
    url = await _company(tmp_path, "Анна", "Борис")
    people = _as_dicts(_csv((await _make(url, What.PEOPLE, FileForm.CSV, tmp_path)).files[0]))
    assert [one["id"] for one in people] == ["M1", "C0", "C1", ""]
    assert people[1]["manager"] == "Анна"
    cases = _as_dicts(_csv((await _make(url, What.CASES, FileForm.CSV, tmp_path)).files[0]))
    assert [(one["person"], one["notes"]) for one in cases] == [
        ("Анна", "Анна"),
        ("Борис", "Борис"),
    ]
    ledger = _as_dicts(_csv((await _make(url, What.LEDGER, FileForm.CSV, tmp_path)).files[0]))
    assert [one["reason"] for one in ledger] == ["", "", "opted_out"]
    assert ledger[0]["invited"] == "1"
    assert "приглашени" in ledger[2]["reason.label"]


async def test_a_case_that_a_letter_opened_is_among_the_cases(tmp_path: Path) -> None:
    url = await _company(tmp_path, "Анна")
    async with open_database(url) as database, database.transaction() as tx:
        writer = await by_external(tx, "C0", "customer")
        assert writer is not None
        new = New(None, writer.id, None, None, None, None, ASKED)
        number = await open_one(tx, new, ASKED)
        assert number is not None
        await record(tx, number, "said", None, ASKED, "Где заказ?", ("voice", "file"))
        await record(tx, number, "note", None, ASKED, "Обещали завтра")
        await record(tx, number, "replied", None, ASKED, "Едет")
    made = _as_dicts(_csv((await _make(url, What.CASES, FileForm.CSV, tmp_path)).files[0]))
    assert [(one["person"], one["survey"]) for one in made] == [("Анна", "full"), ("Анна", "")]
    assert made[1]["manager"] == made[0]["manager"]
    assert made[1]["notes"].splitlines() == [
        "клиент: [голосовое сообщение] Где заказ?",
        "Обещали завтра",
        "ответ: Едет",
    ]


async def test_a_period_and_a_survey_narrow_it_and_what_is_unknown_is_refused(
    tmp_path: Path,
) -> None:
    url = await _company(tmp_path, "Анна")
    for period, rows in (("2026-08", 1), ("2026-09", 0), ("2026-Q3", 1)):
        made = await _make(url, What.ANSWERS, FileForm.CSV, tmp_path, period=period)
        assert made.rows == rows, period
    assert (await _make(url, What.LEDGER, FileForm.CSV, tmp_path, period="2026-09")).rows == 0
    assert (await _make(url, What.ANSWERS, FileForm.CSV, tmp_path, survey="full")).rows == 1
    with pytest.raises(Refused, match=r"no survey «нет»\. Known: .*full"):
        await _make(url, What.ANSWERS, FileForm.CSV, tmp_path, survey="нет")
    with pytest.raises(Refused):
        await _make(url, What.PEOPLE, FileForm.CSV, tmp_path, period="2026")
    assert not _hidden(tmp_path), "nothing stays of what was refused"


async def test_a_part_of_the_company_narrows_every_table_and_leaves_batches_whole(
    tmp_path: Path,
) -> None:
    url = await _company(tmp_path, "опт", "сети")
    async with open_database(url) as database, database.transaction() as tx:
        manager = await by_external(tx, "M1", "manager")
        assert manager is not None
        boss = manager.id
        await tx.run(
            update(invitations)
            .values(segment=people.c.segment, attributes=people.c.attributes)
            .where(people.c.id == invitations.c.person_id)
        )
        await whisper(tx, *[sheet("опт", nps=score) for score in (10, 10, 9, 7, 0)])
    names = dict.fromkeys(What, "person") | {What.PEOPLE: "name"}
    scopes: tuple[tuple[Scope, list[str]], ...] = (
        (Scope(segment="опт"), ["опт"]),
        (Scope(attribute=("цвет", "сети")), ["сети"]),
        (Scope(manager=boss), ["опт", "сети"]),
        (Scope(manager=boss, segment="сети"), ["сети"]),
        (Scope(campaign=1), ["опт", "сети"]),
        (Scope(manager=boss, attribute=("цвет", "опт"), segment="сети"), []),
    )
    for what, name in names.items():
        whole = await _make(url, what, FileForm.CSV, tmp_path)
        assert len(whole.files) == (2 if what is What.ANSWERS else 1)
        for scope, theirs in scopes:
            made = await _make(url, what, FileForm.CSV, tmp_path, scope=scope)
            assert len(made.files) == 1, "no part of an anonymous batch is counted"
            rows = [one[name] for one in _as_dicts(_csv(made.files[0]))]
            refused = ["опт"] if what is What.LEDGER and scope.campaign else []
            assert rows == [*theirs, *refused], (what, scope)
    for unknown in (Scope(manager=99), Scope(campaign=99), Scope(segment="нет такого")):
        with pytest.raises(Refused):
            await _make(url, What.ANSWERS, FileForm.CSV, tmp_path, scope=unknown)


@pytest.mark.parametrize("what", list(What))
async def test_printed_sheets_lie_down_no_smaller_than_can_be_read_with_headings_on_each(
    tmp_path: Path, what: What
) -> None:
    made = await _make(await _company(tmp_path, "Всё хорошо"), what, FileForm.XLSX, tmp_path)
    with zipfile.ZipFile(made.files[0]) as book:
        sheets = [name for name in book.namelist() if "/worksheets/" in name]
        titles = book.read("xl/workbook.xml").decode().count("_xlnm.Print_Titles")
        for name in sheets:
            page = book.read(name).decode()
            assert 'paperSize="9"' in page
            assert 'orientation="landscape"' in page
            assert 'fitToPage="1"' in page
            assert 'fitToHeight="0"' in page
            widths = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', page)
            across = re.search(r'fitToWidth="(\d+)"', page)
            letters = sum(
                (int(last) - int(first) + 1) * float(width) for first, last, width in widths
            )
            assert 0 < letters <= 210 * (int(across[1]) if across else 1)
    assert titles == len(sheets) >= 2


@pytest.mark.parametrize("what", list(What))
async def test_headings_are_whole_numbers_below_theirs_and_meanings_do_not_run_into_another(
    tmp_path: Path, what: What
) -> None:
    made = await _make(await _company(tmp_path, "Всё хорошо"), what, FileForm.XLSX, tmp_path)
    read = load_workbook(made.files[0])
    with zipfile.ZipFile(made.files[0]) as book:
        *tables, meanings = laid(book)
    for name, one in zip(read.sheet_names, tables, strict=False):
        headings, first, *_ = read.get_sheet_by_name(name).to_python()
        kinds = [*map(type, first)]
        for place, heading in enumerate(map(str, headings)):
            assert one.widths[place] > min(len(heading), 39), heading
            if first[place] == "":
                continue
            is_number = kinds[place] is not str
            assert (one.forms[0, place].get("horizontal") == "right") is is_number, heading
            if place and not is_number and first[place - 1] != "" and kinds[place - 1] is not str:
                assert one.forms[1, place]["indent"] == one.forms[0, place]["indent"] == "1"
    for number, row in enumerate(read.get_sheet_by_name(read.sheet_names[-1]).to_python()):
        assert meanings.heights[number] >= 15 * (1 + str(row[3]).count("\n"))
        assert number == 0 or meanings.forms[number, 3]["wrapText"] == "1"


@pytest.mark.parametrize("what", list(What))
async def test_no_words_of_anybody_become_a_formula(tmp_path: Path, what: What) -> None:
    url = await _company(tmp_path, *WORDS)
    made = await _make(url, what, FileForm.XLSX, tmp_path)
    with zipfile.ZipFile(made.files[0]) as book:
        for name in book.namelist():
            inner = book.read(name).decode()
            assert "<f>" not in inner, name
            assert "<hyperlinks" not in inner, name
    rows = load_workbook(made.files[0]).get_sheet_by_name(what).to_python()
    shown = {cell for row in rows for cell in row if isinstance(cell, str)}
    if what is What.ANSWERS:
        assert {word.replace("\r", "\n") for word in WORDS} <= {
            one.replace("\r\n", "\n").replace("\r", "\n") for one in shown
        }
    for language in ("ru", "en"):
        made = await _make(url, what, FileForm.CSV, tmp_path, language)
        for delimiter in ";,\t":
            cells = (cell for row in _csv(made.files[0], delimiter) for cell in row)
            bad = [one for one in cells if _STARTS.match(one) and not _NUMBER.fullmatch(one)]
            assert bad == [], delimiter


async def test_anonymous_answers_are_totals_of_what_is_released(tmp_path: Path) -> None:
    url = await _company(tmp_path, "Анна")
    group = [sheet("опт", nps=score) for score in (10, 10, 9, 7, 0)]
    async with open_database(url) as database, database.transaction() as tx:
        await whisper(tx, *group, sheet("опт", nps=3), sheet("сети", nps=8, fair=1))
    made = await _make(url, What.ANSWERS, FileForm.CSV, tmp_path)
    named, totals = made.files
    assert totals.name == "answers-anonymous.csv"
    assert not any(name.startswith("secret.") for name in _csv(named)[0])
    [row] = _as_dicts(_csv(totals))
    assert (row["survey"], row["month"], row["group"]) == ("secret", "2026-08", "опт")
    assert (row["question"], row["n"], row["mean"], row["nps"]) == ("nps", "5", "7,2", "40,0")
    made = await _make(url, What.ANSWERS, FileForm.XLSX, tmp_path)
    assert load_workbook(made.files[0]).sheet_names == ["answers", "anonymous", "столбцы"]
    made = await _make(url, What.ANSWERS, FileForm.CSV, tmp_path, period="2026-W36")
    assert _as_dicts(_csv(made.files[1])) == [], "a week holds no whole month"


async def test_no_export_and_no_difference_of_two_is_about_fewer_than_five(tmp_path: Path) -> None:
    url = await _company(tmp_path, "Анна")
    dice = Random(7)
    before: Counter[str] = Counter()
    for _ in range(8):
        usual = dice.choice(["опт", "сети", None])
        sheets = []
        for _ in range(dice.randint(1, 9)):
            group = usual if dice.random() < 0.9 else "дом"
            given = {"nps": dice.randint(0, 10)} | ({"fair": 1} if dice.random() < 0.4 else {})
            sheets.append(sheet(group, **given))
        async with open_database(url) as database, database.transaction() as tx:
            await whisper(tx, *sheets)
        made = await _make(url, What.ANSWERS, FileForm.CSV, tmp_path)
        now = Counter(
            {
                f"{one['month']} {one['group']} {one['question']}": int(one["n"])
                for one in _as_dicts(_csv(made.files[1]))
            }
        )
        assert set((now - before).values()) <= set(range(5, 999))
        assert not before - now
        before = now
    assert len(before) > 1


async def test_the_ledger_of_an_anonymous_survey_ends_with_the_decision(tmp_path: Path) -> None:
    url = await _company(tmp_path, "Анна")
    ledger = _as_dicts(_csv((await _make(url, What.LEDGER, FileForm.CSV, tmp_path)).files[0]))
    assert ledger[0]["state"] == "finished"
    async with open_database(url) as database, database.transaction() as tx:
        await tx.run(update(definitions).values(anonymous=True))
    ledger = _as_dicts(_csv((await _make(url, What.LEDGER, FileForm.CSV, tmp_path)).files[0]))
    assert [ledger[0][name] for name in ("state", "sent_at", "finished_at")] == ["", "", ""]


async def test_parquet_keeps_types_zones_and_meanings(tmp_path: Path) -> None:
    url = await _company(tmp_path, *WORDS)
    table = pq.read_table((await _make(url, What.ANSWERS, FileForm.PARQUET, tmp_path)).files[0])
    assert table.num_rows == len(WORDS)
    assert str(table.schema.field("answered_at").type) == "timestamp[us, tz=Europe/Moscow]"
    assert table["full.nps"].to_pylist() == [9] * len(WORDS)
    assert table["full.why"].to_pylist() == list(WORDS)
    labels = table.schema.field("full.channel").metadata[b"labels"].decode()
    assert labels == '{"shop": "В магазине", "web": "На сайте"}'
    people = pq.read_table((await _make(url, What.PEOPLE, FileForm.PARQUET, tmp_path)).files[0])
    assert str(people.schema.field("is_customer").type) == "bool"


async def test_spss_has_labels_and_local_moments(tmp_path: Path) -> None:
    url = await _company(tmp_path, "Хорошо", *WORDS)
    made = await _make(url, What.ANSWERS, FileForm.SPSS, tmp_path)
    frame, meta = pyreadstat.read_sav(str(made.files[0]))
    assert len(frame) == 1 + len(WORDS)
    assert meta.column_names_to_labels["full.nps"] == "Порекомендуете ли Вы нас"
    assert meta.variable_value_labels["full.nps"] == {0.0: "нет", 10.0: "да"}
    channel: dict[Any, str] = meta.variable_value_labels["full.channel"]
    assert channel == {"shop": "В магазине", "web": "На сайте"}
    assert frame["answered_at"][0].to_pydatetime() == datetime(2026, 8, 31, 23, 30)  # noqa: DTZ001 - the same
    assert frame["full.why"][0] == "Хорошо"
    people = await _make(url, What.PEOPLE, FileForm.SPSS, tmp_path)
    assert len(pyreadstat.read_sav(str(people.files[0]))[0]) == 3 + len(WORDS)


def test_a_day_is_a_day_in_each_language() -> None:
    assert as_written(date(2026, 9, 1), MOSCOW, "ru") == "01.09.2026"
    assert as_written(date(2026, 9, 1), MOSCOW, "en") == "2026-09-01"
    assert as_written(-1.5, MOSCOW, "en") == "-1.5"


@pytest.mark.parametrize(("language", "page"), [("en", "exports.md"), ("ru", "ru/exports.md")])
def test_the_page_lists_the_columns_as_they_are(language: Language, page: str) -> None:
    texts = Texts(language)
    rows = [
        f"| `{column.name}` | {texts(column.says)} |"
        for table in (ANONYMOUS, ANSWERS, PEOPLE, CASES, LEDGER)
        for column in table
    ]
    written = (DOCS / page).read_text(encoding="utf-8").splitlines()
    heads = {"| column | meaning |", "| столбец | значение |"}
    found, inside = [], False
    for line in written:
        inside = line in heads or (inside and line.startswith("|"))
        if inside and line.startswith("| `"):
            found.append(line)
    assert found == rows


def test_labels_that_spss_would_cut_stay_distinct() -> None:
    long = "Очень длинная подпись варианта ответа, которую SPSS обрезал бы без предупреждения, "
    labels = distinct([long + "первая", long + "вторая", "ё" * 200, "ё" * 200], 120)
    assert len(set(labels)) == 4
    assert all(len(label.encode()) <= 120 for label in labels)
