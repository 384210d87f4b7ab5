"""Past answers: none lost, none twice, none written to, and figures that anyone can recompute."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import Refused
from bot.operations import surveys
from bot.operations.reports import digest as digest_document
from storage import work
from storage.asking import campaigns, definitions, prospects, waves
from storage.asking.campaigns import CampaignDraft
from storage.counting.comparisons import comparing
from storage.database import Database, open_database
from storage.people import people
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.tables.surveys import invitations
from storage.tables.surveys import waves as wave_rows
from surveys.survey.catalog import catalog
from tests.bot.history.imported import BANK, NOW, bank, bring, digest_of, file_of, nps_of
from tests.engines import database_in
from tests.scoring.reports.documents import opened


async def test_a_digest_of_imported_answers_is_what_the_file_says(
    database: Database, url: str
) -> None:
    rows = bank()
    result = await bring(database, file_of(rows), BANK)
    assert (result["rows"], result["added"], result["customers"]) == (600, 600, 600)
    in_last = [row for row in rows if row["quarter"] == 4]
    for period, meant in (("2021", rows), ("2021-Q4", in_last)):
        found = (await digest_of(url, period))["nps"]
        n, value = nps_of(meant)
        assert (found["n"], found["score"]["value"]) == (n, pytest.approx(value))
        by_market = {group["group"]: group for group in found["segments"]}
        for market in ("US", "UK", "MEX"):
            n, value = nps_of([row for row in meant if row["market"] == market])
            assert by_market[market]["n"] == n
            assert by_market[market]["score"]["value"] == pytest.approx(value)
        for month in found["trend"]:
            n, _ = nps_of([row for row in rows if row["month"] == int(month["key"][-2:])])
            assert month["n"] == n


async def test_past_answers_that_are_compared_were_not_delivered(database: Database) -> None:
    await bring(database, file_of(bank()), BANK)
    async with database.reading() as reader:
        first, second = (await reader.scalars(select(wave_rows.c.id).order_by(wave_rows.c.id)))[:2]
        found = await comparing.of_waves(reader, first, second, "en", datetime.now(UTC))
    for side in (found.before, found.after):
        assert side.delivered == 0
        assert side.answered > 0


async def test_imported_answers_make_no_response_rate(database: Database, url: str) -> None:
    await bring(database, file_of(bank()), BANK)
    document = await digest_of(url, "2021")
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


async def test_of_a_past_answer_it_is_known_when_it_was_given_but_not_when_it_was_begun(
    database: Database,
) -> None:
    await bring(database, file_of(bank(20)), BANK)
    moments = (invitations.c[f"{name}_at"] for name in ("finished", "sent", "opened", "started"))
    async with database.reading() as reader:
        found = await reader.tuples(select(*moments))
    assert all(finished.year == 2021 for finished, *_ in found)
    assert {moment for _, *others in found for moment in others} == {None}


async def test_surveys_of_the_catalog_are_read_only_where_none_are_here(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = b"c,s,d\n7,9,2021-03-01\n"
    columns = {"score": "s", "date": "d", "customer": "c"}
    async with open_database(database_in(tmp_path / "empty")) as empty:
        assert (await bring(empty, answers, columns))["added"] == 1
    monkeypatch.setattr(surveys, "catalog", lambda: pytest.fail("the catalog was read"))
    assert (await bring(database, answers, columns))["added"] == 1


async def test_nobody_known_from_a_file_alone_is_asked_or_listed(database: Database) -> None:
    await bring(database, file_of(bank(20)), BANK)
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
    await bring(database, file_of(bank(20)), BANK)
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
    await bring(database, b"c,s,d\n7,9,2021-03-01\n", columns)
    async with database.transaction() as tx:
        listed = await people_import.apply(tx, [PersonRow("customer", "7", "Vera")], NOW)
        (vera,) = await people.customers(tx)
    assert (listed.added, listed.changed, vera.name) == (0, 1, "Vera")
    await bring(database, b"c,s,d\n7,9,2021-03-01\n7,10,2021-03-02\n", columns)
    async with database.reading() as reader:
        assert [one.id for one in await people.customers(reader)] == [vera.id]
    assert (await digest_of(url, "2021"))["nps"]["distribution"][9:] == [0, 1]


@pytest.mark.parametrize("columns", [BANK, {**BANK, "id": None}], ids=["by id", "by content"])
async def test_a_rerun_changes_nothing_and_a_longer_file_adds_its_rest(
    database: Database, columns: dict[str, Any]
) -> None:
    rows = bank(300)
    assert (await bring(database, file_of(rows[:200]), columns))["added"] == 200
    again = await bring(database, file_of(rows[:200], ";", "cp1251"), columns)
    assert (again["added"], again["unchanged"]) == (0, 200)
    longer = await bring(database, file_of(rows), columns)
    assert (longer["added"], longer["unchanged"]) == (100, 200)


async def test_a_file_read_again_by_other_columns_does_not_count_twice(
    database: Database,
) -> None:
    content = file_of(bank(40))
    bare = {"score": "rating", "date": "survey_date"}
    await bring(database, content, bare)
    for check in (True, False):
        with pytest.raises(Refused, match="40 of 40 new answers stand here already"):
            await bring(database, content, BANK, check=check)
    assert (await bring(database, content, bare))["unchanged"] == 40
    assert (await bring(database, content, BANK, again=True))["added"] == 40


async def test_other_answers_of_the_same_days_are_taken(database: Database) -> None:
    bare = {"score": "rating", "date": "survey_date"}
    await bring(database, file_of(bank(40)), bare)
    others = [{**row, "id": row["id"] + 5000, "rating": 10 - row["rating"]} for row in bank(40)]
    assert (await bring(database, file_of(others), BANK))["added"] == 40
