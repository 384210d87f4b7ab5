"""/outbox: an admin decides about the messages of which nobody knows whether they arrived."""

from tests.bot.delivery.faults import FIRST, appoint, delivered, queue, states
from tests.bot.world import ADMIN, ANNA, World


async def _uncertain(world: World, count: int) -> None:
    await appoint(world)
    await queue(world, count)
    for number in range(count):
        world.sandbox.faults.add(
            {"kind": "cut_before", "method": "sendMessage", "chat_id": FIRST + number}
        )
    async with world.bot():
        for _ in range(4):
            await world.pass_time(minutes=2)


async def test_one_is_sent_again_and_one_is_left(world: World) -> None:
    await _uncertain(world, 2)
    async with world.bot():
        listed = await world.say(ADMIN, "/outbox")
        assert "О 2 сообщениях" in listed.text
        await world.tap(ADMIN, "2: отправить ещё раз")
        done = await world.tap(ADMIN, "1: оставить")
        assert "Все сообщения дошли" in done.text
        assert "Все сообщения дошли" in (await world.say(ADMIN, "/outbox")).text
    assert [c["chat_id"] for c in delivered(world) if c["chat_id"] != ADMIN] == [FIRST + 1]
    assert (await states(world))["left"] == 1


async def test_what_is_sent_again_by_night_waits_for_the_morning(world: World) -> None:
    await _uncertain(world, 1)
    async with world.bot():
        await world.pass_time(hours=12)
        await world.say(ADMIN, "/outbox")
        await world.tap(ADMIN, "1: отправить ещё раз")
        await world.settle()
        assert (await states(world))["queued"] == 1
        await world.pass_time(hours=12)
    assert [c["chat_id"] for c in delivered(world) if c["chat_id"] != ADMIN] == [FIRST]


async def test_all_are_sent_again_at_once(world: World) -> None:
    await _uncertain(world, 3)
    async with world.bot():
        await world.say(ADMIN, "/outbox")
        await world.tap(ADMIN, "Отправить все ещё раз")
    assert len([c for c in delivered(world) if c["chat_id"] != ADMIN]) == 3


async def test_nobody_but_an_admin_sees_or_decides(world: World) -> None:
    await _uncertain(world, 1)
    async with world.bot():
        await world.arrive("C1")
        assert not (await world.say(ANNA, "/outbox")).buttons
        await world.forge(ANNA, "1:m:outbox:again:all")
    assert (await states(world))["unknown"] == 1
