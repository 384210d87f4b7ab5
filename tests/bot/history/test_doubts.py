"""What may be meant otherwise is not taken: scales that nobody stated, files that were here."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.cli.people.history_words import summary
from bot.errors import Refused
from bot.operations.surveys import save_catalog
from storage.copies.shelf import Shelf
from storage.database import Database, open_database, open_reading
from storage.tables.surveys import answers
from templates.texts import Texts
from tests.bot.history.imported import NOW, ORDER, Rows, bring, file_of
from tests.engines import of_sqlite

LOW = {"score": "s", "date": "d", "customer": "c"}
UNDATED = {"score": "s", "customer": "c"}
SCORES = (0, 5, 7, 9, 10, 10, 8, 6, 9, 10)


def low(highest: int = 5) -> bytes:
    return file_of(
        {"c": f"C{n}", "s": n % highest + 1, "d": f"{n + 1:02}.03.2026"} for n in range(20)
    )


def scored(*, named: bool = True) -> Rows:
    return [{"c": f"C{n}" if named else "", "s": score} for n, score in enumerate(SCORES)]


@pytest.mark.parametrize("check", [True, False])
async def test_scores_of_another_scale_are_refused_unless_it_is_stated(
    database: Database, check: bool
) -> None:
    with pytest.raises(Refused) as refused:
        await bring(database, low(), LOW, check=check)
    said = "\n".join(map(str, refused.value.messages()))
    assert "no score is above 5" in said
    assert "--scale 0-10" in said
    assert "--scale 1-5 --survey service_quality --question csat" in said
    assert (await bring(database, low(), LOW | {"scale": "0-10"}))["added"] == 20
    assert (await bring(database, low(6), LOW | {"customer": "-"}))["added"] == 20


async def test_a_scale_leads_to_the_questions_that_have_it(database: Database) -> None:
    with pytest.raises(Refused) as refused:
        await bring(database, low(), LOW | {"scale": "1-5"})
    (named,) = (one for one in map(str, refused.value.messages()) if "--question csat" in one)
    words = named.replace("--", "").split()
    options = dict(zip(words[::2], words[1::2], strict=True))
    assert (await bring(database, low(), LOW | options))["added"] == 20
    with pytest.raises(Refused, match="No survey here asks on such a scale"):
        await bring(database, low(), LOW | {"scale": "1-6"})


async def test_a_file_without_dates_is_not_taken_again_on_another_day(database: Database) -> None:
    content = file_of(scored())
    await bring(database, content, UNDATED | {"on": "2026-03-01"})
    for columns in (UNDATED, {"score": "s"}):
        for check in (True, False):
            with pytest.raises(Refused, match=r"10 of 10 .* 2026-03-01"):
                await bring(database, content, columns | {"on": "2026-04-01"}, check=check)
    assert (await bring(database, content, UNDATED | {"on": "2026-03-01"}))["unchanged"] == 10
    again = await bring(database, content, UNDATED | {"on": "2026-04-01"}, again=True)
    assert again["added"] == 10


async def test_other_scores_of_another_day_are_taken(database: Database) -> None:
    nameless = {"score": "s"}
    await bring(database, file_of(scored(named=False)), nameless | {"on": "2026-03-01"})
    some = file_of(scored(named=False)[:6])
    assert (await bring(database, some, nameless | {"on": "2026-04-01"}))["added"] == 6


TIMES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("{:02}.03.2026 10:15", {}, {"utc": True}),
    ("{:02}.03.2026 10:15", {"utc": True}, {}),
    ("{}/3/2026", {"date_format": ["D/M/YYYY"]}, {"date_format": ["M/D/YYYY"]}),
]


@pytest.mark.parametrize(("form", "first", "then"), TIMES, ids=["utc", "zone", "order"])
async def test_a_file_whose_dates_are_read_otherwise_is_not_taken_again(
    database: Database, form: str, first: dict[str, Any], then: dict[str, Any]
) -> None:
    numbered = enumerate(scored(), 1)
    content = file_of({**row, "d": form.format(min(n, 8))} for n, row in numbered)
    await bring(database, content, LOW | first)
    with pytest.raises(Refused, match="--again"):
        await bring(database, content, LOW | then)
    again = await bring(database, content, LOW | then, again=True)
    assert again["added"] + again["unchanged"] == 10  # 3 March is that either way


async def test_known_and_new_customers_are_told_apart_and_both_counts_are_said(
    database: Database,
) -> None:
    first = [{"c": f"C{n}", "s": 9, "d": "2026-03-01"} for n in range(4)]
    await bring(database, file_of(first), ORDER)
    rows = [{"c": f"C{n % 6}", "s": 10, "d": "2026-04-01"} for n in range(9)]
    result = await bring(database, file_of(rows), ORDER, check=True)
    said = "\n".join(summary(Texts("en"), _whole(result), check=True))
    assert "Customers known here: 4, new: 2." in said
    assert "6 answers, not 9" in said
    assert "same day without a time: 6. Of these the lower line is the later one" in said
    newest = [*rows, {"c": "C9", "s": 1, "d": "2026-03-02"}]
    result = await bring(database, file_of(newest), ORDER, check=True)
    assert "the higher line is the later one" in "\n".join(
        summary(Texts("en"), _whole(result), check=True)
    )


def _whole(result: dict[str, Any]) -> dict[str, Any]:
    return {**result, "left_out": 0, "left_out_rows": []}


async def test_a_company_that_nobody_set_up_is_said_to_be_taken_for_granted(
    database: Database,
) -> None:
    result = await bring(database, file_of([{"c": "C1", "s": 9, "d": "2026-03-01"}]), ORDER)
    assert "Russian" in result["settings"]
    assert "Europe/Moscow" in result["settings"]


@of_sqlite("a server's copies are its operator's")
async def test_before_answers_are_taken_the_database_is_copied(url: str) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    shelf = Shelf(path, path.parent / "backups")
    row = {"c": "C1", "s": 9, "d": "2026-03-01"}
    async with open_database(url, shelf) as database:
        await save_catalog(database, NOW)
        assert (await bring(database, file_of([row]), ORDER, check=True))["copy"] is None
        taken = await bring(database, file_of([row]), ORDER)
        assert (await bring(database, file_of([row]), ORDER))["copy"] is None
    (copy,) = shelf.copies()
    assert (str(copy.path), copy.kind) == (taken["copy"], "import")
    async with open_reading(f"sqlite:///{copy.path}") as before, before.reading() as reader:
        assert await reader.scalar(select(func.count()).select_from(answers)) == 0


async def test_where_every_row_is_refused_nothing_is_done(database: Database) -> None:
    rows = [{"c": "C1", "s": 9, "d": "2030-03-01"}]
    for check in (True, False):
        with pytest.raises(Refused, match="line 2") as refused:
            await bring(database, file_of(rows), ORDER | {"skip_refused": True}, check=check)
        assert "--skip-refused" not in str(refused.value)
    with pytest.raises(Refused, match="line 2"):
        await bring(database, b"c,s,d\nC1,eleven,2026-03-01\n", ORDER | {"skip_refused": True})
