"""The admin's screens where there is much of everything: sixty managers, thirty campaigns."""

from bot.says.fitting import units
from storage.asking import campaigns, definitions, ledger
from storage.asking.campaigns import CampaignDraft
from storage.asking.ledger import Line
from storage.database import open_database
from storage.people import people
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from tests.bot.chat.test_wizard import begin_nps, choose
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, START, World

NAME = "Очень длинное название кампании про качество обслуживания на северо-западе"


async def _many_managers(world: World, count: int) -> None:
    url = world.settings.database_url
    rows = [
        PersonRow(role="manager", external_id=f"X{number}", name=f"Менеджер {number:02}")
        for number in range(count)
    ]
    async with open_database(url) as database, database.transaction() as tx:
        await people_import.apply(tx, rows, START)


async def _many_campaigns(world: World, count: int) -> None:
    url = world.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        nps = await definitions.latest(tx, "nps")
        anna = await people.by_external(tx, "C1")
        assert nps is not None
        assert anna is not None
        for number in range(count):
            draft = CampaignDraft(nps.id, f"{NAME} {number}", 14)
            made = await campaigns.create(tx, draft, None, START)
            wave = await campaigns.start_wave(tx, made.id, "x" * 40, START, START)
            await ledger.record(tx, wave.id, [Line(anna.id, "asked_recently")], START)


async def test_every_one_of_sixty_managers_can_be_chosen(world: World) -> None:
    await _many_managers(world, 60)
    async with world.bot():
        await become_admin(world)
        await begin_nps(world)
        await choose(world, "Все клиенты")
        await choose(world, "Менеджер")
        seen: list[str] = []
        while True:
            seen += [label for label in world.labels(ADMIN) if label.startswith("Менеджер ")]
            if "›" not in world.labels(ADMIN):
                break
            await world.tap(ADMIN, "›")
        assert seen == sorted({f"Менеджер {number:02}" for number in range(60)})
        last = await choose(world, "Менеджер 59")
        assert "✓ Менеджер 59" in last
        assert "✓ Менеджер 59" in world.labels(ADMIN)
        await world.tap(ADMIN, "‹")
        assert "Менеджер: Менеджер 59" in await choose(world, "Готово")


async def test_the_oldest_of_thirty_campaigns_can_be_opened(world: World) -> None:
    await _many_campaigns(world, 30)
    async with world.bot():
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Кампании")
        for _ in range(5):
            await world.tap(ADMIN, "›")
        assert "›" not in world.labels(ADMIN)
        assert f"{NAME} 0" in await choose(world, "30. ")


async def test_why_counts_the_decisions_that_it_has_no_room_for(world: World) -> None:
    await _many_campaigns(world, 30)
    async with world.bot():
        await become_admin(world)
        text = (await world.say(ADMIN, "/why C1")).text
    lines = text.splitlines()
    shown = sum("недавно уже был опрос" in line for line in lines)
    assert units(text) <= 4096
    assert 0 < shown <= 10
    assert lines[-1] == f"… и ещё {30 - shown}"


async def test_a_trial_can_be_ended_at_any_question(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await begin_nps(world)
        await choose(world, "Все клиенты")
        await choose(world, "Попробовать")
        await choose(world, "9")
        assert "Проба окончена" in await choose(world, "Закончить пробу")
        assert "Что сделаем" in (await world.say(ADMIN, "не ответ на вопрос")).text


async def test_unpublished_changes_are_not_lost_to_another_survey(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        said = ""
        for survey, button in (("Лояльность", "Изменить"), ("Готовность", "Копировать")):
            await world.say(ADMIN, "/menu")
            await choose(world, "Опросы")
            await choose(world, survey)
            said = await choose(world, button)
        assert "Вы изменили опрос «Лояльность»" in said
        assert "Лояльность" in await choose(world, "Продолжить правку")


async def test_a_question_that_others_depend_on_is_named_when_it_is_left_out(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Опросы")
        await choose(world, "Готовность")
        await choose(world, "Изменить")
        await choose(world, "✓ 1")
        said = await choose(world, "Опубликовать")
        assert "Вопрос 2 зависит от вопроса 1" in said
        await choose(world, "✗ 1")
        assert "Опубликовано" in await choose(world, "Опубликовать")
