"""A detractor is told that somebody will be in touch, and somebody is told: never the accused."""

from pathlib import Path

import pytest

from bot.operations.campaigns.naming import names_manager
from storage.database import open_database
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from surveys.errors import SurveyInvalid
from surveys.survey.loading import parse_survey
from surveys.survey.low_answers import low_answers, lowest_is_of_manager
from tests.bot.world import ADMIN, ANNA, MANAGER, START, World, small_world

WITH_ITEMS = """
key: both
title: {ru: Оценка, en: Rating}
audience: customers
kind: relationship
period_days: 30
minutes: 1
questions:
  - key: recommend
    kind: nps
    text: {ru: "Порекомендуете?", en: "Would you recommend?"}
    low_label: {ru: нет, en: not at all}
    high_label: {ru: да, en: fully}
  - key: speed
    kind: scale
    mirror: speed
    text: {ru: "Быстро ли отвечает менеджер?", en: "Does the manager answer fast?"}
    low_label: {ru: нет, en: not at all}
    high_label: {ru: да, en: fully}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


async def _company(world: World) -> None:
    """Let the admin, the manager and Anna come; Anna's phone is known."""
    anna = PersonRow("customer", "C1", "Анна Попова", phone="+79120000001")
    async with open_database(world.settings.database_url) as database, database.transaction() as tx:
        await people_import.apply(tx, [anna], START)


async def _come(world: World) -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
    await world.arrive("M1", "C1")


async def _answer(world: World, score: str, words: str) -> None:
    await world.tap(ANNA, score)
    if words:
        await world.say(ANNA, words)
    else:
        await world.tap(ANNA, "Пропустить")
    await world.settle()


async def test_a_low_score_reaches_manager_and_admin_with_what_to_do(world: World) -> None:
    await _company(world)
    async with world.bot():
        await _come(world)
        await world.launch("nps")
        await _answer(world, "3", "Никто <b>не</b> перезвонил")
        for reader in (MANAGER, ADMIN):
            told = world.screen(reader).text
            for words in (
                "Низкая оценка: 3",
                "Анна Попова",
                "+79120000001",
                "Никто <b>не</b> перезвонил",
                "Что сделать:",
            ):
                assert words in told
            assert world.labels(reader) == ["Взять в работу", "Обращение", "Карточка клиента"]
        assert "Менеджер: Мария Менеджер" in world.screen(ADMIN).text
        assert "Менеджер:" not in world.screen(MANAGER).text
        card = await world.tap(MANAGER, "Карточка клиента")
        assert "Анна Попова" in card.text


async def test_a_voice_and_a_picture_stand_in_the_alert_and_in_the_case(world: World) -> None:
    await _company(world)
    async with world.bot():
        await _come(world)
        await world.launch("nps")
        world.sandbox.send_voice(ANNA, b"voice")
        world.sandbox.send_photo(ANNA, b"picture", caption="Вот <так>")
        await world.settle()
        await _answer(world, "2", "")
        for told in (world.screen(MANAGER), world.screen(ADMIN)):
            assert "[голосовое сообщение]\n[снимок] «Вот <так>»" in told.text
        shown = await world.tap(MANAGER, "Обращение")
        assert "[голосовое сообщение]" in shown.text


async def test_a_changed_answer_changes_the_alert(world: World) -> None:
    await _company(world)
    async with world.bot():
        await _come(world)
        await world.launch("nps")
        await _answer(world, "3", "Долго везли")
        seen = {reader: len(world.sandbox.messages(reader)) for reader in (ADMIN, MANAGER)}
        await world.tap(ANNA, "Изменить ответы")
        await _answer(world, "9", "Всё исправили")
        for reader, count in seen.items():
            assert "Было 3, стало 9" in world.screen(reader).text
            assert "Всё исправили" in world.screen(reader).text
            assert "Что сделать" not in world.screen(reader).text
            assert len(world.sandbox.messages(reader)) == count
        await world.tap(ANNA, "Изменить ответы")
        await _answer(world, "2", "")
        assert "Было 3, стало 2" in world.screen(ADMIN).text
        assert "Что сделать" in world.screen(ADMIN).text
        assert len(world.sandbox.messages(ADMIN)) == seen[ADMIN]


async def test_words_that_name_the_manager_go_to_the_admins(world: World) -> None:
    await _company(world)
    async with world.bot():
        await _come(world)
        await world.launch("nps")
        seen = len(world.sandbox.messages(MANAGER))
        await _answer(world, "1", "Марии не дозвонишься, а хамит")
        assert "хамит" in world.screen(ADMIN).text
        assert "ему это не отправлено" in world.screen(ADMIN).text
        _told_no_more(world, seen)


def _told_no_more(world: World, seen: int) -> None:
    """The manager heard of the score before the words accused them: nothing of it is left."""
    assert len(world.sandbox.messages(MANAGER)) == seen + 1
    assert "от Вас ничего не требуется" in world.screen(MANAGER).text
    assert not world.screen(MANAGER).buttons


async def test_without_an_admin_the_manager_is_told_rather_than_nobody(world: World) -> None:
    await _company(world)
    async with world.bot():
        await world.arrive("M1", "C1")
        await world.launch("nps")
        await _answer(world, "1", "Мария хамит")
        assert "хамит" in world.screen(MANAGER).text
        assert "не отправлено" not in world.screen(MANAGER).text


