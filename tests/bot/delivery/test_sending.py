"""What goes out, under every fault that Telegram and the network know."""

import asyncio
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.app import serve
from bot.delivery.outcomes import Delivered
from bot.delivery.send import AHEAD, OutboxSender, breath
from bot.errors import TokenRefused
from storage.errors import QueryFailed
from storage.people.addresses import of_telegram
from storage.sending import outbox, tally
from templates.cards import qr_png
from tests.bot.delivery.faults import FIRST, appoint, delivered, queue, states
from tests.bot.world import ADMIN, World
from tests.engines import on_both


@on_both
async def test_429_holds_the_whole_queue_and_a_restart_does_not_forget(world: World) -> None:
    await queue(world, 5)
    world.sandbox.faults.add({"kind": "429", "method": "sendMessage", "retry_after": 60})
    async with world.bot():
        await world.settle()
    before = len(delivered(world))
    assert before <= 2, "what was in flight may arrive, nothing else"
    async with world.bot():
        await world.pass_time(seconds=50)
        assert len(delivered(world)) == before
        await world.pass_time(seconds=15)
        assert len(delivered(world)) == 5
    assert await states(world) == {"sent": 5}


@pytest.mark.parametrize("status", [500, 503])
@on_both
async def test_what_was_certainly_not_sent_is_tried_again(world: World, status: int) -> None:
    await queue(world)
    world.sandbox.faults.add({"kind": "5xx", "status": status, "method": "sendMessage", "times": 2})
    async with world.bot():
        for _ in range(3):
            await world.pass_time(minutes=1)
    assert await states(world) == {"sent": 1}
    assert len(delivered(world)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "cut_after"},
        {"kind": "cut_before"},
        {"kind": "5xx", "status": 502, "delivered": True},
        {"kind": "5xx", "status": 504},
    ],
)
@on_both
async def test_an_uncertain_send_is_listed_told_and_never_repeated(
    world: World, fault: dict[str, object]
) -> None:
    await appoint(world)
    await queue(world)
    world.sandbox.faults.add({**fault, "method": "sendMessage", "chat_id": FIRST})
    for _ in range(2):
        async with world.bot():
            await world.pass_time(days=1)
    arrived = [call for call in delivered(world) if call["chat_id"] == FIRST]
    assert len(arrived) <= 1
    assert (await states(world))["unknown"] == 1
    assert "/outbox" in world.screen(ADMIN).text


async def test_an_outage_makes_a_handful_of_uncertain_sends_not_a_wave(world: World) -> None:
    await queue(world, 60)
    rule = world.sandbox.faults.add({"kind": "5xx", "status": 502, "times": None})
    world.sandbox.faults.rules[-1].method = "sendMessage"
    async with world.bot():
        for _ in range(5):
            await world.pass_time(seconds=8)
        world.sandbox.faults.remove(rule)
        for _ in range(3):
            await world.pass_time(minutes=2)
    found = await states(world)
    assert found["unknown"] <= 10
    assert found["unknown"] + found["sent"] == 60


def test_the_breath_grows_and_an_outage_of_days_does_not_take_it_away() -> None:
    assert [breath(troubles) for troubles in (3, 4, 7, 8, 10_000)] == [2, 4, 32, 60, 60]


async def test_a_message_to_staff_is_repeated_once_and_marked(world: World) -> None:
    await queue(world, audience="staff")
    world.sandbox.faults.add({"kind": "cut_after", "method": "sendMessage"})
    async with world.bot():
        await world.settle()
    assert [call["params"]["text"] for call in delivered(world)] == [
        "<b>Привет</b>",
        "↻ <b>Привет</b>",
    ]


@on_both
async def test_one_bad_message_blocks_nobody(world: World) -> None:
    await queue(world, 3)
    world.sandbox.faults.add({"kind": "chat_not_found", "method": "sendMessage", "chat_id": FIRST})
    async with world.bot():
        await world.settle()
    assert await states(world) == {"failed": 1, "sent": 2}


@on_both
async def test_markup_that_telegram_cannot_parse_goes_as_plain_text(world: World) -> None:
    await queue(world, content={"text": "<b>Привет", "rows": []})
    async with world.bot():
        await world.settle()
    assert await states(world) == {"sent": 1}
    assert world.screen(FIRST).text == "<b>Привет"


@on_both
async def test_a_group_that_moved_is_followed(world: World) -> None:
    group = world.sandbox.add_group("Штаб", [ADMIN], supergroup=False)
    await queue(world, address=of_telegram(group), audience="staff")
    moved = world.sandbox.migrate(group)
    async with world.bot():
        await world.settle()
    assert world.screen(moved).text
    assert await states(world) == {"sent": 1}


