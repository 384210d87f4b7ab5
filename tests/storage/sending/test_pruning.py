"""What nothing needs any longer is forgotten; what makes a thing happen once never is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage.asking import campaign_queue, campaigns
from storage.people import links
from storage.people.addresses import of_telegram
from storage.people.lists import imports, list_rows
from storage.people.lists.listed import PersonRow
from storage.sending import errands, inbox, outbox, pruning, tally, uncertain
from storage.sending.outbox import NewMessage
from storage.tables.delivery import outbox as table
from storage.tables.imports import import_rows
from storage.tables.imports import imports as import_table
from storage.tables.people import link_failures
from tests.storage.world import DAY, NOW, World

MESSAGE = NewMessage(
    "key", of_telegram(1 << 40), "customer", 50, NOW, "show", {"text": "Анна, добрый день"}
)
INSTANT = timedelta(microseconds=1)
LATER = NOW + pruning.WORDS_KEPT + INSTANT


async def _put(world: World, *messages: NewMessage) -> None:
    async with world.database.transaction() as tx:
        for message in messages:
            await outbox.put(tx, message, NOW)


async def _sent(world: World) -> None:
    """Send all that is due."""
    async with world.database.transaction() as tx:
        while found := await outbox.claim(tx, NOW, limit=100):
            for claimed in found:
                await outbox.sent(tx, claimed.id, 7, NOW, "telegram's name")


async def _worded(world: World, days: timedelta) -> Sequence[int]:
    async with world.database.reading() as reader:
        return await pruning.worded(reader, NOW + days, 0, 100)


async def _forget(world: World) -> None:
    old = await _worded(world, pruning.WORDS_KEPT + INSTANT)
    async with world.database.transaction() as tx:
        await pruning.forget_words(tx, old)


async def test_the_words_of_a_settled_message_go_and_its_key_stays(world: World) -> None:
    file = replace(MESSAGE, key="file", kind="file", file_path="digest.html")
    await _put(world, MESSAGE, file)
    await _sent(world)
    assert await _worded(world, pruning.WORDS_KEPT) == []
    await _forget(world)
    async with world.database.transaction() as tx:
        rows = await tx.all(select(table.c.content, table.c.file_path, table.c.file_id))
        assert [list(row.values()) for row in rows] == [["{}", None, None]] * 2
        assert not await outbox.put(tx, MESSAGE, LATER), "the message would be sent again"
        assert await outbox.message_id(tx, "key") == 7
    assert await _worded(world, 999 * DAY) == []


@pytest.mark.parametrize("kind", ["invitation", "reminder", "low"])
async def test_nobody_is_told_twice_because_the_first_time_is_long_ago(
    world: World, kind: str
) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])
    message = replace(MESSAGE, key=f"{kind}:{invitation.id}", invitation_id=invitation.id)
    await _put(world, message)
    await _sent(world)
    await _forget(world)
    await _put(world, message)
    async with world.database.reading() as reader:
        assert await tally.by_state(reader) == {"sent": 1}


async def test_a_campaign_counts_the_same_after_the_words_are_gone(world: World) -> None:
    async with world.database.transaction() as tx:
        wave_id = await world.wave(tx)
        invitation = await world.invite(tx, world.customers[0], wave_id=wave_id)
        campaign_id = (await campaigns.get_wave(tx, wave_id)).campaign_id
    await _put(world, replace(MESSAGE, invitation_id=invitation.id))
    await _sent(world)
    async with world.database.reading() as reader:
        before = await campaign_queue.account(reader, campaign_id)
    await _forget(world)
    async with world.database.reading() as reader:
        assert await campaign_queue.account(reader, campaign_id) == before


async def test_what_is_not_settled_is_kept_whole(world: World) -> None:
    messages = [replace(MESSAGE, key=name) for name in ("queued", "sending", "unknown")]
    await _put(world, *messages)
    async with world.database.transaction() as tx:
        (first,) = await outbox.claim(tx, NOW)
        (_,) = await outbox.claim(tx, NOW)
        await outbox.unknown(tx, first.id, "timeout", NOW)
    assert await _worded(world, 999 * DAY) == []
    async with world.database.transaction() as tx:
        await uncertain.resend(tx, {"": NOW}, NOW, only=first.id)
    async with world.database.reading() as reader:
        assert "{}" not in await reader.scalars(select(table.c.content))


async def test_edits_go_altogether(world: World) -> None:
    await _put(world, replace(MESSAGE, kind="change"), replace(MESSAGE, key="said"))
    await _sent(world)
    await _forget(world)
    async with world.database.reading() as reader:
        assert await reader.scalars(select(table.c.key)) == ["said"]


async def test_many_are_gone_through_in_steps(world: World) -> None:
    await _put(world, *(replace(MESSAGE, key=f"{number}") for number in range(5)))
    await _sent(world)
    async with world.database.reading() as reader:
        first = await pruning.worded(reader, LATER, 0, 2)
        second = await pruning.worded(reader, LATER, first[-1], 9)
    assert (len(first), len(second)) == (2, 3)
    assert set(first).isdisjoint(second)


async def test_dead_letters_wait_for_a_season_and_living_ones_for_ever(world: World) -> None:
    async with world.database.transaction() as tx:
        await inbox.add(tx, [(1, of_telegram(1), "{}"), (2, of_telegram(1), "{}")], NOW)
        await inbox.failed(tx, 1, "KeyError", NOW, NOW, park=True)
        assert await pruning.forget_the_rest(tx, NOW + pruning.PARKED_KEPT) == 0
        assert await pruning.forget_the_rest(tx, NOW + pruning.PARKED_KEPT + INSTANT) == 1
        assert await inbox.parked(tx) == []
        assert [row.update_id for row in await inbox.pending(tx)] == [2]


async def test_wrong_tokens_are_forgotten_when_they_no_longer_count(world: World) -> None:
    async with world.database.transaction() as tx:
        for _ in range(links.MAX_FAILURES):
            await links.note_failure(tx, of_telegram(5), NOW)
        await pruning.forget_the_rest(tx, NOW + DAY - INSTANT)
        assert await links.too_many_failures(tx, of_telegram(5), NOW + DAY - INSTANT)
        await pruning.forget_the_rest(tx, NOW + 3 * DAY)
        assert await tx.scalar(select(func.count()).select_from(link_failures)) == 0


async def test_what_a_list_held_is_forgotten_and_its_number_never_given_again(
    world: World,
) -> None:
    async with world.database.transaction() as tx:
        ended = await imports.create(tx, world.managers[0], "file", "people.csv", NOW)
        waiting = await imports.create(tx, world.managers[1], "file", "people.csv", NOW)
        for one in (ended, waiting):
            await imports.change(tx, one.id, NOW, found={"samples": ["Анна"]})
        await imports.end(tx, ended.id, "done", NOW)
        await pruning.forget_the_rest(tx, LATER)
        assert (await imports.get(tx, ended.id)).found == {}
        assert (await imports.get(tx, waiting.id)).found != {}
        assert await tx.scalar(select(func.count()).select_from(import_table)) == 2


async def test_the_rows_of_a_broken_off_command_go_and_those_of_admins_stay(world: World) -> None:
    row = PersonRow(role="customer", external_id="C1", name="Анна")
    async with world.database.transaction() as tx:
        for import_id in (-1, -(1 << 48), 5):
            await list_rows.put(tx, import_id, [row])
        assert await pruning.drop_abandoned_lists(tx) == 2
        assert await tx.scalars(select(import_rows.c.import_id)) == [5]


async def test_files_are_needed_as_long_as_something_refers_to_them(world: World) -> None:
    manager = world.managers[0]
    async with world.database.transaction() as tx:
        reading = await imports.create(tx, manager, "file", "people.csv", NOW)
        await errands.ask(tx, "links", manager, NOW)
        (batch,) = await errands.of_kind(tx, "links")
        needed = await pruning.files_needed(tx, NOW)
        assert needed == {
            "digests": set(),
            "exports": set(),
            "imports": {reading.id},
            "links": {batch.id},
            "mydata": set(),
        }
        await errands.finish(tx, batch.id, "done", NOW)
        await errands.ask(tx, "links_over", None, NOW, {"folder": batch.id}, due_at=NOW + DAY)
        assert (await pruning.files_needed(tx, NOW))["links"] == {batch.id}
        await imports.end(tx, reading.id, "cancelled", NOW)
        (over,) = await errands.of_kind(tx, "links_over")
        await errands.finish(tx, over.id, "done", NOW)
        needed = await pruning.files_needed(tx, NOW)
        assert set(needed) == {"digests", "exports", "imports", "links", "mydata"}
        assert not any(needed.values())
