"""The digest as a workbook: every section of the page, the figures of `digest.json` as figures."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook, load_workbook

from bot.operations.exports.spreadsheets import book
from surveys.messages import LANGUAGES, Language
from surveys.reports.digest import Moved, MovedMeasure
from surveys.reports.estimates import Figure
from surveys.reports.scope import NamedPart
from templates.digest.contents import SECTIONS
from templates.digest.nothing import NOTHING
from templates.digest.workbook.sheets import TABLES, sheets
from templates.digest.workbook.tables import (
    InPercent,
    OfMoney,
    OfMonth,
    PlainRow,
    PlainTable,
)
from tests.hostile import WORDS
from tests.scoring.reports.documents import opened
from tests.sheets import laid
from tests.templates.pages import COMPANIES, SAMPLES, Page, document, render_digest, with_words

EVERY = [(name, language) for name in (*SAMPLES, *COMPANIES) for language in LANGUAGES]
Found = dict[str, Any]
UNSEEN = re.compile(
    r"previous\.(low|high|n)$|slope\.center$|company\.n$|_id$|loyal\.share\.(low|high)$"
    r"|drivers\.(needed|r_squared)$|at_least_words$|^\.format$"
)
"""What the page does not show either, or what stands in a sheet's notes."""


AMOUNTS = re.compile(r"^\.money\.(figures|payback|study)\..*(?<!key)(?<!unit)(?<!name)$")
"""What is an exact number, and therefore a text in JSON."""


def _numbers(value: object, path: str) -> Iterator[tuple[str, float]]:
    inner: Any = value
    if isinstance(inner, dict | list):
        items = inner.items() if isinstance(inner, dict) else enumerate(inner)
        for key, one in items:
            yield from _numbers(one, f"{path}.{key}")
    elif isinstance(inner, str):
        if AMOUNTS.search(path):
            yield path, float(inner)
    elif inner is not None and not isinstance(inner, bool):
        yield path, float(inner)


def _read(base: Found, language: Language) -> CalamineWorkbook:
    return load_workbook(BytesIO(book(sheets(opened(base), language), language)))


def _sheet(base: Found, language: Language, name: str) -> list[dict[str, Any]]:
    """Return a sheet's rows down to its notes by heading; of equal headings the first."""
    head, *rows = _read(base, language).get_sheet_by_name(name).to_python()
    return [{str(head[at]): row[at] for at in reversed(range(len(head)))} for row in rows]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_figure_of_the_page_is_in_the_workbook(name: str, language: Language) -> None:
    base = document(name, language)
    made = _read(base, language)
    cells = [
        cell
        for one in made.sheet_names
        for row in made.get_sheet_by_name(one).to_python()
        for cell in row
        if isinstance(cell, int | float)
    ]
    known = {round(found, 9) for cell in cells for found in (cell, 100 * cell)}
    lacking = {
        path: value
        for path, value in _numbers(base, "")
        if not UNSEEN.search(path) and round(value, 9) not in known
    }
    assert lacking == {}


FIGURES = ("value", "weight", "index", "score", "mean", "alpha")


def _intervals(value: object, path: str) -> Iterator[tuple[str, list[float]]]:
    """Yield every figure that has an interval, with its ends."""
    inner: Any = value
    if isinstance(inner, dict | list):
        items = inner.items() if isinstance(inner, dict) else enumerate(inner)
        for key, one in items:
            yield from _intervals(one, f"{path}.{key}")
    if isinstance(inner, dict) and {"low", "high"} <= set(inner):
        key = next((one for one in FIGURES if one in inner), None)
        if key is not None and None not in (found := [inner[key], inner["low"], inner["high"]]):
            yield path, found