async def test_a_lowest_answer_about_the_manager_goes_to_the_admins(tmp_path: Path) -> None:
    async with small_world(tmp_path, [WITH_ITEMS]) as world, world.bot():
        await _come(world)
        await world.launch("both")
        seen = len(world.sandbox.messages(MANAGER))
        await world.tap(ANNA, "3")
        await world.tap(ANNA, "1")
        await world.settle()
        assert "Низкая оценка: 3" in world.screen(ADMIN).text
        _told_no_more(world, seen)


def test_the_lowest_answer_is_found_on_each_questions_own_scale() -> None:
    survey = parse_survey(WITH_ITEMS)
    assert lowest_is_of_manager(survey, {"recommend": 3, "speed": 2})
    assert not lowest_is_of_manager(survey, {"recommend": 2, "speed": 2})
    assert not lowest_is_of_manager(survey, {"recommend": 3})
    assert not lowest_is_of_manager(survey, {})


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Орловой не дозвонишься", True),
        ("МАРИЯ МОЛОДЕЦ", True),
        ("с Марией всё хорошо", True),
        ("менеджер забыл про нас", True),
        ("Сёмину привет", False),
        ("Долго везли, упаковка мятая", False),
        ("", False),
    ],
)
def test_a_name_is_known_in_any_case(words: str, names: bool) -> None:
    assert names_manager([words], ["Мария Орлова"]) is names


def test_yo_is_ye_in_names() -> None:
    assert names_manager(["Семину скажите"], ["Пётр Сёмин"])
    assert names_manager(["Петр не отвечает"], ["Пётр Сёмин"])
    assert names_manager(["Ask Bob why"], ["Bob Stone"])


async def test_a_high_score_disturbs_nobody(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.arrive("C1")
        await world.launch("nps")
        seen = len(world.sandbox.messages(ADMIN))
        await _answer(world, "9", "")
        assert len(world.sandbox.messages(ADMIN)) == seen


SERVICE = """
key: visit
title: {ru: Визит, en: The visit}
audience: customers
kind: transactional
period_days: 0
minutes: 1
questions:
  - key: ease
    kind: scale
    high: 7
    measures: ces
    text: {ru: "Легко ли было?", en: "Was it easy?"}
    low_label: {ru: нет, en: not at all}
    high_label: {ru: да, en: fully}
  - key: speed
    kind: scale
    mirror: speed
    text: {ru: "Быстро ли отвечает {manager}?", en: "Does {manager} answer fast?"}
    low_label: {ru: нет, en: not at all}
    high_label: {ru: да, en: fully}
  - key: visits
    kind: scale
    alert_at: never
    text: {ru: "Часто ли Вы у нас?", en: "Do you visit us often?"}
    low_label: {ru: редко, en: seldom}
    high_label: {ru: часто, en: often}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


async def _visited(world: World, *points: str) -> None:
    for point in points:
        await world.tap(ANNA, point)
    await world.settle()


async def test_a_survey_without_recommending_alerts_by_its_own_items(tmp_path: Path) -> None:
    async with small_world(tmp_path, [SERVICE]) as world, world.bot():
        await _come(world)
        await world.launch("visit")
        seen = len(world.sandbox.messages(ADMIN))
        await _visited(world, "3", "4", "1")
        for reader in (MANAGER, ADMIN):
            told = world.screen(reader).text
            assert "Низкая оценка: 3 из 7" in told
            assert "Легко ли было? — 3 из 7" in told
            assert "Быстро" not in told
            assert "обещано" not in told, "the thanks promised nothing"
            assert "Что сделать" in told
        await world.tap(ANNA, "Изменить ответы")
        await _visited(world, "6", "5", "1")
        assert "Было 3 из 7, стало 6 из 7" in world.screen(MANAGER).text
        assert "Что сделать" not in world.screen(MANAGER).text
        assert len(world.sandbox.messages(ADMIN)) == seen + 1


async def test_a_low_item_about_the_manager_goes_to_the_admins(tmp_path: Path) -> None:
    async with small_world(tmp_path, [SERVICE]) as world, world.bot():
        await _come(world)
        await world.launch("visit")
        seen = len(world.sandbox.messages(MANAGER))
        await _visited(world, "3", "1", "1")
        told = world.screen(ADMIN).text
        assert "Быстро ли отвечает Мария Менеджер? — 1 из 5" in told
        assert "Легко ли было? — 3 из 7" in told
        assert "ему это не отправлено" in told
        _told_no_more(world, seen)


def test_each_question_says_from_which_answer_on_it_alerts() -> None:
    survey = parse_survey(SERVICE)
    low = low_answers(survey, {"ease": 3, "speed": 2, "visits": 1})
    assert [one.key for one in low] == ["speed", "ease"]
    assert not low_answers(survey, {"ease": 4, "speed": 3, "visits": 1})
    stricter = parse_survey(SERVICE.replace("measures: ces", "measures: ces\n    alert_at: 5"))
    assert [one.key for one in low_answers(stricter, {"ease": 5})] == ["ease"]
    turned = parse_survey(SERVICE.replace("measures: ces", "measures: ces\n    reverse: true"))
    assert [one.key for one in low_answers(turned, {"ease": 5})] == ["ease"]
    assert not low_answers(turned, {"ease": 4})
    hidden = parse_survey(
        SERVICE.replace("kind: transactional", "kind: transactional\nanonymous: true")
    )
    assert not low_answers(hidden, {"ease": 1})


@pytest.mark.parametrize("point", ["9", "0", "nobody", "true"])
def test_an_alert_at_no_point_of_the_scale_is_refused(point: str) -> None:
    with pytest.raises(SurveyInvalid) as refused:
        parse_survey(SERVICE.replace("alert_at: never", f"alert_at: {point}"))
    assert "visits.alert_at" in refused.value.problems[0].place
