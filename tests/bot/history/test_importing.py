"""Past answers: none lost, none twice, none written to, and figures that anyone can recompute."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.errors import Refused
from bot.operations.company import company
from bot.operations.history.answers import read_history
from bot.operations.history.importing import import_history
from bot.operations.history.plan import plan_from
from bot.operations.reports import digest as digest_document
from bot.operations.surveys import save_catalog
from storage import work
from storage.asking import campaigns, definitions, prospects, waves
from storage.asking.campaigns import CampaignDraft
from storage.database import Database, open_database
from storage.people import people, people_import
from storage.people.people_import import PersonRow
from surveys.survey.catalog import catalog
from tests.bot.history.exports import MADE
from tests.bot.test_operator import otklik
from tests.scoring.reports.documents import opened

NOW = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
BANK = {"score": "rating", "date": "survey_date", "id": "id", "segment": "market"}
Rows = list[dict[str, Any]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/otklik.db"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with open_database(url) as opened:
        await save_catalog(opened, NOW)
        yield opened


def _bank(count: int = 600) -> Rows:
    """Answers as a bank's export has them: short dates where a spreadsheet could read the day."""
    chance, rows = Random(7), []  # noqa: S311 (a made-up file)
    for number in range(count):
        day = date(2021, 1, 1) + timedelta(days=chance.randrange(365))
        short = f"{day.day}/{day.month}/{day.year % 100}"
        rows.append(
            {
                "id": 1000 + number,
                "market": chance.choice(("US", "UK", "MEX")),
                "survey_date": short if day.day <= 12 else day.strftime("%d/%m/%Y"),
                "month": day.month,
                "quarter": (day.month - 1) // 3 + 1,
                "rating": chance.choice((0, 5, 7, 8, 9, 10, 10, 10)),
            }
        )
    return rows


