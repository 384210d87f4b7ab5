"""Inbox and outbox: nothing lost, nothing twice, every uncertain send counted."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage.answering import invitation_batches, invitations
from storage.asking import campaigns
from storage.database import Reader, Transaction
from storage.people import people
from storage.people.addresses import of_telegram
from storage.sending import first_messages, inbox, outbox, pauses, tally, uncertain
from storage.sending.outbox import Claimed, MessageKind, NewMessage
from storage.tables.people import addresses
from tests.storage.world import DAY, NOW, World

ONE, TWO = of_telegram(1), of_telegram(2)
BATCH = [(11, ONE, '{"a": 1}'), (10, TWO, "{}"), (1 << 40, ONE, "{}")]
MESSAGE = NewMessage("key", of_telegram(1 << 40), "customer", 50, NOW, "show", {"text": "Привет"})


async def test_updates_wait_in_the_order_of_their_ids(world: World) -> None:
    async with world.database.transaction() as tx:
        assert await inbox.add(tx, BATCH, NOW) == 3
        rows = await inbox.pending(tx)
        assert [(row.update_id, row.sender) for row in rows] == [
            (one, who) for one, who, _ in sorted(BATCH)
        ]
        assert [row.update_id for row in await inbox.pending(tx, {10, 1 << 40})] == [11]
        assert await inbox.take(tx, 11) == '{"a": 1}'
        assert await inbox.add(tx, [], NOW) == 0


async def test_of_each_sender_so_many_are_looked_for(world: World) -> None:
    async with world.database.transaction() as tx:
        await inbox.add(tx, [*BATCH, (12, ONE, "{}")], NOW)
        assert [row.update_id for row in await inbox.pending(tx, of_each=1)] == [10, 11]
        assert [row.update_id for row in await inbox.pending(tx, {11}, of_each=1)] == [10, 12]
        assert [row.update_id for row in await inbox.pending(tx, but_of={ONE})] == [10]
        assert sorted(await inbox.of_each(tx, NOW)) == [1, 3]


async def test_a_repeated_update_is_ignored_also_after_it_was_handled(world: World) -> None:
    async with world.database.transaction() as tx:
        await inbox.add(tx, BATCH, NOW)
        assert await inbox.add(tx, [BATCH[0], (12, ONE, "{}"), (12, ONE, "{}")], NOW) == 1
        assert await inbox.take(tx, 11) is not None
        assert await inbox.take(tx, 11) is None
        assert await inbox.add(tx, BATCH, NOW + DAY) == 0
        assert await inbox.count(tx, NOW) == 3


async def test_ids_are_forgotten_when_telegram_no_longer_repeats_them(world: World) -> None:
    async with world.database.transaction() as tx:
        await inbox.add(tx, BATCH, NOW)
        await inbox.take(tx, 10)
        assert await inbox.prune_seen(tx, NOW + DAY) == 0
        assert await inbox.prune_seen(tx, NOW + 3 * DAY) == 3
        assert await inbox.add(tx, [BATCH[1]], NOW + 3 * DAY) == 1


async def test_an_update_that_keeps_failing_is_parked_with_its_error(world: World) -> None:
    async with world.database.transaction() as tx:
        await inbox.add(tx, BATCH, NOW)
        await inbox.failed(tx, 10, "KeyError", NOW, NOW + DAY, park=False)
        (row,) = [row for row in await inbox.pending(tx) if row.update_id == 10]
        assert (row.attempts, row.not_before) == (1, NOW + DAY)
        assert await inbox.count(tx, NOW) == 2
        assert await inbox.next_due(tx) == NOW + DAY
        await inbox.failed(tx, 10, "KeyError", NOW, NOW + DAY, park=True)
        assert [row.update_id for row in await inbox.pending(tx)] == [11, 1 << 40]
        (parked,) = await inbox.parked(tx)
        assert (parked.update_id, parked.attempts, parked.error) == (10, 2, "KeyError")
        await inbox.unpark(tx, 10)
        assert (await inbox.pending(tx))[0].attempts == 0


async def _claim(world: World, days: int = 0) -> Claimed | None:
    async with world.database.transaction() as tx:
        rows = await outbox.claim(tx, NOW + days * DAY)
        return rows[0] if rows else None


async def _put(world: World, *messages: NewMessage) -> list[bool]:
    async with world.database.transaction() as tx:
        return [await outbox.put(tx, message, NOW) for message in messages]


async def _counts(world: World) -> dict[str, int]:
    async with world.database.reading() as reader:
        return await tally.by_state(reader)


async def test_a_key_makes_a_message_once(world: World) -> None:
    assert await _put(world, MESSAGE, replace(MESSAGE, content={"text": "again"})) == [True, False]
    claimed = await _claim(world)
    assert claimed is not None
    assert (claimed.content, claimed.attempts, claimed.repeat) == ({"text": "Привет"}, 1, False)
    assert claimed.address == of_telegram(1 << 40)
    assert await _claim(world) is None
    assert await _put(world, MESSAGE) == [False]


async def test_the_urgent_goes_first_and_nothing_before_its_time(world: World) -> None:
    await _put(
        world,
        replace(MESSAGE, key="slow"),
        replace(MESSAGE, key="later", priority=1, due_at=NOW + DAY),
        replace(MESSAGE, key="urgent", priority=10),
        replace(MESSAGE, key="earlier", due_at=NOW - DAY),
    )
    order = [await _claim(world) for _ in range(4)]
    assert [row.key if row else None for row in order] == ["urgent", "earlier", "slow", None]
    async with world.database.reading() as reader:
        assert await outbox.next_due(reader) == NOW + DAY


async def test_what_is_due_next_may_be_the_least_urgent(world: World) -> None:
    await _put(
        world,
        replace(MESSAGE, key="urgent", priority=9, due_at=NOW + 2 * DAY),
        replace(MESSAGE, key="between", priority=5, due_at=NOW + 3 * DAY),
        replace(MESSAGE, key="slow", priority=1, due_at=NOW + DAY, address=TWO),
    )
    async with world.database.reading() as reader:
        assert await outbox.next_due(reader) == NOW + DAY
        assert await outbox.next_due(reader, without={TWO}) == NOW + 2 * DAY


async def test_what_is_too_late_is_not_sent(world: World) -> None:
    await _put(world, replace(MESSAGE, expires_at=NOW))
    assert await _claim(world) is None
    assert await _counts(world) == {"expired": 1}


async def test_a_whole_wave_that_is_too_late_is_put_aside_in_steps(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_LATE_AT_ONCE", 3)
    late = [
        replace(MESSAGE, key=f"late {n}", address=of_telegram(n), expires_at=NOW) for n in range(5)
    ]
    await _put(world, *late, replace(MESSAGE, key="timely", due_at=NOW + DAY))
    found = []
    for _ in range(3):
        claimed = await _claim(world, 1)
        found.append((claimed and claimed.key, (await _counts(world))["expired"]))
    assert found == [(None, 3), (None, 5), ("timely", 5)]


async def test_a_pause_holds_the_whole_queue_and_survives(world: World) -> None:
    await _put(world, MESSAGE)
    async with world.database.transaction() as tx:
        await pauses.pause(tx, NOW + 2 * DAY, NOW)
        await pauses.pause(tx, NOW + DAY, NOW)
        assert await pauses.until(tx) == NOW + 2 * DAY
        assert await outbox.next_due(tx) == NOW + 2 * DAY
    assert await _claim(world, 1) is None
    assert await _claim(world, 2) is not None


async def test_a_chat_that_rests_keeps_nobody_else_waiting(world: World) -> None:
    await _put(world, replace(MESSAGE, priority=1), replace(MESSAGE, key="other", address=TWO))
    async with world.database.transaction() as tx:
        (claimed,) = await outbox.claim(tx, NOW, without={MESSAGE.address})
        assert claimed.address == TWO
        assert await outbox.claim(tx, NOW, without={MESSAGE.address}) == []
        assert await outbox.next_due(tx, without={MESSAGE.address}) is None
        assert await outbox.next_due(tx) == NOW


async def test_a_file_is_uploaded_once(world: World) -> None:
    file = replace(MESSAGE, file_path="digest.html")
    await _put(world, file, replace(file, key="other"))
    async with world.database.transaction() as tx:
        (first,) = await outbox.claim(tx, NOW)
        assert first.file_id is None
        await outbox.sent(tx, first.id, 1, NOW, "telegram's name")
        (second,) = await outbox.claim(tx, NOW)
        assert second.file_id == "telegram's name"


async def _claimed(tx: Transaction, count: int, now: datetime) -> Sequence[Claimed]:
    """Claim so many, one after the other: a claim takes one of a chat."""
    return [one for _ in range(count) for one in await outbox.claim(tx, now)]


async def test_an_admin_decides_about_uncertain_messages(world: World) -> None:
    await _put(world, MESSAGE, replace(MESSAGE, key="other"))
    async with world.database.transaction() as tx:
        for claimed in await _claimed(tx, 2, NOW):
            await outbox.unknown(tx, claimed.id, "timeout", NOW)
        first, second = await uncertain.listed(tx)
        await uncertain.leave(tx, first.id, NOW)
        await uncertain.resend(tx, {"": NOW}, NOW, only=second.id)
        await uncertain.leave(tx, second.id, NOW)
        assert await uncertain.listed(tx) == []
        assert await tally.by_state(tx) == {"left": 1, "queued": 1}


async def test_all_that_is_sent_again_waits_for_its_hour_of_the_same_day(world: World) -> None:
    later = NOW + timedelta(hours=3)
    await _put(world, MESSAGE, replace(MESSAGE, key="other"))
    async with world.database.transaction() as tx:
        for claimed in await _claimed(tx, 2, NOW):
            await outbox.unknown(tx, claimed.id, "timeout", NOW)
        await uncertain.resend(tx, {"": later}, NOW)
        assert await outbox.next_due(tx) == later
        assert await outbox.claim(tx, later - timedelta(seconds=1)) == []
        assert [one.id for one in await _claimed(tx, 2, later)] == [1, 2]


async def _invited_and_reminded(world: World) -> int:
    """Queue an invitation and its reminder; return the invitation's number."""
    async with world.database.transaction() as tx:
        number = (await world.invite(tx, world.customers[0])).id
    about = replace(MESSAGE, invitation_id=number)
    await _put(world, replace(about, key=f"invitation:{number}"))
    await _put(world, replace(about, key=f"reminder:{number}"))
    return number


