"""An anonymous survey in the chat: it can be answered, changed and resumed, and nothing links."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.world import MANAGER, PATIENCE, World, small_world

SURVEY = """
key: mood
title: {ru: Настроение, en: Mood}
audience: managers
kind: relationship
anonymous: true
period_days: 30
minutes: 1
sees: {ru: Ответы анонимны., en: Answers are anonymous.}
questions:
  - key: load
    kind: scale
    text: {ru: Сколько у Вас работы, en: How much work you have}
    low_label: {ru: мало, en: little}
    high_label: {ru: много, en: much}
  - key: wish
    kind: text
    optional: true
    text: {ru: Что изменить, en: What should change}
  - key: stay
    kind: yes_no
    text: {ru: Останетесь ли Вы на год, en: Will you stay for a year}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path, [SURVEY]) as small:
        yield small


def _rows(world: World, sql: str) -> list[tuple[object, ...]]:
    path = world.settings.data_directory / "otklik.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


async def test_an_anonymous_survey_is_answered_by_taps_and_words(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        assert "Ответы анонимны" in world.screen(MANAGER).text
        await world.tap(MANAGER, "4")
        await world.tap(MANAGER, "‹ Назад")
        await world.tap(MANAGER, "5")
        await world.say(MANAGER, "Больше тишины")
        thanks = await world.tap(MANAGER, "Да")
        assert "Спасибо" in thanks.text
        assert not thanks.buttons
    assert _rows(world, "SELECT count(*) FROM answers") == [(0,)]
    assert _rows(world, "SELECT value FROM anonymous_answers ORDER BY value") == [
        ('"Больше тишины"',),
        ("5",),
        ("true",),
    ]
    assert _rows(world, "SELECT state FROM invitations") == [("finished",)]


async def test_after_a_restart_typed_words_wait_for_a_tap_and_nothing_is_lost(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
    async with world.bot():
        question = world.screen(MANAGER)
        said = await world.say(MANAGER, "Больше тишины")
        assert said.message_id != question.message_id
        assert _rows(world, "SELECT count(*) FROM anonymous_answers") == [(1,)]
        world.sandbox.tap(MANAGER, label="‹ Назад", message_id=question.message_id)
        await world.settle()
        world.sandbox.tap(MANAGER, label="4", message_id=question.message_id)
        await world.settle()
        await world.say(MANAGER, "Больше тишины")
        await world.tap(MANAGER, "Нет")
    assert len(_rows(world, "SELECT value FROM anonymous_answers")) == 3
    assert _rows(world, "SELECT state FROM invitations") == [("finished",)]


async def test_what_was_begun_and_never_finished_is_forgotten_after_the_survey_closed(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
        assert _rows(world, "SELECT value FROM anonymous_answers")
        await world.pass_time(days=70)
        async with asyncio.timeout(PATIENCE):
            while _rows(world, "SELECT value FROM anonymous_answers"):
                await asyncio.sleep(0.01)
