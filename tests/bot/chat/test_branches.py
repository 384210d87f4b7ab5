"""An answer that a changed one makes irrelevant counts no longer, wherever its giver leaves."""

from pathlib import Path

import pytest

from storage.answering import answers, invitations
from storage.people import people
from storage.people.addresses import of_telegram
from tests.bot.world import ANNA, World, small_world

SURVEY = """
key: branches
title: {ru: О доставке, en: About the delivery}
audience: customers
kind: relationship
period_days: 30
minutes: 1
questions:
  - key: came
    kind: yes_no
    text: {ru: "Доставка была?", en: "Was there a delivery?"}
  - key: late
    kind: choices
    optional: true
    text: {ru: "Что опоздало?", en: "What was late?"}
    options:
      - {key: all, text: {ru: Всё, en: All}}
      - {key: some, text: {ru: Часть, en: Some}}
  - key: speed
    kind: scale
    show_if: {question: came, is: true}
    measures: delivery
    text: {ru: "Быстро?", en: "Was it fast?"}
    low_label: {ru: нет, en: "no"}
    high_label: {ru: да, en: "yes"}
  - key: what
    kind: text
    show_if: {question: late, is: all}
    text: {ru: "Расскажите", en: "Tell us"}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


async def _given(world: World) -> dict[str, str]:
    async with world.database() as database, database.reading() as reader:
        person = await people.by_address(reader, of_telegram(ANNA))
        assert person is not None
        [found] = await invitations.of_person(reader, person.id)
        return dict(await answers.given(reader, found.id))


@pytest.mark.parametrize("finished", [True, False])
async def test_who_leaves_after_changing_an_answer_leaves_none_of_its_branch(
    tmp_path: Path, finished: bool
) -> None:
    async with small_world(tmp_path, [SURVEY]) as world, world.bot():
        await world.arrive("C1")
        await world.launch("branches")
        for label in ("Да", "Всё", "Готово", "2"):
            await world.tap(ANNA, label)
        if finished:
            await world.say(ANNA, "Долго")
            await world.tap(ANNA, "Изменить ответы")
        else:
            for _ in range(3):
                await world.tap(ANNA, "‹ Назад")
        await world.tap(ANNA, "Нет")
        assert "speed" not in await _given(world)
        # Options that are ticked anew decide when they are done, not between.
        await world.tap(ANNA, "✓ Всё")
        await world.tap(ANNA, "Всё")
        await world.tap(ANNA, "Готово")
        assert ("what" in await _given(world)) is finished
