"""What comes in: kept before it is confirmed, in order within a chat, blocking nobody."""

import asyncio
import sqlite3
from contextlib import closing, suppress

import pytest

from bot.delivery import handle
from bot.delivery.handle import InboxHandler
from bot.delivery.replies import Replier, Replies
from bot.telegram import receive
from storage.engine.sqlite import source
from storage.people.addresses import of_telegram
from storage.sending import inbox
from storage.sending.inbox import InboxRow
from tests.bot.chat.test_conversation import _answers
from tests.bot.delivery.faults import appoint, full_disk
from tests.bot.world import ADMIN, ANNA, BORIS, PATIENCE, World
from tests.engines import of_sqlite, on_both

NONSENSE = {"message": {"from": {"id": ANNA}, "chat": {"id": ANNA}, "date": "yesterday"}}


async def _asked(world: World) -> None:
    await world.arrive("C1", "C2")
    await world.launch("nps")


@on_both
async def test_a_second_poller_is_reported_once_and_not_fought(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "_CONFLICT_SECONDS", 0.01)
    await appoint(world)
    world.sandbox.faults.add({"kind": "conflict", "method": "getUpdates", "times": 3})
    async with world.bot():
        async with asyncio.timeout(PATIENCE):
            while not world.sandbox.messages(ADMIN):
                await asyncio.sleep(0.01)
        await world.start(BORIS)
    assert len([m for m in world.sandbox.messages(ADMIN) if "программа" in m.text]) == 1


@on_both
async def test_doubled_and_reordered_updates_change_nothing(world: World) -> None:
    async with world.bot():
        await _asked(world)
        world.sandbox.faults.add({"kind": "duplicate_updates", "times": None})
        world.sandbox.faults.add({"kind": "reorder_updates", "times": None})
        await world.tap(ANNA, "9")
        await world.tap(BORIS, "2")
        await world.say(ANNA, "Быстро")
    assert await _answers(world, ANNA) == {"recommend": "9", "why": '"Быстро"'}
    assert await _answers(world, BORIS) == {"recommend": "2"}


async def test_what_was_said_while_the_bot_stood_still_is_taken_up_later(world: World) -> None:
    async with world.bot():
        await _asked(world)
        await world.tap(ANNA, "9")
    world.sandbox.say(ANNA, "Вежливо")
    await world.sandbox.clock.advance(20 * 3600)
    async with world.bot():
        await world.settle()
    assert (await _answers(world, ANNA))["why"] == '"Вежливо"'


@on_both
async def test_an_update_that_keeps_failing_is_parked_and_blocks_nobody_else(world: World) -> None:
    await appoint(world)
    async with world.bot():
        await _asked(world)
        world.sandbox.inject(NONSENSE)
        world.sandbox.tap(ANNA, label="9")
        await world.tap(BORIS, "3")
        assert await _answers(world, BORIS) == {"recommend": "3"}
        assert await _answers(world, ANNA) == {}, "the order within a chat was lost"
        for _ in range(4):
            await world.pass_time(minutes=3)
        assert await _answers(world, ANNA) == {"recommend": "9"}
        assert "otklik doctor" in world.screen(ADMIN).text
    async with world.database() as database, database.reading() as reader:
        (parked,) = await inbox.parked(reader)
    assert (parked.error, parked.attempts) == ("ValidationError", 5)


async def test_a_restart_goes_on_with_what_was_being_tried(world: World) -> None:
    async with world.bot():
        await _asked(world)
        world.sandbox.inject(NONSENSE)
        await world.settle()
    async with world.bot():
        for _ in range(4):
            await world.pass_time(minutes=3)
    async with world.database() as database, database.reading() as reader:
        (parked,) = await inbox.parked(reader)
    assert parked.attempts == 5


async def test_what_there_is_no_room_for_waits_at_telegram(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.handle.MOST_WAITING", 1)
    given: list[Replies] = []
    slowly, give = asyncio.Event(), Replier.give

    async def give_slowly(self: Replier, replies: Replies) -> None:
        given.append(replies)
        await slowly.wait()
        await give(self, replies)

    people = [world.sandbox.add_user("User", started=True) for _ in range(20)]
    async with world.bot():
        monkeypatch.setattr(Replier, "give", give_slowly)
        for number, person in enumerate(people):
            world.sandbox.say(person, "/help")
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE if number == 0 else 0.05):
                    while len(given) <= number:
                        await asyncio.sleep(0.005)
        assert len(given) <= 2, "one under way, and what the poll before it brought"
        slowly.set()
        await world.settle()
    assert all(world.screen(person).text for person in people)


async def test_who_taps_behind_a_rush_of_another_is_handled_beside_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle, "MOST_WAITING", 20)
    monkeypatch.setattr(handle, "SHARE", 8)
    monkeypatch.setattr(handle, "_FEW", 4)
    monkeypatch.setattr(receive, "_BATCH", 10)
    handled, behind = list[int](), asyncio.Event()
    effect = InboxHandler._effect

    async def noted(self: InboxHandler, row: InboxRow) -> tuple[Replies | None, bool]:
        if row.sender == of_telegram(ANNA) and len(handled) == 1:
            await behind.wait()
        handled.append(row.update_id)
        return await effect(self, row)

    async with world.bot():
        await _asked(world)
        monkeypatch.setattr(InboxHandler, "_effect", noted)
        rush = [world.sandbox.say(ANNA, "/help") for _ in range(60)]
        honest = world.sandbox.tap(BORIS, label="3").update_id
        async with asyncio.timeout(PATIENCE):
            while honest not in handled:
                await asyncio.sleep(0.005)
        assert handled == [rush[0], honest]
        behind.set()
        await world.settle()
    assert [one for one in handled if one != honest] == rush
    assert await _answers(world, BORIS) == {"recommend": "3"}


