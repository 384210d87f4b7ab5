"""A trial is the customer's own conversation, in what it takes and refuses; nothing is kept."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.says.survey_screens import NOBODY
from bot.says.taps import MenuTap, SurveyTap
from tests.bot.chat.test_anonymous import SURVEY
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, World, small_world
from tests.engines import contents

LOAD, WISH = 0, 1


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path, [SURVEY]) as small:
        yield small


def _answers(world: World) -> int:
    tables = ("answers", "anonymous_answers", "invitations")
    found = contents(world.settings.database_url)
    return sum(len(found[name]) for name in tables)


async def _begin(world: World) -> None:
    await become_admin(world)
    await world.say(ADMIN, "/menu")
    await world.forge(ADMIN, MenuTap("rehearse", ("mood",)).pack())
    assert "Проба" in world.screen(ADMIN).text


async def test_a_trial_refuses_what_the_survey_refuses(world: World) -> None:
    async with world.bot():
        await _begin(world)
        said = await world.forge(ADMIN, SurveyTap("skip", NOBODY, LOAD).pack())
        assert "кнопок" in said, "a mandatory question was passed over"
        assert "Сколько у Вас работы" in world.screen(ADMIN).text
        said = await world.forge(ADMIN, SurveyTap("answer", NOBODY, WISH, "1").pack())
        assert "устарела" in said
        assert "пожалуйста" in (await world.say(ADMIN, "много")).text


async def test_a_trial_goes_to_its_end_and_leaves_nothing(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ADMIN, "5")
        assert "Ваш ответ: 5" in (await world.tap(ADMIN, "‹ Назад")).text
        await world.tap(ADMIN, "4")
        await world.say(ADMIN, "меньше отчётов")
        last = (await world.tap(ADMIN, "Да")).text
        assert "Спасибо!" in last
        assert "Проба окончена" in last
        assert "Что сделаем" in (await world.say(ADMIN, "не ответ на вопрос")).text
    assert _answers(world) == 0