async def test_an_invitation_and_its_reminder_are_not_sent_together(world: World) -> None:
    number = await _invited_and_reminded(world)
    async with world.database.transaction() as tx:
        for claimed in await _claimed(tx, 2, NOW):
            await outbox.unknown(tx, claimed.id, "timeout", NOW)
        assert [one.kind for one in await uncertain.listed(tx)] == ["invitation", "reminder"]
        await uncertain.resend(tx, {"": NOW}, NOW)
        assert await tally.by_state(tx) == {"left": 1, "queued": 1}
        (again,) = await _claimed(tx, 1, NOW)
        assert again.key == f"invitation:{number}"


async def test_an_invitation_whose_reminder_arrived_is_not_sent_again(world: World) -> None:
    await _invited_and_reminded(world)
    async with world.database.transaction() as tx:
        invited, reminded = await _claimed(tx, 2, NOW)
        await outbox.unknown(tx, invited.id, "timeout", NOW)
        await outbox.sent(tx, reminded.id, 7, NOW)
        await uncertain.resend(tx, {"": NOW}, NOW, only=invited.id)
        assert await tally.by_state(tx) == {"left": 1, "sent": 1}


async def test_a_claim_takes_one_message_a_chat(world: World) -> None:
    other = of_telegram(4711)
    await _put(
        world, MESSAGE, replace(MESSAGE, key="other", address=other), replace(MESSAGE, key="second")
    )
    async with world.database.transaction() as tx:
        assert [one.key for one in await outbox.claim(tx, NOW, limit=9)] == [MESSAGE.key, "other"]
        (second,) = await outbox.claim(tx, NOW, limit=9)
        await outbox.give_back(tx, second.id)
        (again,) = await outbox.claim(tx, NOW, limit=9)
        assert (again.key, again.attempts) == ("second", 1)


