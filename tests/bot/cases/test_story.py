"""Whole stories: a low score, its case, the reminder, the end, and the customer asked again."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.operations.cases import recovering
from bot.operations.surveys import save_survey
from storage.asking import definitions
from storage.cases import cases
from storage.cases.cases import Case
from storage.sending import pauses
from storage.tables.surveys import answers
from tests.bot.chat.test_wizard import choose, claim
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, World

IN_TIME = timedelta(seconds=2)
"""Within so long of a low answer its case is open and its alert with the reader."""


async def _begin(world: World) -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
    await world.arrive("M1", "C1")
    await world.launch("nps")


async def _case(world: World) -> Case:
    async with world.database() as database, database.reading() as reader:
        found = await cases.get(reader, 1)
        assert found is not None
        return found


async def _next_survey(world: World) -> None:
    """Ask the customer the next time: the pauses between surveys are over."""
    await world.pass_time(days=100)
    await world.launch("nps")
    await world.tap(ANNA, "9")


async def test_after_a_standstill_it_is_said_how_many_days_a_case_is_overdue(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "3")
        await world.tap(MANAGER, "Взять в работу")
        await world.pass_time(days=1)
        assert "Подошёл срок" in world.screen(MANAGER).text
    await world.sandbox.clock.advance(timedelta(days=22))
    async with world.bot():
        await world.settle()
        assert "просрочено на 22 дня" in world.screen(ADMIN).text
        await world.tap(MANAGER, "Обращение")
        await world.tap(MANAGER, "Закрыть")
        await world.pass_time(days=2)
        await world.tap(MANAGER, "исправлено")
        await world.settle()
        assert "просрочено на 24 дня" in world.screen(ADMIN).text


async def test_a_low_score_becomes_a_case_that_is_reminded_of_resolved_and_asked_about(
    world: World,
) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "3")
        await world.say(ANNA, "Никто не перезвонил")
        assert "Никто не перезвонил" in world.screen(MANAGER).text
        await world.tap(MANAGER, "Взять в работу")
        await world.pass_time(days=1)
        assert "Подошёл срок" in world.screen(MANAGER).text
        await world.pass_time(days=1)
        assert "просрочено на 1 день" in world.screen(ADMIN).text
        assert "Сейчас этим занимается: Мария Менеджер" in world.screen(ADMIN).text
        await world.tap(MANAGER, "Обращение")
        await world.tap(MANAGER, "Закрыть")
        await world.tap(MANAGER, "исправлено")
        assert "Закрыто: исправлено" in world.screen(ADMIN).text

        await _next_survey(world)
        asked = await world.tap(ANNA, "Пропустить")
        assert "Удалось ли всё исправить?" in asked.text
        assert world.labels(ANNA) == ["Да", "Нет", "‹ Назад", "Пропустить"]
        thanked = await world.tap(ANNA, "Да")
        assert "Спасибо" in thanked.text
        one = await _case(world)
        assert (one.state, one.outcome, one.recovered) == ("resolved", "put_right", "yes")

        await _next_survey(world)
        assert "Спасибо" in (await world.tap(ANNA, "Пропустить")).text, "asked once"


async def _answered(world: World) -> datetime:
    async with world.database() as database, database.reading() as reader:
        moment: datetime = await reader.scalar(select(answers.c.answered_at))
        return moment


async def test_a_case_opens_at_the_low_answer_and_the_words_follow_into_the_same_message(
    world: World,
) -> None:
    async with world.bot():
        await _begin(world)
        before = len(world.sandbox.messages(MANAGER))
        await world.tap(ANNA, "2")
        await world.settle()
        assert len(world.sandbox.messages(MANAGER)) == before + 1
        told = world.screen(MANAGER).text
        assert "Низкая оценка: 2" in told
        assert "обещано" not in told, "the thanks were not read yet"
        case = await _case(world)
        assert (case.state, case.opened_at) == ("open", await _answered(world))
        assert world.sandbox.clock.now() - case.opened_at < IN_TIME, "the clock stood still"
        await world.say(ANNA, "Привезли не то")
        await world.settle()
        assert len(world.sandbox.messages(MANAGER)) == before + 1
        told = world.screen(MANAGER).text
        assert "Привезли не то" in told
        assert "Клиенту обещано" in told


async def test_a_mistap_that_is_corrected_at_once_is_told_and_the_case_stays(
    world: World,
) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "1")
        await world.settle()
        seen = len(world.sandbox.messages(MANAGER))
        await world.tap(ANNA, "‹ Назад")
        await world.tap(ANNA, "10")
        await world.settle()
        assert "Было 1, стало 10" in world.screen(MANAGER).text
        assert len(world.sandbox.messages(MANAGER)) == seen
        assert (await _case(world)).state == "open"
        shown = await world.tap(MANAGER, "Взять в работу")
        assert "Было 1, стало 10" in shown.text
        await world.tap(ANNA, "Пропустить")
        await world.settle()
        assert (await _case(world)).state == "taken"
        assert len(world.sandbox.messages(MANAGER)) == seen


async def test_words_that_come_before_the_alert_is_sent_go_out_with_it(world: World) -> None:
    async with world.bot():
        await _begin(world)
        seen = len(world.sandbox.messages(MANAGER))
    async with world.writing() as database, database.transaction() as tx:
        await pauses.pause(tx, START + timedelta(minutes=1), START)
    async with world.bot():
        await world.tap(ANNA, "2")
        await world.say(ANNA, "Привезли не то")
        await world.pass_time(minutes=2)
        told = [one.text for one in world.sandbox.messages(MANAGER)][seen:]
        assert len(told) == 1
        assert "Привезли не то" in told[0]


async def test_a_no_reaches_the_holder_and_leaves_the_survey_answered(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.tap(ANNA, "3")
        await world.tap(ANNA, "Пропустить")
        await world.tap(MANAGER, "Взять в работу")
        await world.tap(MANAGER, "Закрыть")
        await world.tap(MANAGER, "исправлено")
        await _next_survey(world)
        await world.tap(ANNA, "Пропустить")
        # Left at the question, the survey is answered all the same.
        async with world.database() as database, database.reading() as reader:
            asked_id = (await _case(world)).asked_id
            assert asked_id is not None
            found = await cases.get(reader, 1)
            assert found is not None
            assert found.recovered is None
        back = await world.tap(ANNA, "‹ Назад")
        assert "Удалось ли" not in back.text
        await world.tap(ANNA, "Пропустить")
        await world.tap(ANNA, "Нет")
        assert "исправить не удалось, так говорит клиент" in world.screen(MANAGER).text
        await world.tap(MANAGER, "Обращение")
        shown = await world.tap(MANAGER, "Открыть снова")
        assert "Ответ клиента: Нет" in shown.text
        assert (await _case(world)).state == "taken"


async def test_no_question_of_a_survey_has_the_key() -> None:
    assert not recovering.asked().key.isidentifier()


WORDS = """
key: words
title: {ru: Слова, en: Words}
audience: customers
kind: relationship
period_days: 30
minutes: 1
alert_words: [ухожу, расторгнуть договор]
questions:
  - key: recommend
    kind: nps
    text: {ru: 'Порекомендуете?', en: 'Would you?'}
    low_label: {ru: нет, en: 'no'}
    high_label: {ru: да, en: 'yes'}
  - key: why
    kind: text
    text: {ru: 'Почему?', en: 'Why?'}
    optional: true
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


