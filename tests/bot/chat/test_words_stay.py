"""No word of a customer is erased by a later one, and each stands under what it answered."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.operations.exports.chosen import What
from bot.operations.exports.tables import Asking, tables
from bot.operations.surveys import save_survey
from storage.answering import answers, invitations, remarks
from storage.counting import words
from storage.people import people
from storage.tables.surveys import remarks as remark_rows
from surveys.periods import Period
from templates.texts import Texts
from tests.bot.chat.test_anonymous import SURVEY as ANONYMOUS
from tests.bot.world import ADMIN, ANNA, MANAGER, START, World, small_world

DETRACTOR, PROMOTER = "Что нам исправить в первую очередь?", "Что для Вас самое ценное?"
IF_LOW = """
key: visit
title: {ru: Визит, en: Visit}
audience: customers
kind: relationship
period_days: 30
minutes: 1
sees: {ru: Ответы увидит компания., en: The company sees the answers.}
questions:
  - key: easy
    kind: yes_no
    text: {ru: Легко ли было, en: Was it easy}
  - key: trouble
    kind: text
    optional: true
    show_if: {question: easy, is: false}
    text: {ru: Что мешало, en: What stood in the way}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""
AND_THEN = """
key: shop
title: {ru: Магазин, en: Shop}
audience: customers
kind: relationship
period_days: 30
minutes: 1
questions:
  - key: recommend
    kind: nps
    text: {ru: 'Порекомендуете?', en: 'Would you?'}
    low_label: {ru: нет, en: 'no'}
    high_label: {ru: да, en: 'yes'}
  - key: why
    kind: text
    optional: true
    text: {ru: Что ценно, en: What is good}
    variants:
      - if: {question: recommend, at_most: 6}
        text: {ru: Что исправить, en: What to mend}
  - key: easy
    kind: yes_no
    text: {ru: Легко ли было, en: Was it easy}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path) as small:
        yield small


async def _begin(world: World, survey: str = "nps") -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
    await world.arrive("M1", "C1")
    await world.launch(survey)


async def _said(world: World) -> tuple[str | None, list[tuple[str, str]]]:
    """Return the words that are the answer, and earlier ones with what they answered."""
    async with world.database() as database, database.reading() as reader:
        anna = await people.by_external(reader, "C1")
        assert anna is not None
        asked = (await invitations.of_person(reader, anna.id))[0]
        given = await answers.given(reader, asked.id)
        kept = await remarks.of_invitations(reader, [asked.id])
    words_now = json.loads(given.get("why") or given.get("trouble") or "null")
    return words_now, [(json.loads(one.asked or "{}").get("ru", ""), one.text) for one in kept]


async def _asked(world: World) -> dict[str, str]:
    """Return what the digest quotes: words → the question that they answered."""
    async with world.database() as database, database.reading() as reader:
        around = Period("all", START.replace(day=1), START.replace(day=28))
        found = await words.comments(reader, around, "Europe/Moscow", "ООО", "ru")
    return {one.text: one.question for one in found}


async def _scores(world: World) -> dict[str, int | None]:
    """Return what the digest quotes: words → the score beside them."""
    async with world.database() as database, database.reading() as reader:
        around = Period("all", START.replace(day=1), START.replace(day=28))
        found = await words.comments(reader, around, "Europe/Moscow", "ООО", "ru")
    return {one.text: one.score for one in found}


async def _cell(world: World, column: str) -> object:
    """Return what an export of the answers holds for Anna."""
    asking = Asking(Texts("ru"), "Europe/Moscow", None, "nps")
    async with world.database() as database, database.reading() as reader:
        (table,) = await tables(reader, What.ANSWERS, asking)
        ((row,),) = [rows async for rows in table.batches]
    return row[[one.name for one in table.columns].index(column)]


async def test_words_under_another_wording_leave_the_earlier_ones(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "3")
        await world.say(ANNA, "Доставка опоздала")
        await world.pass_time(minutes=1)
        await world.tap(ANNA, "Изменить ответы")
        shown = await world.tap(ANNA, "9")
        assert PROMOTER in shown.text
        assert f"Ваш ответ на «{DETRACTOR}»: Доставка опоздала" in shown.text
        assert "тоже сохранится" in shown.text
        assert (await _asked(world))["Доставка опоздала"] == DETRACTOR
        await world.say(ANNA, "Быстро отвечаете")
        assert await _said(world) == ("Быстро отвечаете", [(DETRACTOR, "Доставка опоздала")])
        told = world.screen(MANAGER).text
        assert "Доставка опоздала" in told
        assert "Быстро отвечаете" in told
        card = (await world.tap(MANAGER, "Карточка клиента")).text
        assert f"{PROMOTER} — Быстро отвечаете" in card
        assert f"раньше, 15 сентября 2026: {DETRACTOR} — «Доставка опоздала»" in card
    assert await _asked(world) == {"Быстро отвечаете": PROMOTER, "Доставка опоздала": DETRACTOR}


async def test_skip_takes_no_words_away_and_none_is_kept_twice(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "3")
        for _ in range(2):
            await world.say(ANNA, "Доставка опоздала")
            await world.tap(ANNA, "Изменить ответы")
            await world.tap(ANNA, "3")
        await world.tap(ANNA, "Пропустить")
        assert await _said(world) == (None, [(DETRACTOR, "Доставка опоздала")])
        assert "Доставка опоздала" in world.screen(MANAGER).text


async def test_words_to_a_question_that_is_asked_no_more_stay(world: World) -> None:
    async with world.writing() as database:
        await save_survey(database, START, text=IF_LOW)
    async with world.bot():
        await _begin(world, "visit")
        await world.tap(ANNA, "Нет")
        await world.say(ANNA, "Очередь")
        await world.tap(ANNA, "Изменить ответы")
        assert "Спасибо" in (await world.tap(ANNA, "Да")).text
    assert await _said(world) == (None, [("Что мешало", "Очередь")])


async def test_the_words_of_the_first_score_stand_under_its_question(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "3")
        await world.say(ANNA, "Доставка опоздала")
        await world.tap(ANNA, "Изменить ответы")
        await world.tap(ANNA, "10")
        await world.say(MANAGER, "/card Анна")
        card = world.screen(MANAGER).text
        assert f"{DETRACTOR} — Доставка опоздала" in card
        assert PROMOTER not in card
    assert await _cell(world, "nps.why.asked") == DETRACTOR


async def test_words_stand_beside_the_score_they_were_given_with(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "3")
        await world.say(ANNA, "Доставка опоздала")
        await world.pass_time(minutes=1)
        await world.tap(ANNA, "Изменить ответы")
        await world.tap(ANNA, "9")
        await world.pass_time(minutes=1)
        await world.say(ANNA, "Быстро отвечаете")
        told = world.screen(MANAGER).text
        assert f"{DETRACTOR} — «Доставка опоздала» (ответ тогда: 3)" in told
        assert "\n«Быстро отвечаете»\n" in told
        assert "Было 3, стало 9" in told
        await world.pass_time(minutes=1)
        await world.tap(ANNA, "Изменить ответы")
        await world.tap(ANNA, "5")
        shown = await world.tap(MANAGER, "Взять в работу")
        assert f"{PROMOTER} — «Быстро отвечаете» (ответ тогда: 9)" in shown.text
        assert "\n«Доставка опоздала» (ответ тогда: 3)" in shown.text, "asked so once more"
        assert await _scores(world) == {"Доставка опоздала": 3, "Быстро отвечаете": 9}


async def test_praise_is_not_quoted_beside_a_low_score_that_came_later(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "9")
        await world.say(ANNA, "Быстро отвечаете")
        assert await _scores(world) == {"Быстро отвечаете": 9}
        await world.pass_time(minutes=1)
        await world.tap(ANNA, "Изменить ответы")
        await world.tap(ANNA, "2")
        assert f"{PROMOTER} — «Быстро отвечаете»" in world.screen(MANAGER).text
        assert await _scores(world) == {"Быстро отвечаете": None}


async def test_a_reminder_shows_what_an_answer_was_given_to(world: World) -> None:
    async with world.writing() as database:
        await save_survey(database, START, text=AND_THEN)
    async with world.bot():
        await _begin(world, "shop")
        await world.tap(ANNA, "3")
        await world.say(ANNA, "Доставка опоздала")
        await world.tap(ANNA, "‹ Назад")
        await world.tap(ANNA, "‹ Назад")
        await world.tap(ANNA, "9")
        await world.pass_time(days=5)
        reminded = world.screen(ANNA).text
        assert reminded.startswith("Нам по-прежнему важно Ваше мнение. Прежние ответы сохранены")
        assert "Что ценно" in reminded
        assert "Ваш ответ на «Что исправить»: Доставка опоздала" in reminded


async def test_an_anonymous_survey_keeps_the_last_words_alone_and_says_so(tmp_path: Path) -> None:
    async with small_world(tmp_path, [ANONYMOUS]) as world, world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
        await world.say(MANAGER, "Это я, Мария")
        shown = await world.tap(MANAGER, "‹ Назад")
        assert "встанет на место прежнего" in shown.text
        await world.say(MANAGER, "Больше тишины")
        shown = await world.tap(MANAGER, "‹ Назад")
        assert "Больше тишины" in shown.text
        assert "Мария" not in shown.text
        async with world.database() as database, database.reading() as reader:
            assert await reader.scalar(select(func.count()).select_from(remark_rows)) == 0
