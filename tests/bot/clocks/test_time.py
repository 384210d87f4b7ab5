"""A clock that jumps, and a survey that changes under the people who answer it."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from bot.cli.upkeep.doctor import copies
from bot.operations.copies.backups import shelf_of
from bot.operations.upkeep import slots
from storage.asking import campaigns
from storage.people import people
from storage.people.addresses import of_telegram
from storage.sending import errands, schedules
from storage.sending.schedules import ScheduleRule
from tests.bot.chat.test_conversation import _answers
from tests.bot.delivery.faults import appoint, delivered
from tests.bot.world import ADMIN, ANNA, BORIS, PATIENCE, START, World
from tests.engines import on_both

MONTHLY = "survey: nps\nwhen: {repeat: monthly, at: '12:00'}\n"
CATALOG = Path(__file__).parents[3] / "surveys" / "catalog"
NEW_QUESTION = """questions:
  - key: yourself
    kind: text
    text: {ru: Сначала расскажите о себе, en: First tell us about yourself}
"""


def _edited() -> str:
    """Return the survey with another question before the first, and that one reworded."""
    text = (CATALOG / "nps.yaml").read_text(encoding="utf-8")
    edited = text.replace("questions:\n", NEW_QUESTION).replace("порекомендуете", "посоветуете")
    assert edited != text
    return edited


async def _sent(world: World) -> int:
    await world.settle()
    return len(delivered(world))


@on_both
async def test_a_clock_that_goes_back_and_forth_repeats_nothing(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.operate("start_campaign", text=MONTHLY)
        await world.pass_time(days=25)
        before = await _sent(world)
        for moment in (START, START + timedelta(days=25), START - timedelta(days=400)):
            await world.sandbox.clock.set(moment)
            await world.settle()
        await world.sandbox.clock.set(START + timedelta(days=25))
        assert await _sent(world) == before
        await world.tap(ANNA, "9")
    async with world.bot():
        assert await _answers(world, ANNA) == {"recommend": "9"}
        assert await _sent(world) == before


async def test_a_jump_over_the_end_of_a_survey_closes_it_and_asks_nobody_late(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        before = len(delivered(world))
    await world.sandbox.clock.advance(timedelta(days=60))
    async with world.bot():
        await world.settle()
        assert len(delivered(world)) == before, "a reminder of a survey that is over"
        assert not world.screen(BORIS).buttons


@on_both
async def test_a_survey_edited_meanwhile_is_answered_as_it_was_asked(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        await world.operate("save_survey", text=_edited())
        assert "2 из 2" in (await world.tap(BORIS, "2")).text
        await world.say(ANNA, "Быстро")
    async with world.bot():
        await world.say(BORIS, "Долго")
        again = await world.tap(ANNA, "Изменить ответы")
        assert "порекомендуете" in again.text, "the answers belong to the first version"
    assert await _answers(world, ANNA) == {"recommend": "9", "why": '"Быстро"'}
    assert await _answers(world, BORIS) == {"recommend": "2", "why": '"Долго"'}


async def _planned(world: World) -> list[datetime]:
    """Return the next slots of the daily copy, of the campaign and of the digests."""
    async with world.database() as database, database.reading() as reader:
        slot = await reader.scalar(campaigns.FIRST_DUE)
        late = await schedules.planned_after(reader, START - timedelta(days=1))
    return [one.next_due_at for one in late] + [slot for slot in [slot] if slot is not None]


@on_both
async def test_a_year_ahead_and_back_no_schedule_sleeps_for_a_year(world: World) -> None:
    world.settings = world.settings.model_copy(update={"backups_hour": 4})
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.operate("start_campaign", text=MONTHLY)
        before = await _planned(world)
        await world.pass_time(days=365)
        assert await _planned(world) > before
        async with asyncio.timeout(PATIENCE):
            while await _planned(world) != before:  # while a copy ends, nobody may look at it
                await world.sandbox.clock.set(START)
                await asyncio.sleep(0.01)
        copies = len(shelf_of(world.settings).copies())
        await world.pass_time(days=1)
        assert len(shelf_of(world.settings).copies()) == copies + 1


async def test_what_a_clock_ahead_has_planned_is_planned_anew(world: World) -> None:
    await appoint(world)
    wrong = START + timedelta(days=365)
    await world.sandbox.clock.set(wrong)
    await world.operate("start_campaign", text=MONTHLY)
    async with world.writing() as database, database.transaction() as tx:
        admin = await people.by_address(tx, of_telegram(ADMIN))
        assert admin is not None
        daily = ScheduleRule("daily", 4, "Europe/Moscow")
        before = wrong - timedelta(days=7)
        weekly = ScheduleRule("weekly", 9, "Europe/Moscow")
        await schedules.plan(tx, "digest", admin.id, weekly, weekly.next(before), before)
        await schedules.claim_due(tx, wrong)
        assert len(await errands.of_kind(tx, "digest")) == 1
        await schedules.plan(tx, "backup", None, daily, wrong, wrong, by_slot=False)
    async with world.database() as database, database.reading() as reader:
        late = await slots.too_late(reader, START)
        (said,) = copies.slots(late)
        assert (said.level, late.count()) == ("look", 3)
    async with world.writing() as database, database.transaction() as tx:
        assert await slots.bring_back(tx, START) == 3
        assert await slots.bring_back(tx, START) == 0
        assert not await errands.of_kind(tx, "digest"), "it is made when its week is over"
    planned = await _planned(world)
    assert len(planned) == 3
    assert all(START < one < START + timedelta(days=31) for one in planned)