@pytest.mark.parametrize("name", [*SAMPLES, *COMPANIES])
def test_every_interval_stands_beside_its_figure(name: str) -> None:
    base = document(name, "en")
    rows = [row for one in sheets(opened(base), "en") for row in one.rows]
    known = {
        tuple(round(cell * times, 9) for cell in three if isinstance(cell, int | float))
        for row in rows
        for three in zip(row, row[1:], row[2:], strict=False)
        for times in (1, 100 if isinstance(three[0], InPercent) else 1)
    }
    lacking = [
        path
        for path, three in _intervals(base, "")
        if tuple(round(float(one), 9) for one in three) not in known
        and not path.endswith(("previous", "loyal.share"))
    ]
    assert lacking == []


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_no_figure_of_the_workbook_is_its_own(name: str, language: Language) -> None:
    base = document(name, language)
    known = {round(value, 9) for path, value in _numbers(base, "")}
    for one in sheets(opened(base), language):
        for row in one.rows:
            for place, cell in enumerate(row):
                if not isinstance(cell, int | float):
                    continue
                found = {cell, cell * 100} if isinstance(cell, InPercent) else {cell}
                point = one.name in {"Ответы", "Answers"} and place == 0
                assert point or {round(value, 9) for value in found} & known, (one.name, cell)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_sheets_have_names_that_fit_and_rows_as_wide_as_their_headings(
    name: str, language: Language
) -> None:
    made = sheets(opened(document(name, language)), language)
    names = [one.name.casefold() for one in made]
    assert len(set(names)) == len(names)
    for one in made:
        assert len(one.name) <= 31
        assert not set(one.name) & set("[]:*?/\\'")
        assert all(len(row) == len(one.headings) for row in one.rows)
        if language == "ru":
            said = (word for word in (one.name, *one.headings) if word not in {"α", "ω", "NPS"})
            assert all(re.search("[а-яё]", word) for word in said)


def test_every_section_of_the_page_has_a_sheet() -> None:
    assert list(TABLES) == [one.name for one in SECTIONS]
    for language in LANGUAGES:
        assert len(sheets(opened(document("rich", language)), language)) > len(SECTIONS)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_section_without_data_says_what_the_page_says(name: str, language: Language) -> None:
    base = document(name, language)
    page = _spaced("".join(Page(render_digest(base, language)).text))
    made = sheets(opened(base), language)
    for one in made:
        if not one.rows:
            assert any(_spaced(note) in page for note in one.notes), one.name
    if name == "empty":
        alone = [one for one in made if not one.rows]
        assert len(alone) >= 11


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lines_of_what_is_missing_are_said_by_section(language: Language) -> None:
    assert {one.name for one in SECTIONS} >= set(NOTHING) - {
        "trend",
        "uncompared",
        "untold",
        "nobody_lost",
    }
    assert "{" not in render_digest(document("empty", language), language).split("<body>")[1]


def test_weights_stand_with_the_index_without_each() -> None:
    base = document("rich", "en")
    index = base["effectiveness"]["index"]
    rows = [row for row in _sheet(base, "en", "Weights") if row["weight"] != ""]
    assert [row["weight"] for row in rows] == pytest.approx(list(index["weights"].values()))
    without = [row["index without it"] for row in rows]
    assert without == pytest.approx([index["without"][key] for key in index["weights"]])
    [first, *_] = _sheet(base, "en", "CRM effectiveness index")
    assert (first["value"], first["from"], first["to"]) == pytest.approx(
        (index["index"], index["low"], index["high"])
    )


def test_the_mirror_tells_the_level_and_the_word() -> None:
    base = document("rich", "en")
    rows = _sheet(base, "en", "Self and customers")
    managers = base["mirror"]["managers"]
    told = [
        one for each in managers for one in [each["profile"], *each["items"]] if one is not None
    ]
    assert len(rows) == len(told)
    for row, one in zip(rows, told, strict=True):
        gap = one["gap"]
        assert row["level"] == ("" if gap is None else gap["level"])
        assert row["gap"] == ("" if gap is None else pytest.approx(gap["value"]))
        assert bool(row["word"]) == (one["agreement"] is not None)
    assert any(row["word"] for row in rows)


def test_the_trend_has_its_verdict() -> None:
    base = document("rich", "en")
    slope = base["nps"]["slope"]
    [row] = [row for row in _sheet(base, "en", "NPS") if str(row["figure"]).startswith("trend")]
    assert (row["value"], row["level"]) == pytest.approx((slope["change"]["value"], slope["level"]))
    assert row["verdict"] in {"better", "worse", "no evidence of change"}