def _file(
    rows: Iterable[Mapping[str, Any]], delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    table = io.StringIO()
    listed = list(rows)
    writer = csv.DictWriter(table, listed[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(listed)
    return table.getvalue().encode(encoding)


async def _bring(
    database: Database,
    content: bytes,
    columns: Mapping[str, Any],
    *,
    check: bool = False,
    again: bool = False,
) -> dict[str, Any]:
    plan = plan_from(columns, None)
    rows = read_history(content, plan).as_json()
    return await import_history(
        database,
        NOW,
        **rows,
        into={"survey": plan.survey, "question": plan.question, "scale": plan.scale},
        skip_refused=plan.skip_refused,
        check=check,
        again=again,
    )


async def _digest(url: str, period: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await digest_document.make(url, period, "ru", NOW)).json())
    return found


def _nps(rows: Rows) -> tuple[int, float]:
    scores = [row["rating"] for row in rows]
    balance = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
    return len(scores), 100 * balance / len(scores)


async def test_a_digest_of_imported_answers_is_what_the_file_says(
    database: Database, url: str
) -> None:
    rows = _bank()
    result = await _bring(database, _file(rows), BANK)
    assert (result["rows"], result["added"], result["customers"]) == (600, 600, 600)
    in_last = [row for row in rows if row["quarter"] == 4]
    for period, meant in (("2021", rows), ("2021-Q4", in_last)):
        found = (await _digest(url, period))["nps"]
        n, value = _nps(meant)
        assert (found["n"], found["score"]["value"]) == (n, pytest.approx(value))
        by_market = {group["group"]: group for group in found["segments"]}
        for market in ("US", "UK", "MEX"):
            n, value = _nps([row for row in meant if row["market"] == market])
            assert by_market[market]["n"] == n
            assert by_market[market]["score"]["value"] == pytest.approx(value)
        for month in found["trend"]:
            n, _ = _nps([row for row in rows if row["month"] == int(month["key"][-2:])])
            assert month["n"] == n


async def test_imported_answers_make_no_response_rate(database: Database, url: str) -> None:
    await _bring(database, _file(_bank()), BANK)
    document = await _digest(url, "2021")
    assert document["funnel"]["invited"] == 0
    assert document["funnel"]["response"] is None
    assert document["headline"]["measure"] == "nps"
    assert [group["group"] for group in document["nps"]["touchpoints"]] == ["imported"]
    made = digest_document.Made(opened(document), "ru")
    text = made.html()
    assert "Загружено" in text
    assert "В этом периоде никого не приглашали" in text
    said = made.text()
    assert "не с чем сравнить" in said
    assert "мало ответов" not in said


async def test_nobody_known_from_a_file_alone_is_asked_or_listed(database: Database) -> None:
    await _bring(database, _file(_bank(20)), BANK)
    async with database.reading() as reader:
        assert not await prospects.candidates(reader, catalog()["nps"])
        assert not await people.customers(reader)
        assert not await people.without_chat(reader, None)
        assert not await people.segments(reader)
        assert not await work.unfinished(reader, NOW)
        assert await work.next_due(reader) is None


async def test_the_months_of_imported_answers_are_no_campaign_among_the_companys_own(
    database: Database,
) -> None:
    await _bring(database, _file(_bank(20)), BANK)
    async with database.transaction() as tx:
        definition = await definitions.latest(tx, "nps")
        assert definition is not None
        own = await campaigns.create(tx, CampaignDraft(definition.id, "Own", 14), None, NOW)
        wave = await campaigns.start_wave(tx, own.id, "1", NOW, NOW + timedelta(days=14))
        assert [one.id for one in await campaigns.list_all(tx)] == [own.id]
        assert [one.id for one in await waves.latest(tx)] == [wave.id]


async def test_a_list_makes_a_past_customer_one_of_the_company_with_the_old_answers(
    database: Database, url: str
) -> None:
    columns = {"score": "s", "date": "d", "customer": "c"}
    await _bring(database, b"c,s,d\n7,9,2021-03-01\n", columns)
    async with database.transaction() as tx:
        listed = await people_import.apply(tx, [PersonRow("customer", "7", "Vera")], NOW)
        (vera,) = await people.customers(tx)
    assert (listed.added, listed.changed, vera.name) == (0, 1, "Vera")
    await _bring(database, b"c,s,d\n7,9,2021-03-01\n7,10,2021-03-02\n", columns)
    async with database.reading() as reader:
        assert [one.id for one in await people.customers(reader)] == [vera.id]
    assert (await _digest(url, "2021"))["nps"]["distribution"][9:] == [0, 1]


@pytest.mark.parametrize("columns", [BANK, {**BANK, "id": None}], ids=["by id", "by content"])
async def test_a_rerun_changes_nothing_and_a_longer_file_adds_its_rest(
    database: Database, columns: dict[str, Any]
) -> None:
    rows = _bank(300)
    assert (await _bring(database, _file(rows[:200]), columns))["added"] == 200
    again = await _bring(database, _file(rows[:200], ";", "cp1251"), columns)
    assert (again["added"], again["unchanged"]) == (0, 200)
    longer = await _bring(database, _file(rows), columns)
    assert (longer["added"], longer["unchanged"]) == (100, 200)


DAY = "2021-03-01"


def _same_day(*scores: int, day: str = DAY, first_id: int = 0) -> Rows:
    """Every score given by 200 customers in turn, all on one day."""
    said = [(f"C{customer}", score) for score in scores for customer in range(200)]
    return [
        {"n": first_id + number, "c": customer, "s": score, "d": day}
        for number, (customer, score) in enumerate(said)
    ]


_ORDER = {"score": "s", "date": "d", "customer": "c"}


async def test_a_file_read_again_by_other_columns_does_not_count_twice(
    database: Database,
) -> None:
    content = _file(_bank(40))
    bare = {"score": "rating", "date": "survey_date"}
    await _bring(database, content, bare)
    for check in (True, False):
        with pytest.raises(Refused, match="40 of 40 new answers stand here already"):
            await _bring(database, content, BANK, check=check)
    assert (await _bring(database, content, bare))["unchanged"] == 40
    assert (await _bring(database, content, BANK, again=True))["added"] == 40


async def test_other_answers_of_the_same_days_are_taken(database: Database) -> None:
    bare = {"score": "rating", "date": "survey_date"}
    await _bring(database, _file(_bank(40)), bare)
    others = [{**row, "id": row["id"] + 5000, "rating": 10 - row["rating"]} for row in _bank(40)]
    assert (await _bring(database, _file(others), BANK))["added"] == 40


@pytest.mark.parametrize("columns", [_ORDER, {**_ORDER, "id": "n"}], ids=["by content", "by id"])
async def test_of_one_day_the_later_line_is_the_later_answer(
    database: Database, url: str, columns: dict[str, Any]
) -> None:
    rows = _same_day(0, 10)
    await _bring(database, _file(rows), columns)
    await _bring(database, _file(rows), columns)
    assert (await _digest(url, "2021-03"))["nps"]["score"]["value"] == 100
    longer = [*rows, *_same_day(0, first_id=400)[100:]]
    assert (await _bring(database, _file(longer), columns))["added"] == 100
    assert (await _digest(url, "2021-03"))["nps"]["score"]["value"] == 0


@pytest.mark.parametrize("columns", [_ORDER, {**_ORDER, "id": "n"}], ids=["by content", "by id"])
async def test_where_the_dates_of_a_file_go_down_the_higher_line_is_the_later_answer(
    database: Database, url: str, columns: dict[str, Any]
) -> None:
    older = _same_day(0, day="2021-02-01", first_id=1000)
    rows = [*_same_day(10, 0), *older]
    await _bring(database, _file(rows), columns)
    assert (await _digest(url, "2021-03"))["nps"]["score"]["value"] == 100
    longer = [*_same_day(0, first_id=2000)[100:], *rows]
    assert (await _bring(database, _file(longer), columns))["added"] == 100
    assert (await _digest(url, "2021-03"))["nps"]["score"]["value"] == 0


@pytest.mark.parametrize("columns", [_ORDER, {**_ORDER, "id": "n"}], ids=["by content", "by id"])
async def test_of_two_files_the_one_brought_in_later_is_later(
    database: Database, url: str, columns: dict[str, Any]
) -> None:
    first, second = _same_day(0), _same_day(10, first_id=500)[::-1]
    await _bring(database, _file(first), columns)
    await _bring(database, _file(second), columns)
    await _bring(database, _file(first), columns)
    assert (await _digest(url, "2021-03"))["nps"]["score"]["value"] == 100


async def test_a_time_goes_before_the_place_in_the_file(database: Database, url: str) -> None:
    evening = [row | {"d": f"{DAY} 20:00"} for row in _same_day(10)]
    morning = [row | {"d": f"{DAY} 8:00"} for row in _same_day(0)]
    earlier = _same_day(5, day="2021-02-01")
    await _bring(database, _file([*earlier, *evening, *morning]), _ORDER)
    assert (await _digest(url, "2021-03"))["nps"]["score"]["value"] == 100


async def test_equal_rows_are_as_many_answers(database: Database, url: str) -> None:
    content = b"s;d\n10;2021-03-01\n10;2021-03-01\n10;2021-03-01\n"
    columns = {"score": "s", "date": "d"}
    assert (await _bring(database, content, columns))["added"] == 3
    assert (await _bring(database, content, columns))["unchanged"] == 3
    assert (await _digest(url, "2021-03"))["nps"]["n"] == 3


async def test_an_id_that_says_something_else_is_refused(database: Database) -> None:
    columns = {"score": "s", "date": "d", "id": "i"}
    await _bring(database, b"i,s,d\n1,9,2021-03-01\n", columns)
    with pytest.raises(Refused, match=r"line 3: .*before"):
        await _bring(database, b"i,s,d\n2,9,2021-03-01\n1,8,2021-03-01\n", columns)
    assert (await _bring(database, b"i,s,d\n2,9,2021-03-01\n", columns))["added"] == 1


async def test_check_says_the_same_and_writes_nothing(database: Database) -> None:
    content = _file(_bank(30))
    would = await _bring(database, content, BANK, check=True)
    assert await _bring(database, content, BANK, check=True) == would
    assert await _bring(database, content, BANK) == would


async def test_a_customer_counts_once_a_period_under_the_latest_rows_manager_and_segment(
    database: Database, url: str
) -> None:
    async with database.transaction() as tx:
        await people_import.apply(tx, [PersonRow("manager", "M1", "Мария Орлова")], NOW)
    rows = [
        {"c": f"C{n}", "s": score, "d": f"{day:02}.03.2021", "m": manager, "g": group, "w": words}
        for n in range(10)
        for day, score, manager, group, words in (
            (20, 10, "орлова мария", "опт", "Всё очень хорошо"),
            (5, 0, "Пётр", "розница", ""),
        )
    ]
    columns = {
        "score": "S",
        "date": "d",
        "customer": "c",
        "manager": "m",
        "segment": "g",
        "comment": "w",
    }
    result = await _bring(database, _file(rows, "\t", "cp1251"), columns)
    assert (result["customers"], result["new_managers"]) == (10, ["Пётр"])
    document = await _digest(url, "2021-03")
    assert [(one["name"], one["n"]) for one in document["managers"]] == [("Мария Орлова", 10)]
    assert [one["group"] for one in document["nps"]["segments"]] == ["опт"]
    assert document["words"]["groups"][0]["quotes"][0]["score"] == 10
    async with database.reading() as reader:
        assert [one.name for one in await people.managers(reader)] == ["Мария Орлова"]


async def test_every_bad_row_is_named_and_none_is_taken(database: Database) -> None:
    content = (
        b"i,s,d\n1,9,2021-03-01\n2,11,2021-03-01\n3,,2021-03-01\n4,7.5,2021-03-01\n"
        b"5,-1,2021-03-01\n6,9,soon\n7,9.0,2021-03-01\n7,9,2021-03-01\n"
    )
    with pytest.raises(Refused) as refused:
        await _bring(database, content, {"score": "s", "date": "d", "id": "i"})
    said = str(refused.value)
    for line in ("line 3:", "line 4:", "line 5:", "line 6:", "line 7:", "lines 8–9:"):
        assert line in said
    assert "line 2:" not in said


COUNTED = ("added", "changed", "unchanged", "refused")


async def test_every_row_is_counted_once_under_what_became_of_it(database: Database) -> None:
    async with database.transaction() as tx:
        for number in ("M1", "M2"):
            await people_import.apply(tx, [PersonRow("manager", number, "Мария Орлова")], NOW)
    columns = {"score": "s", "date": "d", "id": "i", "manager": "m"}
    await _bring(database, b"i,s,d,m\n1,9,2021-03-01,\n2,9,2021-03-01,\n", columns)
    content = (
        "i,s,d,m\n1,9,2021-03-01,\n2,3,2021-03-01,\n3,8,2021-03-02,Пётр\n"
        "4,8,2021-03-02,Мария Орлова\n5,8,2031-03-02,\n6,8,2021-03-03,\n"
    ).encode()
    with pytest.raises(Refused) as refused:
        await _bring(database, content, columns)
    said = str(refused.value)
    for line in ("line 3: answers with this id", "line 5: several managers", "line 6: 2031"):
        assert line in said
    skipping = columns | {"skip_refused": True}
    would = await _bring(database, content, skipping, check=True)
    done = await _bring(database, content, skipping)
    assert would == done
    assert {name: done[name] for name in COUNTED} == {
        "added": 2,
        "changed": 0,
        "unchanged": 1,
        "refused": 3,
    }
    assert done["rows"] == sum(done[name] for name in COUNTED)
    assert [said.split(":")[0] for said in done["problems"]] == ["line 3", "line 5", "line 6"]
    again = await _bring(database, content, skipping)
    assert (again["added"], again["unchanged"], again["refused"]) == (0, 3, 3)


async def test_days_are_those_of_the_companys_calendar(database: Database) -> None:
    content = b"day,s\n2026-09-01 00:00:00,9\n2026-08-31 21:30 UTC,9\n2026-09-06 23:59:59,8\n"
    result = await _bring(database, content, {"score": "s", "date": "day"})
    assert (result["first"], result["last"]) == ("2026-09-01", "2026-09-06")


async def test_an_answer_of_today_is_not_of_the_future_before_noon(
    database: Database, url: str
) -> None:
    early = datetime(2026, 9, 7, 5, 0, tzinfo=UTC)
    plan = plan_from({}, None)
    rows = read_history(b"date,score\n2026-09-07,9\n", plan).as_json()
    into = {"survey": "nps", "question": None, "scale": (0, 10)}
    assert (await import_history(database, early, **rows, into=into))["added"] == 1
    assert (await import_history(database, NOW, **rows, into=into))["unchanged"] == 1
    assert (await _digest(url, "2026-09"))["nps"]["n"] == 1


async def test_the_future_is_no_past(database: Database) -> None:
    with pytest.raises(Refused, match="line 2: 2027-01-01 lies in the future"):
        await _bring(database, b"s,d\n9,2027-01-01\n", {"score": "s", "date": "d"})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"survey": "nothing"}, "no survey «nothing»"),
        ({"survey": "manager_self_assessment"}, "not a survey of customers"),
        ({"question": "why"}, "Its scores: recommend"),
        ({"scale": "0-5"}, "0-10"),
        ({"scale": "many"}, "write 0-10"),
        ({"survey": "service_quality"}, "1-5"),
        ({"date": "day"}, "no column day"),
        ({"date_format": ["soon"]}, "D/M/YY"),
    ],
)
async def test_what_does_not_fit_is_said(
    database: Database, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        await _bring(database, b"s,d\n3,2021-01-01\n", {"score": "s", "date": "d"} | options)


async def test_another_survey_takes_its_own_scale(database: Database) -> None:
    columns = {"score": "s", "date": "d", "survey": "service_quality", "scale": "1-5"}
    content = b"s,d\n" + b"".join(b"%d,2021-01-%02d\n" % (3 + n % 3, n + 1) for n in range(12))
    question = next(
        one.key for one in catalog()["service_quality"].questions if one.kind == "scale"
    )
    result = await _bring(database, content, columns)
    assert (result["added"], result["question"]) == (12, question)


def test_a_map_says_what_the_options_say_and_the_options_win() -> None:
    text = "score: rating\ndate: day\ndate_format: [D/M/YY, DD/MM/YYYY]\nscale: 0-10\n"
    plan = plan_from({"date": "when"}, text)
    assert plan.columns == {"score": "rating", "date": "when"}
    assert plan.date_formats == ("D/M/YY", "DD/MM/YYYY")
    for wrong in ("rating: score\n", "- score\n", "score: {a: b}\n", "score: [\n"):
        with pytest.raises(Refused):
            plan_from({"score": "s", "date": "d"}, wrong)


def test_the_command_reads_what_is_plain_and_refuses_what_is_not(tmp_path: Path) -> None:
    rows = _bank(60)
    (tmp_path / "bank.csv").write_bytes(_file(rows))
    unclear = [{key: row[key] for key in ("survey_date", "rating")} for row in rows]
    (tmp_path / "unclear.csv").write_bytes(_file(unclear))
    (tmp_path / "map.yaml").write_text("score: rating\ndate: survey_date\nid: id\n")
    named = ("--score", "rating", "--date", "survey_date")
    refused = otklik(tmp_path, "import", "history", "unclear.csv", *named)
    assert refused.returncode == 2
    assert "--date-format D/M/YY" in refused.stderr
    assert "Traceback" not in refused.stderr
    done = otklik(tmp_path, "import", "history", "bank.csv", "--map", "map.yaml")
    assert "Rows in the file: 60 = new 60 + changed 0 + unchanged 0" in done.stdout, done.stderr
    stated = ("--date-format", "D/M/YY", "--again", "--check", "--json")
    checked = otklik(tmp_path, "import", "history", "unclear.csv", *named, *stated)
    assert '"because": "stated"' in checked.stdout, checked.stderr


def test_the_command_says_how_it_read_a_file_and_what_became_of_each_row(tmp_path: Path) -> None:
    content = MADE["typeform"].content + b"bad,N/A,,,completed,,,2023-01-23 22:27:59,,,\n"
    (tmp_path / "answers.csv").write_bytes(content)
    asked = ("import", "history", "answers.csv", "--skip-refused")
    shown = otklik(tmp_path, *asked, "--check", language="ru")
    for line in (
        "Это выгрузка Typeform.",
        "«Phone», «Other»",
        "  строка 2: 24 января 2023, 01:27 · 9",
        "Это проверка: ничего не записано.",
        "Строк в файле: 4 = новых 2 + изменённых 0 + без изменений 0 + не принято 1 + не взято 1.",
        "  строка 5: нет оценки",
        "  строка 3: ответ не закончен",
    ):
        assert line in shown.stdout, shown.stderr
    done = json.loads(otklik(tmp_path, *asked, "--json").stdout)
    assert done["rows"] == sum(done[name] for name in (*COUNTED, "left_out")) == 4
    assert (done["export_of"], done["columns_left_out"][:1]) == ("Typeform", ["Phone"])
    assert done["first_as_read"][0] == {
        "line": 2,
        "date": "2023-01-24T01:27:59+03:00",
        "score": 9,
    }


def test_a_check_makes_no_database(tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_bytes(_file(_bank(60)))
    (tmp_path / "people.csv").write_text("id,name,phone\n7,Anna,+79120000001\n")
    named = ("--score", "rating", "--date", "survey_date", "--date-format", "D/M/Y")
    for command in (("history", "bank.csv", *named), ("people", "people.csv")):
        done = otklik(tmp_path, "import", *command, "--check")
        assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank.csv", "people.csv"]


async def test_a_column_of_ones_own_breaks_the_digest_down(database: Database, url: str) -> None:
    rows = [row | {"Город": ("Пермь", "Уфа", "")[row["id"] % 3]} for row in _bank()]
    columns = BANK | {"attribute": ["город"]}
    await _bring(database, _file(rows), columns)
    assert (await _bring(database, _file(rows), columns))["unchanged"] == 600
    shown = await company(database, NOW, break_down_by=["Город"])
    assert shown["attributes"] == {"Город": 2}
    [found] = (await _digest(url, "2021"))["breakdowns"]
    groups = {(one["kind"], one["group"]): one for one in found["groups"]}
    assert list(groups) == [("value", "Пермь"), ("value", "Уфа"), ("unstated", "")]
    for (_, city), group in groups.items():
        n, value = _nps([row for row in rows if row["Город"] == city])
        assert (group["n"], group["score"]["value"]) == (n, pytest.approx(value))


def test_columns_of_ones_own_are_named_in_a_map_too() -> None:
    plan = plan_from({"score": "s", "date": "d"}, "attribute: [город, статус]")
    assert plan.attributes == ("город", "статус")
    assert plan_from({"score": "s", "date": "d"}, "attribute: город").attributes == ("город",)
    with pytest.raises(Refused, match="страна"):
        read_history(_file(_bank(2)), plan_from(BANK | {"attribute": ["страна"]}, None))
