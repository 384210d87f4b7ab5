"""A number with its unit is a number; words for one get a kind sentence."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.answering import answers, invitations
from storage.people import people
from storage.people.addresses import of_telegram
from surveys.errors import InvalidAnswer
from surveys.survey.answers import from_text
from surveys.survey.definition import LocalText, NumberQuestion
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, ANNA, World, small_world

SURVEY = """
key: waiting
title: {ru: Ожидание, en: Waiting}
audience: customers
kind: transactional
period_days: 30
minutes: 1
questions:
  - key: minutes
    kind: number
    text: {ru: "Сколько минут Вы ждали?", en: "How many minutes did you wait?"}
    unit: {ru: минут, en: minutes}
    max: 600
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path, [SURVEY]) as world, world.bot():
        await world.arrive("C1")
        await world.launch("waiting")
        yield world


async def test_half_an_hour_is_asked_for_in_digits_and_45_minutes_is_45(asked: World) -> None:
    for words in ("полчаса", "час", "около 45 минут", "1 час"):
        said = await asked.say(ANNA, words)
        assert "цифрами (минут), например 30" in said.text, words
    assert "Спасибо" in (await asked.say(ANNA, "45 минут")).text
    async with asked.database() as database, database.reading() as reader:
        person = await people.by_address(reader, of_telegram(ANNA))
        assert person is not None
        [found] = await invitations.of_person(reader, person.id)
        assert await answers.given(reader, found.id) == {"minutes": "45"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("45", 45),
        ("45 минут", 45),
        ("45мин.", 45),
        ("45 мин", 45),
        ("1 000 м", 1000),
        ("21 минута", 21),
        ("30 minutes", 30),
        ("30 MIN", 30),
        ("7,5 минуты", 7.5),
        ("1 час", None),
        ("3 месяца", None),
        ("45 минут минут", None),
        ("минут", None),
        ("минут 45", None),
        ("от 30 минут", None),
    ],
)
def test_the_unit_may_be_declined_and_shortened(text: str, value: float | None) -> None:
    words = LocalText(ru="Сколько?", en="How many?")
    question = NumberQuestion(
        key="n", kind="number", text=words, unit=LocalText(ru="минут", en="minutes"),
        max=5000, step="0.5",
    )  # fmt: skip
    if value is None:
        with pytest.raises(InvalidAnswer):
            from_text(question, text)
    else:
        assert from_text(question, text) == value


HALVES = SURVEY.replace("    max: 600\n", "    min: 0.5\n    max: 7.5\n    step: 0.5\n")


async def test_amounts_with_halves_are_shown_as_they_are(tmp_path: Path) -> None:
    async with small_world(tmp_path, [HALVES]) as world, world.bot():
        await become_admin(world)
        await world.arrive("C1")
        await world.launch("waiting")
        assert "от 0,5 до 7,5 (минут)" in world.screen(ANNA).text
        assert "от 0,5 до 7,5" in (await world.say(ANNA, "8")).text
        assert "Спасибо" in (await world.say(ANNA, "2,5")).text
        await world.tap(ANNA, "Изменить ответы")
        assert "Ваш ответ: 2,5" in world.screen(ANNA).text
        assert "Сколько минут Вы ждали? — 2,5" in (await world.say(ADMIN, "/card Анна")).text