def test_the_head_says_what_it_is_about_and_what_has_changed_since() -> None:
    base = document("rich", "en")
    sent_at = datetime(2026, 10, 1, 9, tzinfo=UTC)
    before, now = Figure(value=12.5, n=40), Figure(value=14.25, n=41)
    rows = (
        MovedMeasure(key="nps", before=before, now=now),
        MovedMeasure(key="csat", before=None, now=now),
    )
    made = replace(opened(base), moved=Moved(sent_at=sent_at, answers=1, measures=rows))
    head, changed, *_ = sheets(made, "en")
    known = {row[0]: row[1] for row in head.rows}
    zone = ZoneInfo(base["zone"])
    last = made.period.end.astimezone(zone).date() - timedelta(days=1)
    assert (known["first day"], known["last day"]) == (
        made.period.start.astimezone(zone).date(),
        last,
    )
    assert known["computed"] == made.generated_at
    assert known["company"] == base["company"]
    assert [row[1:] for row in changed.rows] == [[12.5, 40, 14.25, 41], [None, None, 0.1425, 41]]
    assert any("1 October 2026" in note for note in head.notes)


def test_a_part_of_the_company_has_no_sheet_of_what_only_the_whole_has() -> None:
    made = opened(document("rich", "en"))
    part = replace(made, part=NamedPart(segment="retail"))
    names = {one.name for one in sheets(part, "en")}
    alone = {"CRM effectiveness index", "Weights", "Cases", "Money", "Why customers leave"}
    assert not names & alone
    assert alone <= {one.name for one in sheets(made, "en")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_days_and_months_are_months(language: Language) -> None:
    base = document("rich", language)
    made = _read(base, language)
    words, months = ("Слова", "Динамика") if language == "ru" else ("Words", "Trend")
    quoted = [quote["day"] for group in base["words"]["groups"] for quote in group["quotes"]]
    themes = [quote["day"] for row in base["themes"]["rows"] for quote in row["quotes"]]
    days = [row[2] for row in made.get_sheet_by_name(words).to_python()[1:] if row[2] != ""]
    assert days == [date.fromisoformat(day) for day in (*themes, *quoted)]
    first = [row[0] for row in made.get_sheet_by_name(months).to_python()[1:]]
    keys = [month["key"] for month in base["nps"]["trend"]]
    assert [day.isoformat()[:7] for day in first if isinstance(day, date)] == keys


def test_shares_are_shown_in_per_cent_and_money_with_hundredths() -> None:
    day = date(2026, 9, 1)
    row = (InPercent(0.25), OfMoney(1234.5), 1.25, 7, day, OfMonth(2026, 9, 1))
    content = book([PlainTable("sheet", "abcdef", [row])], "ru")
    with ZipFile(BytesIO(content)) as made:
        styles = made.read("xl/styles.xml").decode()
        sheet = made.read("xl/worksheets/sheet1.xml").decode()
    shapes = {"4": "#,##0.00", "1": "0", "0": "General"}
    shapes |= dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]+)"', styles))
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
    cells = re.findall(r'<c r="[A-F]2" s="(\d+)"', sheet)
    shown = [shapes[formats[int(one)]] for one in cells]
    assert shown == ["0.0##%", "#,##0.00", "0.0##", "0", "dd.mm.yyyy", "mm.yyyy"]


@pytest.mark.parametrize("word", WORDS)
def test_no_words_of_anybody_become_a_formula_or_anything_else(word: str) -> None:
    base = with_words(document("rich", "ru"), word)
    content = book(sheets(opened(base), "ru"), "ru")
    with ZipFile(BytesIO(content)) as made:
        parts = [made.read(name).decode() for name in made.namelist() if name.endswith(".xml")]
        assert not any("hyperlink" in name for name in made.namelist())
    assert not any(re.search(r"<f[ >]", part) for part in parts)
    usual, found = _read(document("rich", "ru"), "ru"), load_workbook(BytesIO(content))
    assert found.sheet_names == usual.sheet_names
    tables = (found.get_sheet_by_name(name).to_python() for name in found.sheet_names)
    assert word in [cell for table in tables for row in table for cell in row]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_printed_sheets_lie_down_with_headings_on_each(name: str, language: Language) -> None:
    content = book(sheets(opened(document(name, language)), language), language)
    with ZipFile(BytesIO(content)) as made:
        pages = [one for one in made.namelist() if "/worksheets/" in one]
        assert made.read("xl/workbook.xml").decode().count("_xlnm.Print_Titles") == len(pages)
        for one in pages:
            page = made.read(one).decode()
            assert 'orientation="landscape"' in page
            assert 'fitToPage="1"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_is_a_workbook_of_plain_numbers(language: Language) -> None:
    base = document("rich", language)
    made = sheets(opened(base), language)
    [criteria] = [one for one in made if one.name in {"Критерии", "Criteria"}]
    rows = [row for row in criteria.rows if row[0] == "NPS"]
    assert rows[0][1] == base["nps"]["score"]["value"]
    [funnel] = [one for one in made if one.name in {"Приглашения", "Invitations"}]
    assert funnel.headings[1] in {"приглашения", "invitations"}
    content = _read(base, language)
    assert len(content.sheet_names) == len(made)