async def test_words_open_a_case_whatever_the_score(world: World) -> None:
    async with world.writing() as database:
        await save_survey(database, START, text=WORDS)
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.arrive("M1", "C1", "C2")
        await world.launch("words")
        await world.tap(BORIS, "9")
        before = world.screen(MANAGER).text
        await world.say(BORIS, "Пока не ухожу, всё нравится")
        assert world.screen(MANAGER).text == before
        await world.tap(ANNA, "9")
        await world.say(ANNA, "Мы от вас уходим, документы не готовы")
        assert "Тревожные слова" in world.screen(MANAGER).text
        assert "Мы от вас уходим" in world.screen(MANAGER).text
        shown = await world.tap(MANAGER, "Взять в работу")
        assert "открыто словами клиента" in shown.text
        await world.say(ANNA, "и так каждый раз")
        told = world.screen(MANAGER).text
        assert "дополнение к прежним словам" in told
        assert "низкой" not in told, "the score was 9"
        # A low score afterwards is an alert of its own, about the same case.
        await world.tap(ANNA, "Изменить ответы")
        await world.tap(ANNA, "2")
        await world.tap(ANNA, "Пропустить")
        assert "Низкая оценка: 2" in world.screen(ADMIN).text
        one = await _case(world)
        assert (one.state, one.question, one.score) == ("taken", "why", None)


async def test_words_are_chosen_in_the_chat_and_published(world: World) -> None:
    async with world.bot():
        await claim(world)
        await world.say(ADMIN, "/menu")
        for label in ("Опросы", "Готовность рекомендовать", "Изменить", "Название, сроки"):
            await choose(world, label)
        await choose(world, "Тревожные слова")
        shown = await world.say(ADMIN, "ухожу, к конкурентам")
        assert "✕ к конкурентам" in [one.label for one in shown.buttons]
        await choose(world, "✕ ухожу")
        await choose(world, "‹ К названию")
        await choose(world, "‹ К опросу")
        await choose(world, "Опубликовать")
        async with world.database() as database, database.reading() as reader:
            stored = await definitions.latest(reader, "nps")
        assert stored is not None
        assert stored.survey.alert_words == ("к конкурентам",)


async def test_a_trial_alert_comes_to_oneself_alone(world: World) -> None:
    async with world.bot():
        await _begin(world)
        before = len(world.sandbox.messages(ADMIN))
        await world.say(MANAGER, "/menu")
        await world.tap(MANAGER, "Обращения")
        await world.tap(MANAGER, "Пробное оповещение")
        assert "Это проба" in world.screen(MANAGER).text
        assert "Анна Примерова" in world.screen(MANAGER).text
        assert len(world.sandbox.messages(ADMIN)) == before


async def test_an_alert_that_may_have_come_twice_stays_marked_when_it_changes(
    world: World,
) -> None:
    async with world.bot():
        await _begin(world)
        world.sandbox.faults.add(
            {"kind": "cut_after", "method": "sendMessage", "chat_id": MANAGER, "times": 1}
        )
        await world.tap(ANNA, "3")
        await world.settle()
        assert world.screen(MANAGER).text.startswith("↻")
        await world.say(ANNA, "Никто не перезвонил")
        await world.settle()
        told = world.screen(MANAGER).text
    assert "Никто не перезвонил" in told
    assert told.startswith("↻")
