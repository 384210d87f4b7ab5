"""Of a customer's answers on one day, the file says which is the latest."""

from typing import Any

import pytest

from bot.errors import Refused
from storage.database import Database
from storage.people import people
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from tests.bot.history.imported import (
    BANK,
    DAY,
    NOW,
    ORDER,
    bank,
    bring,
    digest_of,
    file_of,
    same_day,
)


@pytest.mark.parametrize("columns", [ORDER, {**ORDER, "id": "n"}], ids=["by content", "by id"])
async def test_of_one_day_the_later_line_is_the_later_answer(
    database: Database, url: str, columns: dict[str, Any]
) -> None:
    rows = same_day(0, 10)
    await bring(database, file_of(rows), columns)
    await bring(database, file_of(rows), columns)
    assert (await digest_of(url, "2021-03"))["nps"]["score"]["value"] == 100
    longer = [*rows, *same_day(0, first_id=400)[100:]]
    assert (await bring(database, file_of(longer), columns))["added"] == 100
    assert (await digest_of(url, "2021-03"))["nps"]["score"]["value"] == 0


@pytest.mark.parametrize("columns", [ORDER, {**ORDER, "id": "n"}], ids=["by content", "by id"])
async def test_where_the_dates_of_a_file_go_down_the_higher_line_is_the_later_answer(
    database: Database, url: str, columns: dict[str, Any]
) -> None:
    older = same_day(0, day="2021-02-01", first_id=1000)
    rows = [*same_day(10, 0), *older]
    await bring(database, file_of(rows), columns)
    assert (await digest_of(url, "2021-03"))["nps"]["score"]["value"] == 100
    longer = [*same_day(0, first_id=2000)[100:], *rows]
    assert (await bring(database, file_of(longer), columns))["added"] == 100
    assert (await digest_of(url, "2021-03"))["nps"]["score"]["value"] == 0


@pytest.mark.parametrize("columns", [ORDER, {**ORDER, "id": "n"}], ids=["by content", "by id"])
async def test_of_two_files_the_one_brought_in_later_is_later(
    database: Database, url: str, columns: dict[str, Any]
) -> None:
    first, second = same_day(0), same_day(10, first_id=500)[::-1]
    await bring(database, file_of(first), columns)
    await bring(database, file_of(second), columns)
    await bring(database, file_of(first), columns)
    assert (await digest_of(url, "2021-03"))["nps"]["score"]["value"] == 100


async def test_a_time_goes_before_the_place_in_the_file(database: Database, url: str) -> None:
    evening = [row | {"d": f"{DAY} 20:00"} for row in same_day(10)]
    morning = [row | {"d": f"{DAY} 8:00"} for row in same_day(0)]
    earlier = same_day(5, day="2021-02-01")
    await bring(database, file_of([*earlier, *evening, *morning]), ORDER)
    assert (await digest_of(url, "2021-03"))["nps"]["score"]["value"] == 100


async def test_equal_rows_are_as_many_answers(database: Database, url: str) -> None:
    content = b"s;d\n10;2021-03-01\n10;2021-03-01\n10;2021-03-01\n"
    columns = {"score": "s", "date": "d"}
    assert (await bring(database, content, columns))["added"] == 3
    assert (await bring(database, content, columns))["unchanged"] == 3
    assert (await digest_of(url, "2021-03"))["nps"]["n"] == 3


async def test_an_id_that_says_something_else_is_refused(database: Database) -> None:
    columns = {"score": "s", "date": "d", "id": "i"}
    await bring(database, b"i,s,d\n1,9,2021-03-01\n", columns)
    with pytest.raises(Refused, match=r"line 3: .*before"):
        await bring(database, b"i,s,d\n2,9,2021-03-01\n1,8,2021-03-01\n", columns)
    assert (await bring(database, b"i,s,d\n2,9,2021-03-01\n", columns))["added"] == 1


async def test_check_says_the_same_and_writes_nothing(database: Database) -> None:
    content = file_of(bank(30))
    would = await bring(database, content, BANK, check=True)
    assert await bring(database, content, BANK, check=True) == would
    assert await bring(database, content, BANK) == would


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
    result = await bring(database, file_of(rows, "\t", "cp1251"), columns)
    assert (result["customers"], result["new_managers"]) == (10, ["Пётр"])
    document = await digest_of(url, "2021-03")
    assert [(one["name"], one["n"]) for one in document["managers"]] == [("Мария Орлова", 10)]
    assert [one["group"] for one in document["nps"]["segments"]] == ["опт"]
    assert document["words"]["groups"][0]["quotes"][0]["score"] == 10
    async with database.reading() as reader:
        assert [one.name for one in await people.managers(reader)] == ["Мария Орлова"]