async def test_sent_failed_and_retried_messages_say_so(world: World) -> None:
    await _put(world, *(replace(MESSAGE, key=str(number)) for number in range(3)))
    sent, failed, again = [await _claim(world) for _ in range(3)]
    assert sent is not None
    assert failed is not None
    assert again is not None
    async with world.database.transaction() as tx:
        await outbox.sent(tx, sent.id, 1 << 40, NOW)
        await outbox.failed(tx, failed.id, "chat not found", NOW)
        await outbox.retry(tx, again.id, NOW + DAY, "refused")
    assert await _counts(world) == {"failed": 1, "queued": 1, "sent": 1}
    repeated = await _claim(world, 1)
    assert repeated is not None
    assert (repeated.id, repeated.attempts) == (again.id, 2)


async def test_an_uncertain_message_to_a_customer_is_listed_and_never_resent(world: World) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])
    await _put(world, replace(MESSAGE, invitation_id=invitation.id))
    claimed = await _claim(world)
    assert claimed is not None
    async with world.database.transaction() as tx:
        await outbox.unknown(tx, claimed.id, "timeout", NOW)
        assert (await invitations.get(tx, invitation.id)).state == "unknown"
        (listed,) = await uncertain.listed(tx)
        assert (listed.id, listed.error, listed.settled_at) == (claimed.id, "timeout", NOW)
    assert await _claim(world, 9) is None
    async with world.database.transaction() as tx:
        await uncertain.resend(tx, {"": NOW}, NOW, only=claimed.id)
    assert await _claim(world) is not None


