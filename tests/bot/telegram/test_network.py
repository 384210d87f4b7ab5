"""The network between the bot and Telegram: cut, dripping, slow; and what Telegram asks for."""

import asyncio
from collections.abc import Callable

import pytest

from bot.app import serve
from bot.errors import TokenRefused
from bot.telegram import receive
from storage.sending import outbox, pauses
from tests.bot.chat.test_conversation import _answers
from tests.bot.delivery.faults import delivered, states
from tests.bot.telegram.network import network
from tests.bot.world import ANNA, BORIS, PATIENCE, World
from tests.engines import on_both


async def _until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not reached():
            await asyncio.sleep(0.01)


async def test_a_cut_network_is_outlasted_and_everything_goes_out_after(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "_LONGEST_RETRY", 0.05)
    async with network(world) as between, world.bot():
        await world.arrive("C1", "C2")
        await between.cut()
        await world.operate("start_campaign", survey="nps", segment=None)
        world.sandbox.say(BORIS, "/help")
        for _ in range(3):
            await world.sandbox.clock.advance(60)
            await _until_tried(world)
        assert not _invited(world)
        await between.restore()
        for _ in range(3):
            await world.pass_time(minutes=6)
        assert sorted(_invited(world)) == [ANNA, BORIS]
        await world.tap(ANNA, "9")
    assert await _answers(world, ANNA) == {"recommend": "9"}
    assert await states(world) == {"sent": 2}


async def _until_tried(world: World) -> None:
    """Wait until nothing is being tried: what is queued waits for its next try."""
    async with asyncio.timeout(PATIENCE), world.database() as database:
        while True:
            now = world.sandbox.clock.now()
            async with database.reading() as reader:
                if not await reader.scalar(outbox.unsettled(staff=True), {"now": now}):
                    return
            await asyncio.sleep(0.01)


def _invited(world: World) -> list[int]:
    return [call["chat_id"] for call in delivered(world) if "порекоменд" in call["params"]["text"]]


@on_both
async def test_a_dripping_network_is_only_slow(world: World) -> None:
    async with network(world) as between:
        between.drips = True
        async with world.bot():
            await world.arrive("C1")
            await world.launch("nps")
            await world.tap(ANNA, "9")
    assert between.passed > 1_000
    assert await _answers(world, ANNA) == {"recommend": "9"}
    assert await states(world) == {"sent": 1}


async def test_updates_cut_off_on_their_way_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "_LONGEST_RETRY", 0.05)
    async with network(world) as between, world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        between.left = 100
        tap = world.sandbox.tap(ANNA, label="9")
        await _until(lambda: between.left == 0)
        await between.cut()
        assert not world.sandbox.confirmed(tap.update_id)
        await between.restore()
        await world.sandbox.settled(PATIENCE)
        await world.settle()
    assert await _answers(world, ANNA) == {"recommend": "9"}


async def test_429_for_a_reply_holds_the_broadcast_too(world: World) -> None:
    fault = {"kind": "429", "method": "sendMessage", "retry_after": 3600}
    async with world.bot():
        await world.arrive("C1", "C2")
        world.sandbox.faults.add({**fault, "chat_id": ANNA})
        world.sandbox.say(ANNA, "/help")
        await _until_paused(world)
        await world.operate("start_campaign", survey="nps", segment=None)
        await world.settle()
        assert not _invited(world)
        await world.pass_time(hours=2)
    assert sorted(_invited(world)) == [ANNA, BORIS]


async def _until_paused(world: World) -> None:
    async with asyncio.timeout(PATIENCE), world.database() as database:
        while True:
            async with database.reading() as reader:
                if await pauses.until(reader) is not None:
                    return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("method", ["getUpdates", "answerCallbackQuery", "editMessageText"])
async def test_a_token_revoked_while_running_stops_it_loudly_and_loses_nothing(
    world: World, method: str
) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
    world.sandbox.tap(ANNA, label="9")
    world.sandbox.faults.add({"kind": "unauthorized", "method": method})
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(TokenRefused, match="BotFather"):
            await serve(world.settings, world.announce)
    async with world.bot():
        await world.settle()
    assert await _answers(world, ANNA) == {"recommend": "9"}


async def test_an_outage_that_ends_by_night_wakes_nobody(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.pass_time(hours=8)
        rule = world.sandbox.faults.add(
            {"kind": "5xx", "status": 500, "method": "sendMessage", "times": None}
        )
        await world.launch("nps")
        for _ in range(80):
            await world.pass_time(minutes=3)
        assert not _invited(world)
        world.sandbox.faults.remove(rule)
        for _ in range(6):
            await world.pass_time(hours=1)
        assert not _invited(world), "it is deep night"
        for _ in range(6):
            await world.pass_time(hours=1)
    assert sorted(_invited(world)) == [ANNA, BORIS]
