"""Rows and files of past answers that are refused, and what is said of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import Refused
from bot.operations.history.answers import read_history
from bot.operations.history.importing import import_history
from bot.operations.history.plan import plan_from
from storage.database import Database
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from tests.bot.history.imported import COUNTED, NOW, bring, digest_of


async def test_every_bad_row_is_named_and_none_is_taken(database: Database) -> None:
    content = (
        b"i,s,d\n1,9,2021-03-01\n2,11,2021-03-01\n3,,2021-03-01\n4,7.5,2021-03-01\n"
        b"5,-1,2021-03-01\n6,9,soon\n7,9.0,2021-03-01\n7,9,2021-03-01\n"
    )
    with pytest.raises(Refused) as refused:
        await bring(database, content, {"score": "s", "date": "d", "id": "i"})
    said = str(refused.value)
    for line in ("line 3:", "line 4:", "line 5:", "line 6:", "line 7:", "lines 8–9:"):
        assert line in said
    assert "line 2:" not in said


async def test_every_row_is_counted_once_under_what_became_of_it(database: Database) -> None:
    async with database.transaction() as tx:
        for number in ("M1", "M2"):
            await people_import.apply(tx, [PersonRow("manager", number, "Мария Орлова")], NOW)
    columns = {"score": "s", "date": "d", "id": "i", "manager": "m"}
    await bring(database, b"i,s,d,m\n1,9,2021-03-01,\n2,9,2021-03-01,\n", columns)
    content = (
        "i,s,d,m\n1,9,2021-03-01,\n2,3,2021-03-01,\n3,8,2021-03-02,Пётр\n"
        "4,8,2021-03-02,Мария Орлова\n5,8,2031-03-02,\n6,8,2021-03-03,\n"
    ).encode()
    with pytest.raises(Refused) as refused:
        await bring(database, content, columns)
    said = str(refused.value)
    for line in ("line 3: answers with this id", "line 5: several managers", "line 6: 2031"):
        assert line in said
    skipping = columns | {"skip_refused": True}
    would = await bring(database, content, skipping, check=True)
    done = await bring(database, content, skipping)
    assert would == done
    assert {name: done[name] for name in COUNTED} == {
        "added": 2,
        "changed": 0,
        "unchanged": 1,
        "refused": 3,
    }
    assert done["rows"] == sum(done[name] for name in COUNTED)
    assert [said.split(":")[0] for said in done["problems"]] == ["line 3", "line 5", "line 6"]
    again = await bring(database, content, skipping)
    assert (again["added"], again["unchanged"], again["refused"]) == (0, 3, 3)


async def test_days_are_those_of_the_companys_calendar(database: Database) -> None:
    content = b"day,s\n2026-09-01 00:00:00,9\n2026-08-31 21:30 UTC,9\n2026-09-06 23:59:59,8\n"
    result = await bring(database, content, {"score": "s", "date": "day"})
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
    assert (await digest_of(url, "2026-09"))["nps"]["n"] == 1


async def test_the_future_is_no_past(database: Database) -> None:
    with pytest.raises(Refused, match="line 2: 2027-01-01 lies in the future"):
        await bring(database, b"s,d\n9,2027-01-01\n", {"score": "s", "date": "d"})


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
        await bring(database, b"s,d\n3,2021-01-01\n", {"score": "s", "date": "d"} | options)
