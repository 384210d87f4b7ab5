"""What the managers' surveys of the catalog say at their end, and to the admins."""

from bot.operations.reports import criteria, digest
from bot.says.taps import MenuTap
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, MANAGER, World


async def test_a_time_study_ends_with_the_minutes_of_a_client(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("time_study")
        await world.settle()
        for minutes in ("5", "2", "8 минут", "5", "7"):
            await world.say(MANAGER, minutes)
        last = await world.say(MANAGER, "30")
        assert "Минут на одного клиента всего: 57." in last.text


async def _study(world: World, *minutes: str) -> None:
    await world.settle()
    for one in minutes:
        await world.say(MANAGER, one)


async def test_a_time_studys_minutes_become_facts_with_one_tap(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await become_admin(world)
        await world.operate("start_campaign", text="survey: time_study\nlabel: before")
        await _study(world, "5", "2", "8", "5", "7", "30")
        await world.pass_time(days=90)
        await world.operate("start_campaign", text="survey: time_study\nlabel: after")
        await _study(world, "1", "1", "4", "2", "1", "3")
        await world.say(ADMIN, "/menu")
        shown = await world.tap(ADMIN, "Данные")
        assert "минут на клиента до CRM: 57 (1 менеджер)" in shown.text
        assert "минут на клиента сейчас: 12 (1 менеджер)" in shown.text
        assert (await world.operate("list_facts"))["months"] == []
        await world.tap(ADMIN, "Взять эти минуты в данные")
        assert "Взять эти минуты в данные" not in world.labels(ADMIN)
        [month] = (await world.operate("list_facts"))["months"]
        assert month["month"] == "2026-11"
        assert month["values"] == {"minutes_before": "57", "minutes_after": "12"}
        await world.forge(ADMIN, MenuTap("facts_past", ("2026-11",)).pack())
        assert "по хронометражу 1 менеджера" in world.screen(ADMIN).text
        others = {"crm_investment": "205500", "crm_running": "4500", "wage": "21000"}
        row = [2, "2026-11", {**others, "managers": "5", "minutes_before": "50"}, "RUB"]
        await world.operate("import_facts", rows=[row])
        made = await digest.make(
            world.settings.database_url, "2026-11", "ru", world.sandbox.clock.now()
        )
        sources = "раньше — данные компании; сейчас — хронометраж, ответ 1 менеджера"
        assert f"Откуда минуты: {sources}" in made.html()
        page = await criteria.make(
            world.settings.database_url, "2026-11", "ru", world.sandbox.clock.now()
        )
        assert "месячные данные, минуты из хронометража" in page.text()
        await world.forge(ADMIN, MenuTap("facts_study").pack())
        assert len((await world.operate("list_facts"))["months"]) == 1
        await world.forge(MANAGER, MenuTap("facts_study").pack())
        assert "Хронометраж" not in world.screen(MANAGER).text


async def test_an_admin_reads_whether_it_is_time_for_a_crm(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await world.tap(ADMIN, "Опросы")
        shown = await world.tap(ADMIN, "Нужна ли нам CRM")
        assert "Казулина (2021)" in shown.text
        assert "Ещё никто не ответил" in (await world.tap(ADMIN, "Что показали ответы")).text
        await world.launch("crm_readiness")
        await world.settle()
        await world.say(MANAGER, "40")
        await world.say(MANAGER, "12")
        await world.tap(MANAGER, "Нет")
        await world.say(MANAGER, "5")
        await world.tap(MANAGER, "Нет")
        await world.tap(MANAGER, "На бумаге")
        await world.tap(MANAGER, "В CRM")
        await world.tap(MANAGER, "На бумаге")
        assert "Вывод" in (await world.tap(MANAGER, "Пропустить")).text
        await world.forge(ADMIN, MenuTap("readiness").pack())
        said = world.screen(ADMIN).text
        assert "CRM пора внедрять: признаков 3 из 3." in said
        assert "контакты 1 из 1, переписка 0 из 1, документы 1 из 1" in said
        assert "За двенадцать месяцев ответил 1 менеджер" in said
        await world.forge(MANAGER, MenuTap("readiness").pack())
        assert "пора внедрять" not in world.screen(MANAGER).text
