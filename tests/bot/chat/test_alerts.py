"""A detractor is told that somebody will be in touch, and somebody is told."""

from tests.bot.world import ADMIN, ANNA, MANAGER, World


async def test_a_low_score_reaches_manager_and_admin_once_with_the_words(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.arrive("M1", "C1")
        await world.launch("nps")
        await world.tap(ANNA, "3")
        await world.say(ANNA, "Никто <b>не</b> перезвонил")
        await world.settle()
        for reader in (MANAGER, ADMIN):
            told = world.screen(reader).text
            assert "3" in told
            assert "Анна" in told
            assert "Никто <b>не</b> перезвонил" in told
        seen = len(world.sandbox.messages(ADMIN))
        await world.tap(ANNA, "Изменить ответы")
        await world.tap(ANNA, "2")
        await world.tap(ANNA, "Пропустить")
        await world.settle()
        assert len(world.sandbox.messages(ADMIN)) == seen


async def test_a_high_score_disturbs_nobody(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.arrive("C1")
        await world.launch("nps")
        seen = len(world.sandbox.messages(ADMIN))
        await world.tap(ANNA, "9")
        await world.tap(ANNA, "Пропустить")
        await world.settle()
        assert len(world.sandbox.messages(ADMIN)) == seen