def test_a_row_of_a_workbook_has_room_for_the_lines_of_its_words() -> None:
    long, short = ("слова", "Ваш менеджер отвечает " * 6), ("да", "нет")
    content = book([PlainTable("лист", ("а", "б"), (long, short))], "ru")
    with ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall(r'<row r="(\d)"[^>]*?(?: ht="(\d+)"[^>]*)?>', sheet)
    assert rows == [("1", ""), ("2", "45"), ("3", "")]


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "Приглашение компании"), ("en", "not stated")]
)
def test_a_workbook_names_groups_as_the_page_does(language: Language, said: str) -> None:
    made = opened(document("rich", language))
    [groups] = [one for one in sheets(made, language) if one.name in {"Группы", "Groups"}]
    names = {row[1] for row in groups.rows}
    assert said in names
    assert not names & {"invitation", "manager", "telegram", "web", "import", "others", "unstated"}


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_no_column_is_too_narrow_for_its_numbers(name: str, language: Language) -> None:
    """A spreadsheet shows ### in their place."""
    made = sheets(opened(document(name, language)), language)
    for one, sheet in zip(made, laid(ZipFile(BytesIO(book(made, language)))), strict=True):
        for row in one.rows:
            for place, cell in enumerate(row):
                if isinstance(cell, int | float):
                    shown = f"{cell:,.2f}" if isinstance(cell, OfMoney) else f"{cell:.3f}"
                    fits = len(shown.removesuffix("0")) <= sheet.widths[place]
                    assert fits, (one.name, one.headings[place], shown)


def test_an_amount_of_millions_has_room() -> None:
    table = PlainTable("T", ["a", "b"], [["x", OfMoney(1_234_567_890.5)]])
    [sheet] = laid(ZipFile(BytesIO(book([table], "ru"))))
    assert sheet.widths[1] >= len("1 234 567 890,50")


def test_words_stand_apart_from_the_number_before_them() -> None:
    rows: list[PlainRow] = [["x", 1.5, "RUB"], ["y", 2.5, date(2026, 9, 1)]]
    [sheet] = laid(ZipFile(BytesIO(book([PlainTable("T", ["a", "b", "c"], rows)], "ru"))))
    for row in range(3):
        form = sheet.forms[row, 2]
        assert (form["horizontal"], form["indent"]) == ("left", "1"), "a day among words, too"
    assert "indent" not in sheet.forms[1, 0]
    assert sheet.forms[0, 1]["horizontal"] == "right", "a heading stands above its numbers"


@pytest.mark.parametrize("language", LANGUAGES)
def test_printed_pages_name_their_sheet_and_wide_ones_keep_the_first_column(
    language: Language,
) -> None:
    made = book(sheets(opened(document("rich", language)), language), language)
    found = laid(ZipFile(BytesIO(made)))
    assert {one.header for one in found} == {"&L&A&R&P / &N"}
    assert all(one.is_wide and one.frozen[0] == 1 for one in found)
    assert {one.frozen[1] for one in found} == {0, 1}
    for one in found:
        is_wide = sum(map(int, one.widths.values())) > 200
        assert (one.frozen[1] == 1) is is_wide


def test_what_begins_like_a_formula_stays_words_also_where_somebody_edits_it() -> None:
    words = [*WORDS, "=1", "Анна", "10 − 2"]
    [sheet] = laid(ZipFile(BytesIO(book([PlainTable("T", ["a"], [[one] for one in words])], "ru"))))
    for row, word in enumerate(words, start=1):
        quoted = sheet.forms[row, 0].get("quotePrefix") == "1"
        assert quoted == bool(re.match(r"""["'\s]*[=+\-@＝＋－＠]""", word)), word
