"""Several options: ticked, taken back, and done, by buttons alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.world import ANNA, World, small_world

SURVEY = """
key: liked
title: {ru: Что понравилось, en: What you liked}
audience: customers
kind: relationship
period_days: 30
minutes: 1
questions:
  - key: good
    kind: choices
    text: {ru: "Что понравилось?", en: "What did you like?"}
    options:
      - {key: price, text: {ru: Цены, en: Prices}}
      - {key: people, text: {ru: Люди, en: People}}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path, [SURVEY]) as world, world.bot():
        await world.arrive("C1")
        await world.launch("liked")
        yield world


async def test_an_option_taken_back_can_be_ticked_again(asked: World) -> None:
    assert "Готово" not in asked.labels(ANNA)
    await asked.tap(ANNA, "Цены")
    await asked.tap(ANNA, "✓ Цены")
    assert asked.labels(ANNA)[:2] == ["Цены", "Люди"]
    assert "Готово" not in asked.labels(ANNA)
    await asked.tap(ANNA, "Люди")
    thanks = await asked.tap(ANNA, "Готово")
    assert thanks.text == "Спасибо!"


async def test_a_forged_done_passes_no_question_that_must_be_answered(asked: World) -> None:
    price = next(button.data for button in asked.screen(ANNA).buttons if button.label == "Цены")
    assert price is not None
    assert await asked.forge(ANNA, price.replace(":a:", ":d:"))
    assert asked.labels(ANNA)[:2] == ["Цены", "Люди"]


async def test_how_many_may_be_picked_is_said_with_the_question(tmp_path: Path) -> None:
    limited = SURVEY.replace("    kind: choices\n", "    kind: choices\n    at_most: 1\n")
    async with small_world(tmp_path, [limited]) as world, world.bot():
        await world.arrive("C1")
        await world.launch("liked")
        assert "Отметьте не больше 1 и нажмите «Готово»." in world.screen(ANNA).text
        await world.tap(ANNA, "Цены")
        assert "всё, что подходит" not in world.screen(ANNA).text
