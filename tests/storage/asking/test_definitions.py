from contextlib import suppress

import pytest
from sqlalchemy import func, select

from storage.asking import definitions
from storage.database import open_reading
from storage.errors import NotFound
from storage.tables.surveys import question_measures, questions
from surveys.survey.definition import Survey
from tests.storage.world import DAY, NOW, World


def _changed(survey: Survey, minutes: int) -> Survey:
    return survey.model_copy(update={"minutes": minutes})


async def test_a_version_is_kept_once(world: World) -> None:
    async with world.database.transaction() as tx:
        again = await definitions.save(tx, world.surveys["nps"], NOW + DAY)
        assert again == world.definitions["nps"]
        of_nps = questions.c.definition_id == again
        assert await tx.scalar(select(func.count()).where(of_nps)) == 2


async def test_a_changed_survey_is_a_new_version_and_the_latest(world: World) -> None:
    changed = _changed(Survey.model_validate(world.surveys["nps"].model_dump(by_alias=True)), 3)
    async with world.database.transaction() as tx:
        new = await definitions.save(tx, changed, NOW + DAY)
        assert new != world.definitions["nps"]
        latest = await definitions.latest(tx, "nps")
        assert latest is not None
        assert (latest.id, latest.survey.minutes) == (new, 3)
        await definitions.save(tx, world.surveys["nps"], NOW + 2 * DAY)
        latest = await definitions.latest(tx, "nps")
        assert latest is not None
        assert latest.id == world.definitions["nps"]
        keys = [stored.key for stored in await definitions.all_latest(tx)]
    assert keys == sorted(world.surveys)


async def test_a_survey_comes_back_as_it_was(world: World, url: str) -> None:
    async with open_reading(url) as database, database.reading() as reader:
        for key, survey in world.surveys.items():
            stored = await definitions.get(reader, world.definitions[key])
            assert stored.survey == survey
            assert (stored.key, stored.version) == (key, survey.version)
            assert await definitions.get(reader, stored.id) is stored


async def test_an_unknown_number_is_refused(world: World) -> None:
    async with world.database.reading() as reader:
        with pytest.raises(NotFound):
            await definitions.get(reader, 404)
        assert await definitions.latest(reader, "none") is None


async def test_questions_carry_bounds_and_measures_for_sql(world: World) -> None:
    async with world.database.reading() as reader:
        row = await reader.first(
            select(questions).where(
                questions.c.definition_id == world.definitions["service_quality"],
                questions.c.key == "speed",
            )
        )
        assert row is not None
        assert (row["low"], row["high"], row["mirror"], row["kind"]) == (1, 5, "speed", "scale")
        measures = await reader.scalars(
            select(question_measures.c.measure)
            .join(questions, questions.c.id == question_measures.c.question_id)
            .where(
                questions.c.definition_id == world.definitions["loyalty"],
                questions.c.key == "recommend",
            )
        )
    assert sorted(measures) == ["loyalty_index", "nps"]


async def test_a_version_that_was_rolled_back_is_not_remembered(world: World) -> None:
    """Its number may be given to another survey; what was read of it must not stay."""
    changed = _changed(Survey.model_validate(world.surveys["nps"].model_dump(by_alias=True)), 7)
    other = _changed(Survey.model_validate(world.surveys["nps"].model_dump(by_alias=True)), 9)
    number = 0
    with suppress(ZeroDivisionError):
        async with world.database.transaction() as tx:
            number = await definitions.save(tx, changed, NOW)
            assert (await definitions.get(tx, number)).survey.minutes == 7
            raise ZeroDivisionError
    async with world.database.transaction() as tx:
        saved = await definitions.save(tx, other, NOW)
        assert (await definitions.get(tx, saved)).survey.minutes == 9
    assert number
