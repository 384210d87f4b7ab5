"""A survey made without a file: questions added, worded, scaled, moved, removed, and published."""

import pytest

from storage.asking import definitions
from surveys.errors import SurveyInvalid
from surveys.survey import editing_questions as questions
from surveys.survey.catalog import catalog
from surveys.survey.definition import ChoiceQuestion, NumberQuestion, ScaleQuestion, Survey
from surveys.survey.editing import Draft
from tests.bot.chat.test_wizard import choose, claim
from tests.bot.world import ADMIN, ANNA, World


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
        await choose(world, "✎ 1 · Русский")
        assert "совсем сложно" in (await world.say(ADMIN, "совсем сложно")).text
        await choose(world, "Что измеряет")
        await choose(world, "CES")
        await choose(world, "Когда задаётся")
        assert "Задаётся: ответ 1 не больше 6" in await choose(world, "ответ 1 не больше 6")
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
        await choose(world, "✎ ответ 1 не больше 6 · Русский")
        await world.say(ADMIN, "Что пошло не так?")
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
                await choose(world, "✎ Вариант 3 · Русский")
                await world.say(ADMIN, "Никогда")
            if kind != "Число":
                await choose(world, "‹ К опросу")
        await choose(world, "Наименьшее и наибольшее")
        refused = await world.say(ADMIN, "60 0")
        assert "min" in refused.text
        await choose(world, "Наименьшее и наибольшее")
        await world.say(ADMIN, "0 60")
        await choose(world, "‹ К опросу")
        await choose(world, "Опубликовать")
    survey = await _latest(world, "nps")
    kinds = ["nps", "text", "choice", "choices", "text", "yes_no", "number"]
    assert [one.kind for one in survey.questions] == kinds
    choice, number = survey.questions[2], survey.questions[-1]
    assert isinstance(choice, ChoiceQuestion)
    assert [one.text.ru for one in choice.options] == ["Вариант 1", "Вариант 2", "Никогда"]
    assert isinstance(number, NumberQuestion)
    assert (int(number.min), int(number.max)) == (0, 60)


@pytest.mark.parametrize("key", sorted(catalog()))
def test_whatever_a_question_may_depend_on_makes_a_sound_survey(key: str) -> None:
    draft = questions.added(Draft(catalog()[key]), "text")
    last = draft.survey.questions[-1].key
    for condition in questions.conditions(draft.survey, last):
        assert questions.with_values(draft, last, show_if=condition).survey.question(last).show_if
    assert questions.removed(draft, last).survey == catalog()[key]


def test_an_unsound_change_is_refused() -> None:
    draft = Draft(catalog()["nps"])
    with pytest.raises(SurveyInvalid):
        questions.removed(draft, "recommend")
    with pytest.raises(SurveyInvalid):
        questions.moved(draft, "recommend", 1)
    assert questions.moved(draft, "recommend", -1) == draft