async def test_an_edit_that_changes_nothing_has_succeeded(world: World) -> None:
    await queue(world)
    async with world.bot():
        await world.settle()
    content = {"text": "<b>Привет</b>", "rows": [], "message": world.screen(FIRST).message_id}
    await queue(world, key="edit", kind="change", content=content)
    async with world.bot():
        await world.settle()
    assert await states(world) == {"sent": 2}


async def test_a_file_is_uploaded_once_for_everybody(world: World, tmp_path: Path) -> None:
    page = tmp_path / "digest.html"
    page.write_text("<p>Дайджест</p>")
    changed: dict[str, Any] = {"kind": "file", "content": {"caption": "Вот"}}
    changed["file_path"] = str(page)
    await queue(world, 1, **changed)
    async with world.bot():
        await world.settle()
    await queue(world, 1, key="second", **changed)
    async with world.bot():
        await world.settle()
    first, second = (call["params"]["document"] for call in delivered(world, "sendDocument"))
    assert first["file"]
    assert isinstance(second, str)
    assert world.sandbox.messages(FIRST)[-1].document is not None


@on_both
async def test_what_follows_a_file_does_not_overtake_it(world: World, tmp_path: Path) -> None:
    for name in ("picture.png", "digest.html"):
        (tmp_path / name).write_bytes(qr_png("x"))
    shown: dict[str, Any] = {"kind": "file", "content": {"caption": "Вот", "shown": True}}
    await queue(world, 1, key="digest:1", file_path=str(tmp_path / "picture.png"), **shown)
    page: dict[str, Any] = {"kind": "file", "content": {"caption": ""}}
    await queue(world, 1, key="digest:1:2", file_path=str(tmp_path / "digest.html"), **page)
    world.sandbox.faults.add({"kind": "5xx", "status": 500, "method": "sendPhoto", "times": 1})
    async with world.bot():
        await world.settle()
        assert world.sandbox.messages(FIRST) == []
        await world.pass_time(seconds=30)
    kinds = ["photo" in one.body for one in world.sandbox.messages(FIRST)]
    assert kinds == [True, False]


@on_both
async def test_a_revoked_token_ends_the_program_loudly_and_loses_nothing(world: World) -> None:
    await queue(world)
    world.sandbox.faults.add({"kind": "unauthorized", "method": "sendMessage"})
    async with asyncio.timeout(10):
        with pytest.raises(TokenRefused, match="BotFather"):
            await serve(world.settings, world.announce)
    async with world.database() as database, database.reading() as reader:
        assert await tally.by_state(reader) == {"queued": 1}


async def test_a_chat_that_must_rest_keeps_nobody_else_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.pacing.CHAT_INTERVAL", 3600.0)
    await queue(world, 1, priority=1)
    await queue(world, 3, key="one more", priority=2)
    await queue(world, 20, priority=50)
    async with world.bot():
        async with asyncio.timeout(20):
            while len(delivered(world)) < 20:
                await asyncio.sleep(0.01)
    assert (await states(world))["queued"] == 1


async def test_what_breaks_the_sending_itself_leaves_nothing_in_between(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = AsyncMock(side_effect=[RuntimeError("a mistake of ours"), Delivered(result=True)])
    monkeypatch.setattr("bot.telegram.channel.deliver", broken)
    await queue(world, 2)
    async with world.bot():
        async with asyncio.timeout(20):
            while set(await states(world)) != {"sent", "unknown"}:
                await asyncio.sleep(0.01)
    assert await states(world) == {"sent": 1, "unknown": 1}


async def test_what_cannot_be_noted_together_is_noted_apart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = AsyncMock(side_effect=QueryFailed("a mistake of ours"))
    monkeypatch.setattr("bot.delivery.send.settle_delivered", together)
    await queue(world, 5)
    async with world.bot():
        await world.settle()
    assert together.await_count
    assert await states(world) == {"sent": 5}


async def test_what_waits_for_its_turn_when_the_program_stops_goes_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, drain = asyncio.Event(), OutboxSender.drain

    async def waiting(*_: object) -> None:
        await turn.wait()

    async def draining(sender: OutboxSender) -> None:
        turn.set()
        await drain(sender)

    monkeypatch.setattr("bot.telegram.channel.Telegram.broadcast_turn", waiting)
    monkeypatch.setattr(OutboxSender, "drain", draining)
    await queue(world, 9)
    async with world.bot():
        async with asyncio.timeout(20):
            while (await states(world)).get("sending") != AHEAD:
                await asyncio.sleep(0.01)
    assert delivered(world) == []
    assert await states(world) == {"queued": 9}


async def test_what_breaks_the_claiming_ends_the_program_loudly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "claim", AsyncMock(side_effect=RuntimeError("a mistake of ours")))
    await queue(world)
    async with asyncio.timeout(10):
        with pytest.raises(RuntimeError, match="a mistake of ours"):
            await serve(world.settings, world.announce)
