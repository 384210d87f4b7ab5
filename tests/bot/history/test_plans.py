"""How a file is to be read: maps, options, the command and the company's own columns."""

import json
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.operations.company import company
from bot.operations.history.answers import read_history
from bot.operations.history.plan import plan_from
from storage.database import Database
from surveys.survey.catalog import catalog
from tests.bot.history.exports import MADE
from tests.bot.history.imported import BANK, COUNTED, NOW, bank, bring, digest_of, file_of, nps_of
from tests.bot.test_operator import otklik


async def test_another_survey_takes_its_own_scale(database: Database) -> None:
    columns = {"score": "s", "date": "d", "survey": "service_quality", "scale": "1-5"}
    content = b"s,d\n" + b"".join(b"%d,2021-01-%02d\n" % (3 + n % 3, n + 1) for n in range(12))
    question = next(
        one.key for one in catalog()["service_quality"].questions if one.kind == "scale"
    )
    result = await bring(database, content, columns)
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
    rows = bank(60)
    (tmp_path / "bank.csv").write_bytes(file_of(rows))
    unclear = [{key: row[key] for key in ("survey_date", "rating")} for row in rows]
    (tmp_path / "unclear.csv").write_bytes(file_of(unclear))
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
    (tmp_path / "bank.csv").write_bytes(file_of(bank(60)))
    (tmp_path / "people.csv").write_text("id,name,phone\n7,Anna,+79120000001\n")
    named = ("--score", "rating", "--date", "survey_date", "--date-format", "D/M/Y")
    for command in (("history", "bank.csv", *named), ("people", "people.csv")):
        done = otklik(tmp_path, "import", *command, "--check")
        assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank.csv", "people.csv"]


async def test_a_column_of_ones_own_breaks_the_digest_down(database: Database, url: str) -> None:
    rows = [row | {"Город": ("Пермь", "Уфа", "")[row["id"] % 3]} for row in bank()]
    columns = BANK | {"attribute": ["город"]}
    await bring(database, file_of(rows), columns)
    assert (await bring(database, file_of(rows), columns))["unchanged"] == 600
    shown = await company(database, NOW, break_down_by=["Город"])
    assert shown["attributes"] == {"Город": 2}
    [found] = (await digest_of(url, "2021"))["breakdowns"]
    groups = {(one["kind"], one["group"]): one for one in found["groups"]}
    assert list(groups) == [("value", "Пермь"), ("value", "Уфа"), ("unstated", "")]
    for (_, city), group in groups.items():
        n, value = nps_of([row for row in rows if row["Город"] == city])
        assert (group["n"], group["score"]["value"]) == (n, pytest.approx(value))


def test_columns_of_ones_own_are_named_in_a_map_too() -> None:
    plan = plan_from({"score": "s", "date": "d"}, "attribute: [город, статус]")
    assert plan.attributes == ("город", "статус")
    assert plan_from({"score": "s", "date": "d"}, "attribute: город").attributes == ("город",)
    with pytest.raises(Refused, match="страна"):
        read_history(file_of(bank(2)), plan_from(BANK | {"attribute": ["страна"]}, None))
