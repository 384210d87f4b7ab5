"""Each start stores the surveys that came with a new version of the program, and those alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.operations import surveys
from bot.operations.surveys import save_catalog
from storage.asking import definitions
from storage.database import open_database
from surveys.survey.catalog import catalog, source
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey
from tests.bot.world import START
from tests.engines import database_in, on_both
from tests.storage.heard import Heard, hearing

pytestmark = on_both
DAY = timedelta(days=1)


async def test_a_start_with_nothing_new_asks_one_question(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database:
        await save_catalog(database, START)
        asked: list[Heard] = []
        with hearing(asked.append):
            await save_catalog(database, START + DAY)
        of_surveys = [one.sql for one in asked if "definitions" in one.sql]
        assert len(of_surveys) == 1, f"it was one a survey: {of_surveys}"
        async with database.reading() as reader:
            assert [one.key for one in await definitions.every(reader)] == sorted(catalog())
            first = await definitions.get(reader, 1)
            assert await definitions.published_at(reader, first.id) == START


async def test_a_survey_that_changed_is_stored_and_the_companys_own_stays_the_latest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, own = _reworded("nps"), _reworded("loyalty")
    with_changed = {**catalog(), "nps": changed}
    async with open_database(database_in(tmp_path)) as database:
        await save_catalog(database, START)
        async with database.transaction() as tx:
            await definitions.save(tx, own, START + DAY)
        monkeypatch.setattr(surveys, "catalog", lambda: with_changed)
        await save_catalog(database, START + 2 * DAY)
        async with database.reading() as reader:
            newest = {one.key: one.version for one in await definitions.all_latest(reader)}
            assert len(await definitions.every(reader)) == len(catalog()) + 2
    assert newest == {one.key: one.version for one in {**with_changed, "loyalty": own}.values()}


def _reworded(key: str) -> Survey:
    return parse_survey(source(key).replace(catalog()[key].title.en, "Reworded"))
