"""What the period before asked in other words, or on another scale, is another series."""

from datetime import datetime, timedelta

from storage.answering import past
from storage.answering.past import PastAnswer
from storage.asking import campaigns
from storage.counting import figures
from storage.database import Database
from surveys.counts.figures import DigestFigures
from surveys.periods import months_until, parse_period
from surveys.survey.catalog import source
from surveys.survey.loading import parse_survey
from tests.storage.world import NOW, World

ZONE = "Europe/Moscow"
AUGUST, SEPTEMBER = NOW - timedelta(days=30), NOW
ASKED = "Насколько вероятно, что Вы порекомендуете компанию «{company}» друзьям или коллегам?"
OTHER = "Посоветуете ли Вы компанию «{company}» знакомым?"


async def _answered(world: World, key: str, question: str, points: int, at: datetime) -> None:
    """Let a customer answer one question of the version that was published last."""
    async with world.database.transaction() as tx:
        wave = await campaigns.get_wave(tx, await world.wave(tx, key, at))
        given = {world.customers[0]: [PastAnswer(question, str(points), float(points), at)]}
        await past.record(tx, wave, world.definitions[key], "campaign", given)


async def _figures(world: World) -> DigestFigures:
    now, before = parse_period("2026-09", ZONE), parse_period("2026-08", ZONE)
    months = months_until(now, ZONE, 3)
    async with world.database.reading() as reader:
        return await figures.digest_figures(reader, now, before, months, ZONE, "ru")


async def test_another_wording_is_another_series_and_its_months_are_named(
    database: Database,
) -> None:
    world = await World.build(database)
    await _answered(world, "nps", "recommend", 9, AUGUST)
    await world.publish(parse_survey(source("nps").replace(ASKED, OTHER, 1)))
    await _answered(world, "nps", "recommend", 3, SEPTEMBER)
    found = await _figures(world)
    assert found.other_words == {"nps"}
    assert found.other_months == {"2026-08"}


async def test_thanks_and_a_wording_that_is_declared_the_same_begin_no_series(
    database: Database,
) -> None:
    world = await World.build(database)
    await _answered(world, "nps", "recommend", 9, AUGUST)
    text = source("nps").replace("minutes: 1", "minutes: 2")
    earlier = f"    same_as:\n      - ru: {ASKED}\n        en: Would you recommend us?\n"
    assert text.count("    same_as:\n") == 1
    same = text.replace(ASKED, OTHER, 1).replace("    same_as:\n", earlier)
    same = same.replace("en: Would you recommend us?", "en: " + _english(text))
    for other in (text, same):
        await world.publish(parse_survey(other))
        await _answered(world, "nps", "recommend", 3, SEPTEMBER)
        found = await _figures(world)
        assert (found.other_words, found.other_months) == (frozenset(), frozenset())


def _english(text: str) -> str:
    return parse_survey(text).question("recommend").text.en


async def test_another_scale_is_another_series(database: Database) -> None:
    world = await World.build(database)
    await _answered(world, "service_quality", "speed", 5, AUGUST)
    speed = "    mirror: speed\n"
    await world.publish(parse_survey(source("service_quality").replace(speed, "    high: 10\n", 1)))
    await _answered(world, "service_quality", "speed", 5, SEPTEMBER)
    assert (await _figures(world)).other_words == {"service_quality"}
