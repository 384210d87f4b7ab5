"""A clock that jumps, and a survey that changes under the people who answer it."""

from datetime import timedelta
from pathlib import Path

from tests.bot.chat.test_conversation import _answers
from tests.bot.delivery.faults import delivered
from tests.bot.world import ANNA, BORIS, START, World

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
