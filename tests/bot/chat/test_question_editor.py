"""A survey made without a file: questions added, worded, scaled, moved, removed, and published."""

import pytest

from storage.asking import definitions
from surveys.errors import SurveyInvalid
from surveys.survey import editing_conditions as conditions
from surveys.survey import editing_questions as questions
from surveys.survey.catalog import catalog
from surveys.survey.definition import (
    ChoiceQuestion,
    NpsQuestion,
    NumberQuestion,
    ScaleQuestion,
    Survey,
)
from surveys.survey.editing import SurveyDraft
from tests.bot.chat.test_wizard import choose, claim
from tests.bot.world import ADMIN, ANNA, World

SECOND = 3


async def _edit_nps(world: World) -> None:
    await claim(world)
    await world.say(ADMIN, "/menu")
    await choose(world, "Опросы")
    await choose(world, "Готовность рекомендовать")
    await choose(world, "Изменить")


async def _latest(world: World, key: str) -> Survey:
    async with world.database() as database, database.reading() as reader:
        stored = await definitions.latest(reader, key)
    assert stored is not None
    return stored.survey


async def test_a_scale_is_added_worded_measured_made_to_depend_and_published(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await _edit_nps(world)
        await choose(world, "Добавить вопрос")
        await choose(world, "Шкала")
        assert "Новый вопрос" in world.screen(ADMIN).text
        await world.say(ADMIN, "Легко ли было решить вопрос?")
        await choose(world, "1–7")
        await choose(world, "✎ 1: совсем нет")
        await choose(world, "✎ Русский")
        assert "совсем сложно" in (await world.say(ADMIN, "совсем сложно")).text
        await choose(world, "‹ К вопросу")
        await choose(world, "Что измеряет")
        await choose(world, "CES")
        await choose(world, "Когда задаётся")
        await choose(world, "Добавить условие")
        await choose(world, "1. Насколько")
        assert "• ответ 1 не больше 6" in await choose(world, "≤ 6")
        assert "Задаётся: ответ 1 не больше 6" in await choose(world, "‹ К вопросу")
        await choose(world, "Обязательный")
        await choose(world, "↑ Раньше")
        await choose(world, "‹ К опросу")
        await choose(world, "Попробовать")
        assert "1 из" in world.screen(ADMIN).text
        await choose(world, "Закончить пробу")
        await world.say(ADMIN, "/menu")
        await choose(world, "Опросы")
        await choose(world, "Продолжить")
        await choose(world, "Опубликовать")
        await world.launch("nps")
        await world.tap(ANNA, "3")
        assert "Легко ли было решить вопрос?" in world.screen(ANNA).text
        assert "совсем сложно" in world.screen(ANNA).text
    survey = await _latest(world, "nps")
    assert [one.kind for one in survey.questions] == ["nps", "scale", "text"]
    scale = survey.questions[1]
    assert isinstance(scale, ScaleQuestion)
    assert (scale.low, scale.high, scale.measures, scale.optional) == (1, 7, ("ces",), True)


async def test_one_branch_is_reworded_and_the_others_stay(world: World) -> None:
    async with world.bot():
        await _edit_nps(world)
        await choose(world, "✎ 2")
        await choose(world, "✎ ответ 1 не больше 6")
        await choose(world, "✎ Русский")
        await world.say(ADMIN, "Что пошло не так?")
        await choose(world, "‹ К вопросу")
        await choose(world, "‹ К опросу")
        await choose(world, "Опубликовать")
    variants = (await _latest(world, "nps")).question("why").variants
    assert variants[0].text.ru == "Что пошло не так?"
    assert [one.text.ru for one in variants][1:] == [
        one.text.ru for one in catalog()["nps"].question("why").variants[1:]
    ]


async def test_what_others_depend_on_is_neither_removed_nor_moved_behind_them(world: World) -> None:
    async with world.bot():
        await _edit_nps(world)
        await choose(world, "✎ 1")
        await choose(world, "Удалить вопрос")
        assert "зависит от вопроса 1" in world.sandbox.toasts(ADMIN)[-1].text
        await choose(world, "↓ Позже")
        assert "раньше" in world.sandbox.toasts(ADMIN)[-1].text
        await choose(world, "‹ К опросу")
        await world.tap(ADMIN, "✓ 1")
        await choose(world, "Опубликовать")
        assert "зависит от вопроса 1" in world.screen(ADMIN).text
        await choose(world, "Исправить вопрос 2")
        assert "2. Слова" in world.screen(ADMIN).text
        await choose(world, "Удалить вопрос")
        assert "✎ 2" not in world.labels(ADMIN)


async def test_every_kind_can_be_added_and_numbers_have_bounds(world: World) -> None:
    async with world.bot():
        await _edit_nps(world)
        for kind in ("Один вариант", "Несколько вариантов", "Слова", "Да или нет", "Число"):
            await choose(world, "Добавить вопрос")
            await choose(world, kind)
            await world.say(ADMIN, f"Вопрос: {kind}?")
            if kind == "Один вариант":
                await choose(world, "Ещё вариант")
                await choose(world, "✎ Вариант 3")
                await choose(world, "✎ Русский")
                await world.say(ADMIN, "Никогда")
                await choose(world, "‹ К вопросу")
                await choose(world, "✎ Вариант 1")
                await choose(world, "Удалить вариант")
            if kind != "Число":
                await choose(world, "‹ К опросу")
        await choose(world, "Наименьшее и наибольшее")
        refused = await world.say(ADMIN, "60 0")
        assert "сначала меньшее" in refused.text
        await choose(world, "Наименьшее и наибольшее")
        await world.say(ADMIN, "0 60")
        await choose(world, "‹ К опросу")
        await choose(world, "Опубликовать")
    survey = await _latest(world, "nps")
    kinds = ["nps", "text", "choice", "choices", "text", "yes_no", "number"]
    assert [one.kind for one in survey.questions] == kinds
    choice, number = survey.questions[2], survey.questions[-1]
    assert isinstance(choice, ChoiceQuestion)
    assert [one.text.ru for one in choice.options] == ["Вариант 2", "Никогда"]
    assert isinstance(number, NumberQuestion)
    assert (int(number.min), int(number.max)) == (0, 60)


async def test_a_question_depends_on_two_answers_at_once(world: World) -> None:
    async with world.bot():
        await _edit_nps(world)
        await choose(world, "Добавить вопрос")
        await choose(world, "Число")
        await world.say(ADMIN, "Сколько дней Вы ждали?")
        await choose(world, "‹ К опросу")
        await choose(world, "Добавить вопрос")
        await choose(world, "Слова")
        await world.say(ADMIN, "Что случилось?")
        await choose(world, "Когда задаётся")
        await choose(world, "Добавить условие")
        await choose(world, "1. Насколько")
        await choose(world, "≤ 6")
        await choose(world, "Добавить условие")
        await choose(world, "3. Сколько дней")
        await choose(world, "Не меньше")
        assert "из границ" in (await world.say(ADMIN, "нет")).text
        both = (await world.say(ADMIN, "5")).text
        assert "• ответ 1 не больше 6\n• ответ 3 не меньше 5" in both
        either = await choose(world, "Хотя бы одно")
        assert either == both
        assert "Задаётся: ответ 1 не больше 6 или ответ 3 не меньше 5" in await choose(
            world, "‹ К вопросу"
        )
        await choose(world, "Когда задаётся")
        await choose(world, "Все сразу")
        await choose(world, "‹ К вопросу")
        await choose(world, "‹ К опросу")
        await choose(world, "Опубликовать")
    asked = (await _latest(world, "nps")).questions[-1].show_if
    assert asked is not None
    assert asked.all is not None
    assert [one.question for one in asked.all] == ["recommend", "question_3"]


async def test_a_wording_for_some_answers_is_added_and_removed(world: World) -> None:
    async with world.bot():
        await _edit_nps(world)
        await choose(world, "✎ 2")
        await choose(world, "✎ ответ 1 не меньше 9")
        await choose(world, "Удалить эту формулировку")
        assert not [one for one in world.labels(ADMIN) if "не меньше 9" in one]
        await choose(world, "Другие слова")
        await choose(world, "≥ 10")
        await choose(world, "✎ Русский")
        await world.say(ADMIN, "За что десятка?")
        await choose(world, "Когда так спрашивать")
        assert "✗ ответ 1 не меньше 10" not in world.labels(ADMIN)
        await choose(world, "‹ К вопросу")
        await choose(world, "‹ К опросу")
        await choose(world, "Опубликовать")
    variants = (await _latest(world, "nps")).question("why").variants
    assert variants[-1].text.ru == "За что десятка?"
    assert variants[-1].if_.at_least == 10


async def test_title_thanks_and_timing_are_set_by_buttons(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await _edit_nps(world)
        await choose(world, "Название, сроки")
        await choose(world, "Название")
        await choose(world, "✎ Русский")
        await world.say(ADMIN, "Наш опрос")
        await choose(world, "‹ К названию")
        assert "свой раздел" in await choose(world, "Событие")
        await choose(world, "Напоминание через 4 дня")
        await choose(world, "Без напоминания")
        await choose(world, "Закрывается через 14 дней")
        await choose(world, "Закрывается через 3 дня")
        await choose(world, "Напоминание" if "Напоминание" in str(world.labels(ADMIN)) else "Без")
        assert "Напоминание через 3 дня" not in world.labels(ADMIN)
        await choose(world, "Напоминание через 2 дня")
        await choose(world, "Снова не раньше чем через 90 дней")
        await choose(world, "через 7 дней")
        await choose(world, "Занимает 1 минуту")
        await choose(world, "Занимает 2 минуты")
        await choose(world, "Что сказать в конце")
        await choose(world, "После оценки 0–6")
        await choose(world, "✎ Русский")
        await world.say(ADMIN, "Спасибо, мы позвоним сегодня.")
        await choose(world, "‹ Назад")
        await choose(world, "После оценки 7–8")
        await choose(world, "Как всем")
        await choose(world, "‹ К названию")
        await choose(world, "‹ К опросу")
        assert "«Наш опрос»" in await choose(world, "Опубликовать")
        await world.launch("nps")
        await world.tap(ANNA, "3")
        await world.tap(ANNA, "Пропустить")
        await world.settle()
        assert "мы позвоним сегодня" in world.screen(ANNA).text
    survey = await _latest(world, "nps")
    assert (survey.kind, survey.remind_after_days, survey.closes_after_days) == (
        "transactional",
        2,
        3,
    )
    assert (survey.period_days, survey.minutes, survey.thanks.passive) == (7, 2, None)


async def test_a_survey_is_made_from_nothing(world: World) -> None:
    async with world.bot():
        await claim(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Опросы")
        await choose(world, "Новый опрос")
        await choose(world, "✎ 1")
        await choose(world, "Удалить вопрос")
        assert "хотя бы один вопрос" in world.sandbox.toasts(ADMIN)[-1].text
        await choose(world, "✎ Русский")
        await world.say(ADMIN, "Чего Вам не хватает?")
        await choose(world, "‹ К опросу")
        await choose(world, "Название, сроки")
        await choose(world, "Менеджеры")
        await choose(world, "Анонимно")
        await choose(world, "Кто увидит ответы")
        await choose(world, "✎ Русский")
        await world.say(ADMIN, "Увидят руководители.")
        await choose(world, "‹ К названию")
        await choose(world, "‹ К опросу")
        await choose(world, "Опубликовать")
    async with world.database() as database, database.reading() as reader:
        keys = [one.key for one in await definitions.all_latest(reader)]
    made = await _latest(world, next(key for key in keys if key.startswith("survey_")))
    assert (made.audience, made.anonymous) == ("managers", True)
    assert made.sees is not None
    assert (made.sees.ru, made.sees.en) == ("Увидят руководители.", "Увидят руководители.")
    assert made.questions[0].text.en == "Чего Вам не хватает?"


async def test_two_admins_who_begin_a_survey_at_once_make_two(world: World) -> None:
    """Both had one key, so the second who published took the place of the first one's survey."""
    world.sandbox.add_user("Ольга", user_id=SECOND)
    async with world.bot():
        await claim(world)
        await world.operate("add_admin", telegram_id=SECOND)
        await world.start(SECOND)
        for admin in (ADMIN, SECOND):
            await world.say(admin, "/menu")
            await world.tap(admin, "Опросы")
            await world.tap(admin, "Новый опрос")
            await world.tap(admin, "✎ 1")
            await world.tap(admin, "✎ Русский")
            await world.say(admin, f"Вопрос {admin}?")
            await world.tap(admin, "‹ К опросу")
        for admin in (ADMIN, SECOND):
            await world.tap(admin, "Опубликовать")
    async with world.database() as database, database.reading() as reader:
        known = await definitions.all_latest(reader)
    asked = [one.survey.questions[0].text.ru for one in known if one.key.startswith("survey_")]
    assert sorted(asked) == [f"Вопрос {admin}?" for admin in sorted((ADMIN, SECOND))]


async def test_what_another_published_meanwhile_is_not_replaced_without_a_word(
    world: World,
) -> None:
    world.sandbox.add_user("Ольга", user_id=SECOND)
    async with world.bot():
        await _edit_nps(world)
        await world.operate("add_admin", telegram_id=SECOND)
        await world.start(SECOND)
        for admin in (ADMIN, SECOND):
            await world.say(admin, "/menu")
            await world.tap(admin, "Опросы")
            await world.tap(admin, "Готовность рекомендовать")
            await world.tap(admin, "Изменить")
            if admin == ADMIN:
                await choose(world, "Продолжить")
            await world.tap(admin, "✎ 1")
            await world.tap(admin, "✎ Русский")
            await world.say(admin, f"Вопрос {admin}?")
            await world.tap(admin, "‹ К опросу")
        assert "Опубликовано" in (await world.tap(SECOND, "Опубликовать")).text
        said = await choose(world, "Опубликовать")
        assert "тем временем уже опубликовали: 15 сентября 2026, 12:00, Admin" in said
        assert (await _latest(world, "nps")).questions[0].text.ru == f"Вопрос {SECOND}?"
        assert f"Вопрос {SECOND}?" in await choose(world, "Посмотреть новую")
        await choose(world, "Изменить")
        assert f"Вопрос {ADMIN}?" in await choose(world, "Продолжить")
        await choose(world, "Опубликовать")
        assert "Опубликовано" in await choose(world, "Всё равно опубликовать")
    assert (await _latest(world, "nps")).questions[0].text.ru == f"Вопрос {ADMIN}?"


async def test_the_point_of_an_alert_is_set_by_a_button(world: World) -> None:
    async with world.bot():
        await _edit_nps(world)
        await choose(world, "✎ 1")
        assert "Сразу сообщается об ответе: ≤ 6" in world.screen(ADMIN).text
        await choose(world, "О чём сообщать")
        assert "≤ 3" in await choose(world, "≤ 3")
        await choose(world, "О чём сообщать")
        assert "сразу не сообщается" in await choose(world, "Не сообщать")
        await choose(world, "‹ К опросу")
        await choose(world, "Опубликовать")
    asked = (await _latest(world, "nps")).question("recommend")
    assert isinstance(asked, NpsQuestion)
    assert asked.alert_at == "never"


async def test_forged_and_outdated_editing_buttons_change_nothing(world: World) -> None:
    async with world.bot():
        await _edit_nps(world)
        before = world.screen(ADMIN).text
        for data in (
            "q_when:1:s:t5.1",
            "q_when:1:v9:",
            "q_when:1:s:t0.99",
            "q_when:0:s:q0",
            "q_when:1:new:all",
            "q_when:1:v0:x0",
            "q_text:1:option.3",
            "q_text:1:variant.77",
            "q_set:1:variant_off:77",
            "q_set:1:option_off:0",
            "q_set:1:alert:3",
            "q_set:0:alert:99",
            "s_put:remind_after_days:40",
            "s_put:key:other",
            "s_text:key:ru",
            "s_drop:title",
            "s_pick:key",
        ):
            toast = await world.forge(ADMIN, f"1:m:{data}")
            assert toast, data
        await world.forge(ADMIN, "1:m:editor")
        assert world.screen(ADMIN).text == before


@pytest.mark.parametrize("key", sorted(catalog()))
def test_whatever_a_question_may_depend_on_makes_a_sound_survey(key: str) -> None:
    draft = questions.added(SurveyDraft(catalog()[key]), "text")
    last = draft.survey.questions[-1].key
    for asked in draft.survey.questions[:-1]:
        for test in conditions.tests(asked):
            of = conditions.Joined(({"question": asked.key, **test},))
            changed = conditions.with_condition(draft, last, None, of)
            assert conditions.present(changed.survey.question(last), None).parts
    assert questions.removed(draft, last).survey == catalog()[key]


def test_an_unsound_change_is_refused() -> None:
    draft = SurveyDraft(catalog()["nps"])
    with pytest.raises(SurveyInvalid):
        questions.removed(draft, "recommend")
    with pytest.raises(SurveyInvalid):
        questions.moved(draft, "recommend", 1)
    assert questions.moved(draft, "recommend", -1) == draft
