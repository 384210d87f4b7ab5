"""The criteria page in the admin's chat, over the local Telegram."""

from bot.says.taps import MenuTap
from tests.bot.chat.test_wizard import choose
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, World


def read(world: World) -> str:
    """Return what the admin reads, with plain blanks."""
    return world.screen(ADMIN).text.replace("\N{NO-BREAK SPACE}", " ")


async def test_an_admin_counts_the_page_turns_it_and_says_who_is_loyal(world: World) -> None:
    facts = {"customers_start": "100", "customers_new": "5", "customers_lost": "10"}
    rows = [[2, "2026-09", facts, ""], [3, "2026-08", facts, ""]]
    async with world.bot():
        await world.operate("import_facts", rows=rows)
        await world.arrive("C1", "C2")
        await world.launch("loyalty")
        for who in (ANNA, BORIS):
            for answer in ("9", "5", "4"):
                await world.tap(who, answer)
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        assert "август 2026" in await choose(world, "Критерии")
        assert "нет значения" in read(world) or "пока нет" in read(world)
        await choose(world, "Другой период")
        await choose(world, "сентябрь 2026")
        page = read(world)
        assert page.count("•") == 8
        assert "Индекс лояльности клиентов: " in page
        assert "ответы клиентов, 2 ответа, на 15 сентября 2026" in page
        assert "Число ушедших клиентов: 10 из 100" in page
        assert "«Новая кампания» в боте" in page
        index = await choose(world, "Индекс и веса")
        assert "Веса равные: критерии ещё никто не сравнивал" in index
        assert "Лояльным здесь считается промоутер" in await choose(world, "Деньги")
        await choose(world, "Кто лоялен")
        await choose(world, "Купил снова 2")
        assert "✓ Купил снова 2 раза" in world.labels(ADMIN)
        company = await world.operate("company")
        assert company["loyal_repeats"] == 2


async def test_the_page_is_the_admins_alone_and_old_buttons_say_so(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await become_admin(world)
        for place, argument in (
            ("criteria", "2026-09"),
            ("criteria_part", "index"),
            ("loyal", "1"),
        ):
            await world.forge(MANAGER, MenuTap(place, (argument,)).pack())
        assert (await world.operate("company"))["loyal_repeats"] is None
        for forged in ("criteria:2026-99", "criteria_part:index", "criteria_part:x", "loyal:77"):
            assert "устарела" in await world.forge(ADMIN, f"1:m:{forged}")