def test_of_each_sender_a_share_takes_room_until_the_inbox_is_full() -> None:
    assert handle.has_room_beside([handle.MOST_KEPT - 1])
    assert not handle.has_room_beside([handle.MOST_KEPT])
    assert not handle.has_room_beside([1] * handle.MOST_WAITING)


async def test_a_rush_of_one_person_is_kept_and_its_end_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.pacing.CHAT_INTERVAL", 0.001)
    monkeypatch.setattr("bot.delivery.handle._ANSWERED", 3)
    async with world.bot():
        await _asked(world)
        await world.tap(ANNA, "2")
        seen = len(world.sandbox.messages(BORIS))
    for number in range(20):
        world.sandbox.say(ANNA, f"мало {number}")
        world.sandbox.say(BORIS, "/help")
    async with world.bot():
        await world.settle()
    assert (await _answers(world, ANNA))["why"] == '"мало 0"'
    assert len(world.sandbox.messages(BORIS)) == seen + 20 + 3


async def test_a_full_disk_confirms_nothing_and_the_bot_recovers_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.handle._RETRY_SECONDS", 0.01)
    async with world.bot():
        await _asked(world)
        with full_disk(monkeypatch):
            tap = world.sandbox.tap(ANNA, label="9")
            async with asyncio.timeout(PATIENCE):
                while not _handed_out_twice(world, tap.update_id):
                    await asyncio.sleep(0.01)
            assert not world.sandbox.confirmed(tap.update_id)
        await world.settle()
    assert await _answers(world, ANNA) == {"recommend": "9"}


async def test_a_full_disk_does_not_count_as_a_failed_try(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.handle._RETRY_SECONDS", 0.01)
    async with world.bot():
        await _asked(world)
        with full_disk(monkeypatch, after=1) as failed:
            tap = world.sandbox.tap(ANNA, label="9")
            async with asyncio.timeout(PATIENCE):
                while len(failed) < 8:
                    await asyncio.sleep(0.01)
            assert world.sandbox.confirmed(tap.update_id), "it was in the inbox"
        await world.settle()
    assert await _answers(world, ANNA) == {"recommend": "9"}


async def test_a_commit_that_failed_once_is_tried_again_at_once_and_not_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.handle._RETRY_SECONDS", 0.01)
    async with world.bot():
        await _asked(world)
        with full_disk(monkeypatch, after=1, most=1) as failed:
            world.sandbox.tap(ANNA, label="9")
            await world.sandbox.settled(PATIENCE)
            await world.settle()
            assert failed
        assert await _answers(world, ANNA) == {"recommend": "9"}, "it waits as if it had failed"


def _handed_out_twice(world: World, update_id: int) -> bool:
    handed = [
        entry
        for entry in world.sandbox.journal.entries()
        if entry["kind"] == "call" and update_id in entry.get("handed", ())
    ]
    return len(handed) > 1


@of_sqlite("on a server programs write in turn, as tests/bot/test_replicas.py shows")
async def test_a_database_locked_by_another_program_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pragmas = ("busy_timeout = 20", *source._WRITER_PRAGMAS[1:])
    monkeypatch.setattr(source, "_WRITER_PRAGMAS", pragmas)
    async with world.bot():
        await _asked(world)
        path = world.settings.data_directory / "otklik.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            tap = world.sandbox.tap(ANNA, label="9")
            async with asyncio.timeout(PATIENCE):
                while not _handed_out_twice(world, tap.update_id):
                    await asyncio.sleep(0.01)
            assert not world.sandbox.confirmed(tap.update_id)
            other.execute("ROLLBACK")
        await world.settle()
    assert await _answers(world, ANNA) == {"recommend": "9"}


@on_both
async def test_a_stopping_bot_finishes_the_reply_it_has_begun(world: World) -> None:
    async with world.bot():
        await _asked(world)
        world.sandbox.faults.add({"kind": "slow", "method": "answerCallbackQuery", "delay": 0.3})
        world.sandbox.tap(ANNA, label="9")
        async with asyncio.timeout(PATIENCE):
            while not world.sandbox.faults.rules[-1].fired:
                await asyncio.sleep(0.005)
    assert "2 из 2" in world.screen(ANNA).text


@pytest.mark.parametrize("kind", ["cut_before", "forbidden_blocked", "chat_not_found"])
async def test_a_reply_that_failed_is_repaired_by_the_next_tap(world: World, kind: str) -> None:
    async with world.bot():
        await _asked(world)
        world.sandbox.faults.add({"kind": kind, "method": "editMessageText", "times": 3})
        world.sandbox.tap(ANNA, label="9")
        await world.settle()
        assert world.labels(ANNA)[:2] == ["0", "1"], "the edit should have failed"
        world.sandbox.faults.clear()
        shown = await world.tap(ANNA, "9")
    assert "2 из 2" in shown.text
    assert await _answers(world, ANNA) == {"recommend": "9"}


async def test_an_expired_tap_still_counts(world: World) -> None:
    async with world.bot():
        await _asked(world)
        world.sandbox.faults.add({"kind": "callback_expired", "method": "answerCallbackQuery"})
        shown = await world.tap(ANNA, "9")
    assert "2 из 2" in shown.text
