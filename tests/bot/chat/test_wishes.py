"""/stop and /start: invitations end and are on again, and both stay known."""

from tests.bot.world import ADMIN, ANNA, World


async def test_who_comes_back_is_told_and_both_wishes_are_kept(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.say(ANNA, "/start")
        assert not [one for one in world.sandbox.messages(ANNA) if "снова включены" in one.text]
        await world.say(ANNA, "/stop")
        await world.say(ANNA, "/stop")
        await world.pass_time(days=1)
        await world.say(ANNA, "/start")
        said = [one.text for one in world.sandbox.messages(ANNA)]
        assert sum("Приглашения снова включены" in text for text in said) == 1
        why = (await world.say(ADMIN, "/why Анна")).text
        assert "15 сентября 2026, 12:00: больше не хочет приглашений" in why
        assert "16 сентября 2026, 12:00: снова хочет" in why
        (told,) = (await world.operate("why", person="Анна"))["people"]
        assert [one["wanted"] for one in told["wishes"]] == [True, False]
        launched = await world.launch("nps")
        assert launched["invited"] == 1