@pytest.mark.parametrize("kind", ["show", "file"])
async def test_an_uncertain_message_to_staff_is_repeated_once_and_marked(
    world: World, kind: MessageKind
) -> None:
    await _put(world, replace(MESSAGE, audience="staff", kind=kind))
    for repeat in (False, True):
        claimed = await _claim(world)
        assert claimed is not None
        assert claimed.repeat is repeat
        async with world.database.transaction() as tx:
            await outbox.unknown(tx, claimed.id, "timeout", NOW)
    assert await _claim(world) is None
    assert await _counts(world) == {"unknown": 1}


async def test_a_restart_settles_what_was_being_sent(world: World) -> None:
    await _put(
        world,
        replace(MESSAGE, key="customer"),
        replace(MESSAGE, key="staff", audience="staff"),
        replace(MESSAGE, key="edit", kind="change"),
        replace(MESSAGE, key="waiting", due_at=NOW + DAY),
    )
    for _ in range(3):
        assert await _claim(world) is not None
    async with world.database.transaction() as tx:
        assert await outbox.recover(tx, NOW) == 3
        assert await outbox.recover(tx, NOW) == 0
    assert await _counts(world) == {"queued": 3, "unknown": 1}
    again = [await _claim(world) for _ in range(2)]
    assert [(row.key, row.repeat) for row in again if row] == [("staff", True), ("edit", False)]


async def test_a_claim_that_nobody_settles_ends_with_its_lease(world: World) -> None:
    await _put(world, MESSAGE)
    claimed = await _claim(world)
    assert claimed is not None
    async with world.database.transaction() as tx:
        just_before = NOW + outbox.LEASE - timedelta(seconds=1)
        assert not await outbox.claim(tx, just_before)
        assert not await outbox.claim(tx, NOW + outbox.LEASE, without={MESSAGE.address})
        assert await tally.by_state(tx) == {"sending": 1}
        assert not await outbox.claim(tx, NOW + outbox.LEASE)
        assert [listed.id for listed in await uncertain.listed(tx)] == [claimed.id]


async def test_messages_follow_a_group_to_its_new_id(world: World) -> None:
    await _put(world, MESSAGE)
    async with world.database.transaction() as tx:
        await outbox.migrate(tx, MESSAGE.address, of_telegram(-100))
    claimed = await _claim(world)
    assert claimed is not None
    assert claimed.address == of_telegram(-100)


async def test_nothing_more_is_said_about_a_cancelled_invitation(world: World) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])
        await outbox.put(tx, replace(MESSAGE, invitation_id=invitation.id), NOW)
        await outbox.put(tx, replace(MESSAGE, key="other"), NOW)
        await outbox.cancel_for_invitation(tx, invitation.id, NOW)
        assert await _states(tx) == {"cancelled": 1, "queued": 1}


async def _states(reader: Reader) -> dict[str, int]:
    return await tally.by_state(reader)


async def test_a_waves_first_messages_go_to_where_each_is_written_to(world: World) -> None:
    first, second = world.customers[:2]
    async with world.database.transaction() as tx:
        other = {"channel": "other", "address": "7", "person_id": first, "is_written_to": False}
        await tx.run(tx.insert(addresses), [other])
        wave = await campaigns.get_wave(tx, await world.wave(tx))
        asked = {first: NOW + DAY, second: None}
        await invitation_batches.create(tx, wave, world.definitions["nps"], "campaign", asked, NOW)
        content = json.dumps({"text": "«?»", "rows": [], "data": f"1:a:{first_messages.NUMBER}:0:"})
        rows = [(person, NOW, content) for person in (first, second)]
        for _ in range(2):
            await first_messages.put(tx, wave.id, rows, 50, NOW + DAY, NOW)
        claimed = await outbox.claim(tx, NOW, limit=9)
        assert [one.person_id for one in claimed] == [first, second]
        for one in claimed:
            assert one.person_id is not None
            assert one.invitation_id is not None
            assert one.address == (await people.get(tx, one.person_id)).address
            assert one.key == f"invitation:{one.invitation_id}"
            assert one.content["data"] == f"1:a:{one.invitation_id}:0:"
            asked_one = await invitations.get(tx, one.invitation_id)
            assert asked_one.remind_at == asked[one.person_id]
            assert asked_one.current_question is not None
