from dataclasses import replace

from storage import work
from storage.answering import invitation_batches, invitations
from storage.people import workspace
from storage.people.addresses import of_telegram
from storage.people.workspace import Workspace
from storage.sending import errands, inbox, outbox, pauses, schedules
from storage.sending.schedules import ScheduleRule
from tests.storage.sending.test_delivery import MESSAGE
from tests.storage.world import DAY, NOW, World, close_due


async def test_an_idle_company_has_nothing_left_to_do(world: World) -> None:
    async with world.database.reading() as reader:
        assert await work.unfinished(reader, NOW) == 0
        assert await work.next_due(reader) is None


async def test_updates_count_until_they_are_handled_or_parked(world: World) -> None:
    async with world.database.transaction() as tx:
        await inbox.add(tx, [(1, of_telegram(1), "{}"), (2, of_telegram(1), "{}")], NOW)
        assert await work.unfinished(tx, NOW) == 2
        await inbox.take(tx, 1)
        await inbox.failed(tx, 2, "x", NOW, NOW + DAY, park=False)
        assert await work.unfinished(tx, NOW) == 0
        assert await work.unfinished(tx, NOW + DAY) == 1
        assert await work.next_due(tx) == NOW + DAY
        await inbox.failed(tx, 2, "x", NOW, NOW, park=True)
        assert await work.unfinished(tx, NOW) == 0


async def test_messages_count_when_they_are_due_or_under_way(world: World) -> None:
    async with world.database.transaction() as tx:
        await outbox.put(tx, replace(MESSAGE, due_at=NOW + DAY), NOW)
        assert await work.unfinished(tx, NOW) == 0
        assert await work.next_due(tx) == NOW + DAY
        assert await work.unfinished(tx, NOW + DAY) == 1
        await pauses.pause(tx, NOW + 2 * DAY, NOW)
        assert await work.unfinished(tx, NOW + DAY) == 0
        (claimed,) = await outbox.claim(tx, NOW + 2 * DAY)
        assert await work.unfinished(tx, NOW + DAY) == 1
        await outbox.sent(tx, claimed.id, 1, NOW)
        assert await work.unfinished(tx, NOW + 9 * DAY) == 0


async def test_reminders_closings_and_digests_count_when_they_are_due(world: World) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])
        await invitations.sent(tx, invitation.id, 1, NOW)
        assert await work.unfinished(tx, NOW) == 0
        assert await work.next_due(tx) == NOW + 4 * DAY
        assert await work.unfinished(tx, NOW + 4 * DAY) == 1
        await invitation_batches.reminded(tx, [invitation.id], NOW + 4 * DAY)
        assert await work.next_due(tx) == NOW + 14 * DAY
        assert await work.unfinished(tx, NOW + 14 * DAY) == 1
        await close_due(tx, NOW + 14 * DAY)
        assert await work.unfinished(tx, NOW + 14 * DAY) == 0
        await errands.ask(tx, "digest", world.managers[0], NOW, {"period": "2026-09"})
        rule = ScheduleRule("weekly", 9, "UTC")
        await schedules.plan(tx, "digest", world.managers[0], rule, NOW + DAY, NOW)
        assert await work.unfinished(tx, NOW) == 1
        assert await work.unfinished(tx, NOW + DAY) == 2


async def test_settings_are_kept(world: World) -> None:
    async with world.database.transaction() as tx:
        await workspace.set_username(tx, "otklik_bot")
        kept = await workspace.get(tx)
    assert kept == Workspace(company="Ромашка", bot_username="otklik_bot")
    assert str(kept.tzinfo) == "Europe/Moscow"
