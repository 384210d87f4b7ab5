"""Small things that a newcomer meets, as they are tapped and typed."""

from tests.bot.world import ANNA, MANAGER, World


async def test_words_for_a_point_are_answered_with_the_ends_of_that_scale(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("service_request")
        said = await world.say(ANNA, "хорошо")
        assert "от 1 до 7" in said.text


async def test_menu_shows_everybody_where_they_are(world: World) -> None:
    async with world.bot():
        await world.arrive("M1", "C1")
        await world.say(MANAGER, "/menu")
        assert "Мои клиенты" in world.labels(MANAGER)
        assert "открытых вопросов" in (await world.say(ANNA, "/menu")).text
