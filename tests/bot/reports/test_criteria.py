"""Facts from a file, and the criteria page that they and the answers make."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from bot.errors import Refused
from bot.operations.facts.facts import import_facts, list_facts
from bot.operations.facts.file import FactsRefused, FactsRow, read_facts
from bot.operations.reports import criteria, digest
from scoring.criteria.scorecard import Criterion
from storage.answering import past
from storage.answering.past import PastAnswer
from storage.asking import campaigns
from storage.database import open_database
from surveys.messages import LANGUAGES
from surveys.reports.criteria import ToDo
from surveys.reports.estimates import Verdict
from surveys.survey import answers as codec
from surveys.survey.catalog import catalog
from surveys.survey.definition import localized
from templates.criteria import SURVEYS, to_do
from templates.hints import HINTS
from templates.texts import Texts
from tests.engines import database_in
from tests.storage.world import NOW, World, add_customer

CSV = """Месяц;Выручка;Постоянные расходы;Переменные расходы;Маркетинг;Удержание;Содержание CRM;\
Клиентов на начало;Новых клиентов;Ушло клиентов;Сделок;Выиграно сделок;Дней сделки;Валюта
2026-08;1 500 000,50;300000;500000;60000;30000;10000;200;12;10;40;12;20;RUB
09.2026;1 600 000;300000;500000;60000;30000;10000;202;12;6;44;15;18;RUB
"""


def rows_of(found: Sequence[FactsRow]) -> list[list[object]]:
    return [
        [row.line, row.month, {key: str(value) for key, value in row.values.items()}, row.currency]
        for row in found
    ]


def test_a_file_is_read_as_people_write_it() -> None:
    [august, september] = read_facts(CSV.encode("cp1251"))
    assert (august.month, september.month) == ("2026-08", "2026-09")
    assert august.values["revenue"] == Decimal("1500000.50")
    assert august.currency == "RUB"
    book = BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["month", "revenue", "customers at the start"])
        sheet.write_row(1, 0, ["2026-08", 1500000.5, 200])
    [row] = read_facts(book.getvalue())
    assert row.values == {"revenue": Decimal("1500000.5"), "customers_start": Decimal(200)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("month;revenue\n2026-13;1\n", "line 2: «2026-13» is no month"),
        ("month;revenue\n2026-08;-1\n", "line 2: revenue must not be negative"),
        ("month;revenue\n2026-08;x\n", "line 2: revenue: «x» is no number"),
        ("month;revenue\n2026-08;12,500\n", "«12,500» is one number to one reader"),
        ("month;revenue\n2026-08;1.234.5\n", "«1.234.5» is no number"),
        ("month;revenue\n2026-08;1\n08.2026;2\n", "line 3: 2026-08 stands twice"),
        ("month;revenue;выручка\n2026-08;1;2\n", "two columns tell «revenue»"),
        ("month;revenue;nonsense\n2026-08;1;2\n", "unknown columns: nonsense"),
        ("month;revenue;currency\n2026-08;1;rouble\n", "no currency code"),
        ("month\n2026-08\n", "one fact at least"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(FactsRefused) as refused:
        read_facts(text.encode())
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12500", "12500"), ("12 500,50", "12500.50"), ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"), ("1,234,567", "1234567"), ("12.34", "12.34"), ("1,5", "1.5"),
        ("0,12", "0.12"),
    ],
)  # fmt: skip
def test_thousands_and_decimals_are_told_apart(cell: str, value: str) -> None:
    """«12,500» was read as 12.5: the money of a company whose thousands have commas."""
    [row] = read_facts(f"month;revenue\n2026-08;{cell}\n".encode())
    assert row.values == {"revenue": Decimal(value)}


async def test_a_month_to_come_and_a_word_for_a_currency_are_refused(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database:
        month = f"{NOW:%Y-%m}"
        later = rows_of(read_facts(f"month;revenue\n{NOW.year + 1}-01;1\n".encode()))
        with pytest.raises(FactsRefused, match=f"line 2: {NOW.year + 1}-01 has not begun"):
            await import_facts(database, NOW, later, "RUB")
        present = rows_of(read_facts(f"month;revenue\n{month};1\n".encode()))
        with pytest.raises(Refused, match="no currency code"):
            await import_facts(database, NOW, present, "ROUBLES")
        assert (await import_facts(database, NOW, present, "$"))["currency"] == "USD"


async def test_two_currencies_or_none_are_refused_and_nothing_is_taken(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database:
        bare = rows_of(read_facts(b"month;revenue\n2026-08;1\n"))
        with pytest.raises(Refused, match="In what currency"):
            await import_facts(database, NOW, bare)
        checked = await import_facts(database, NOW, bare, "RUB", check=True)
        assert checked["changed"] is None
        assert (await list_facts(database, NOW))["months"] == []
        assert (await import_facts(database, NOW, bare, "RUB"))["changed"] == 1
        dollars = rows_of(read_facts(b"month;revenue;currency\n2026-09;1;USD\n"))
        with pytest.raises(Refused, match="RUB, USD"):
            await import_facts(database, NOW, dollars)
        people = rows_of(read_facts(b"month;customers_start\n2026-08;5\n"))
        assert (await import_facts(database, NOW, people))["changed"] == 1
        lost = rows_of(read_facts(b"month;customers_lost\n2026-08;6\n"))
        with pytest.raises(FactsRefused, match="line 2: more customers lost"):
            await import_facts(database, NOW, lost)
        corrected = rows_of(read_facts(b"month;revenue\n2026-08;2\n"))
        assert (await import_facts(database, NOW, corrected))["changed"] == 1
        shown = await list_facts(database, NOW, "2026-08")
    assert shown["months"][0]["values"] == {"revenue": "2", "customers_start": "5"}
    assert [one["value"] for one in shown["history"]["revenue"]] == ["1", "2"]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = database_in(tmp_path_factory.mktemp("criteria"))
    asyncio.run(_company(place))
    return place


async def _company(url: str) -> None:
    async with open_database(url) as database:
        world = await World.build(database)
        async with database.transaction() as tx:
            people = [await add_customer(tx, str(n)) for n in range(30)]
            for at in (NOW.replace(month=8), NOW):
                wave = await campaigns.get_wave(tx, await world.wave(tx, "loyalty", at))
                given = {person: _sheet(world, person, at) for person in people}
                await past.record(tx, wave, world.definitions["loyalty"], "invitation", given)
        await import_facts(database, NOW, rows_of(read_facts(CSV.encode())))


def _sheet(world: World, person: int, at: datetime) -> list[PastAnswer]:
    asked = [one for one in world.surveys["loyalty"].questions if one.kind in {"nps", "scale"}]
    return [
        PastAnswer(one.key, codec.to_json(value), codec.score(one, value), at)
        for place, one in enumerate(asked)
        for value in [10 - (person + place) % 4]
    ]


async def test_the_page_has_all_eight_and_says_how_to_get_what_is_missing(url: str) -> None:
    made = await criteria.make(url, "2026-09", "en", NOW)
    rows = {row.key: row for row in made.document.rows}
    assert len(rows) == 8
    assert rows["loyalty_index"].n == 30
    assert rows["departed_customers"].value == 6
    assert rows["cost_per_loyal_customer"].score is not None
    missing = {key: row.to_do for key, row in rows.items() if row.value is None}
    assert missing.keys() == {
        "service_quality", "automation", "customer_accounting", "self_assessment"
    }  # fmt: skip
    ask = ToDo(what="ask", survey="service_quality")
    assert missing["service_quality"] == ask
    for key in SURVEYS:
        for language in LANGUAGES:
            title = localized(catalog()[key].title, language)
            assert title in to_do(Texts(language), ToDo(what="ask", survey=key))
    assert "otklik campaign start service_quality" in made.text()
    index = made.document.index
    assert index is not None
    assert index.low < index.index < index.high
    assert sum(index.weights.values()) == pytest.approx(1)
    assert index.without.keys() == index.weights.keys()


async def test_the_figures_of_the_facts_are_those_of_the_file(url: str) -> None:
    made = await criteria.make(url, "2026-09", "ru", NOW)
    told = {one.key: one.value for one in made.document.facts}
    assert told["profit"] == Decimal(800_000)
    assert told["profit_effect"] == Decimal("99999.50")
    assert json.loads(made.json())["currency"] == "RUB"
    text = made.text()
    assert "Число ушедших клиентов: 6 из 202" in text
    assert "что одно вызвало другое, отсюда не следует" in text


async def test_a_time_without_data_has_a_page_too(url: str) -> None:
    made = await criteria.make(url, "2020-01", "en", NOW)
    assert made.document.index is None
    assert all(row.to_do is not None for row in made.document.rows)
    assert "no criterion has a score yet" in made.text()


async def test_the_page_repeats_the_digest(url: str) -> None:
    """One function counts both: no figure, interval or word differs."""
    page = (await criteria.make(url, "2026-09", "en", NOW)).document
    sent = (await digest.make(url, "2026-09", "en", NOW)).document
    rows = {row.key: row for row in page.rows}
    assert len(sent.scorecard.criteria) == 1
    for one in sent.scorecard.criteria:
        row, now = rows[one.key], one.current
        assert now is not None
        assert (row.value, row.low, row.high, row.n) == (now.value, now.low, now.high, now.n)
        assert (row.verdict, row.since) == (one.verdict, one.baseline)
    for other in sent.scorecard.others:
        assert rows[other.key] == other
    assert sent.effectiveness is not None
    assert sent.effectiveness.index == page.index
    assert sent.money is not None
    assert (sent.money.figures, sent.money.payback) == (page.facts, page.payback)
    assert sent.money.loyal == page.loyal


async def test_the_page_says_how_old_its_data_are_and_who_is_loyal(url: str) -> None:
    later = NOW + timedelta(days=40)
    made = await criteria.make(url, "2026-09", "en", later)
    rows = {row.key: row for row in made.document.rows}
    assert rows["loyalty_index"].as_of == NOW
    text = made.text()
    assert "customers’ answers, 30 answers, as of 7 September 2026, 40 days old" in text
    assert "Loyal here means a promoter: 9 or 10 to the question about recommending." in text
    assert made.document.loyal is not None
    assert made.document.loyal.share is not None
    assert made.document.loyal.share.n == 30


@pytest.mark.parametrize(
    ("answers", "said"), [(4, "6 more answers needed"), (40, "few answers before, or none")]
)
async def test_the_page_does_not_say_that_there_were_few_where_there_were_none(
    url: str, answers: int, said: str
) -> None:
    made = await criteria.make(url, "2026-09", "en", NOW)
    row = replace(made.document.rows[0], verdict=Verdict.TOO_FEW, n=answers)
    text = replace(made, document=replace(made.document, rows=(row,))).text()
    assert said in text
    assert "too few answers before" not in text


async def test_a_weak_criterion_has_hints_with_their_source(url: str) -> None:
    """September was better than August by its facts; were it otherwise, there would be hints."""
    made = await criteria.make(url, "2026-09", "en", NOW)
    assert [row.key for row in made.document.rows if row.is_weak] == []
    assert "What others look at first" not in made.text()
    worse = tuple(replace(row, is_weak=True) for row in made.document.rows)
    text = replace(made, document=replace(made.document, rows=worse)).text()
    assert "What others look at first" in text
    assert "(Reinartz and Kumar 2002, Harvard Business Review)" in text
    assert "nobody promises that it helps" in text
    assert set(HINTS) == {one for one in Criterion if one != "self_assessment"}


async def test_what_is_worse_by_the_facts_or_scores_low_is_weak(tmp_path: Path) -> None:
    url = database_in(tmp_path)
    august, september = read_facts(CSV.encode())
    turned = [replace(august, month="2026-09"), replace(september, month="2026-08")]
    async with open_database(url) as database:
        await import_facts(database, NOW, rows_of(turned))
    made = await criteria.make(url, "2026-09", "en", NOW)
    weak = {row.key for row in made.document.rows if row.is_weak}
    assert weak == {"departed_customers", "sales_process"}
