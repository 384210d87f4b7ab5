"""A company that asks only after events has a digest that says something."""

import json
from datetime import timedelta

from bot.operations.reports import digest
from storage.sending import digests
from surveys.reports.digest import Digest
from tests.bot.world import ADMIN, ANNA, BORIS, START, World

LATER = START + timedelta(days=1)


async def _answer(world: World, telegram_id: int, effort: str, result: str, words: str) -> None:
    await world.tap(telegram_id, effort)
    await world.tap(telegram_id, result)
    await world.say(telegram_id, words)


async def _after_requests(world: World) -> None:
    await world.arrive("C1", "C2")
    await world.launch("service_request")
    await _answer(world, ANNA, "6", "5", "Перезвонили за пять минут")
    await _answer(world, BORIS, "3", "2", "Дважды просили номер договора")


async def _document(world: World) -> tuple[Digest, str, str]:
    made = await digest.make(world.settings.database_url, "2026-09", "ru", LATER)
    return made.document, made.html(), made.text()


async def test_a_company_that_asks_only_after_events_has_a_digest_that_says_something(
    world: World,
) -> None:
    async with world.bot():
        await _after_requests(world)
    document, page, text = await _document(world)
    assert not document.empty
    assert document.headline.measure is None
    assert document.nps is None
    assert document.events is not None
    found = {row.key: row.current for row in document.events.measures}
    assert list(found) == ["csat", "ces"]
    ease, satisfied = found["ces"], found["csat"]
    assert ease is not None
    assert ease.n == 2
    assert abs(ease.value - 4.5) < 1e-9, "the mean on its own scale, 1 to 7"
    assert satisfied is not None
    assert satisfied.value == 50
    assert document.events.words.total == 2
    assert document.words.total == 0
    for words in ("После событий", "4,5", "ответа"):
        assert words in page
        assert words in text
    assert "Перезвонили за пять минут" in page
    assert "нет ответов" not in text


async def test_they_are_never_pooled_with_the_others(world: World) -> None:
    async with world.bot():
        await _after_requests(world)
        await world.pass_time(days=31)
        await world.launch("service_quality")
        for _ in range(6):
            await world.tap(ANNA, "1")
        await world.tap(ANNA, "Пропустить")
    made = await digest.make(
        world.settings.database_url, "2026-10", "ru", LATER + timedelta(days=40)
    )
    assert made.document.events is None
    earlier, _, _ = await _document(world)
    assert [row.key for row in earlier.scorecard.criteria if row.current] == []


async def test_a_kept_digest_has_no_words_of_theirs_either(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await _after_requests(world)
        await world.tap(ADMIN, "Дайджест сейчас")
        await world.tap(ADMIN, "сентябрь 2026")
        async with world.database() as database, database.reading() as reader:
            kept = await digests.kept(reader, "2026-09")
    assert kept is not None
    assert json.loads(kept)["events"]["measures"]
    assert "Перезвонили" not in kept
