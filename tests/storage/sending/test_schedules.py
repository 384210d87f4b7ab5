import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.database import open_database
from storage.sending import errands, schedules
from storage.sending.errands import Errand
from storage.sending.schedules import ScheduleRule
from tests.storage.world import DAY, NOW, World

ZONE = "Europe/Moscow"
WEEKLY, DAILY = ScheduleRule("weekly", 9, ZONE), ScheduleRule("daily", 4, ZONE)


async def _subscribe(world: World, person: int = 0) -> datetime:
    slot = WEEKLY.next(NOW)
    assert slot is not None
    async with world.database.transaction() as tx:
        await schedules.plan(tx, "digest", world.managers[person], WEEKLY, slot, NOW)
    return slot


async def _claim(world: World, now: datetime) -> Sequence[Errand]:
    """Return the errands that were not there before."""
    async with world.database.transaction() as tx:
        before = await errands.of_kind(tx, "digest")
        await schedules.claim_due(tx, now)
        return [one for one in await errands.of_kind(tx, "digest") if one not in before]


async def test_a_subscription_is_changed_not_doubled(world: World) -> None:
    slot = await _subscribe(world)
    manager = world.managers[0]
    async with world.database.transaction() as tx:
        later = ScheduleRule("weekly", 18, "UTC")
        await schedules.plan(tx, "digest", manager, later, slot + DAY, NOW)
        (one,) = await schedules.of(tx, "digest", manager)
        assert (one.rule, one.next_due_at) == (later, slot + DAY)
        await schedules.plan(tx, "digest", manager, ScheduleRule("monthly", 9, ZONE), slot, NOW)
        await schedules.end(tx, "digest", manager, "weekly")
        (one,) = await schedules.of(tx, "digest", manager)
        assert one.rule.frequency == "monthly"
        await schedules.end(tx, "digest", manager)
        assert await schedules.of(tx, "digest", manager) == []
        assert await schedules.next_due(tx) is None


async def test_a_slot_is_claimed_once(world: World) -> None:
    slot = await _subscribe(world)
    assert await _claim(world, slot - timedelta(seconds=1)) == []
    claims = await asyncio.gather(*(_claim(world, slot) for _ in range(10)))
    (made,) = [one for found in claims for one in found]
    assert (made.person_id, made.slot) == (world.managers[0], slot)
    assert made.parameters == {"frequency": "weekly", "zone": ZONE}
    async with world.database.reading() as reader:
        assert await errands.due(reader, slot) == [made]
        (one,) = await schedules.of(reader, "digest", world.managers[0])
    assert one.next_due_at == slot + 7 * DAY


async def test_a_claimed_slot_stays_claimed_after_a_restart(url: str) -> None:
    async with open_database(url) as database:
        world = await World.build(database)
        slot = await _subscribe(world)
        (made,) = await _claim(world, slot)
    async with open_database(url) as database:
        world.database = database
        assert await _claim(world, slot) == []
        async with database.reading() as reader:
            assert await errands.due(reader, slot) == [made]


async def test_of_missed_slots_the_latest_is_made_once(world: World) -> None:
    slot = await _subscribe(world)
    made = await _claim(world, slot + 15 * DAY)
    assert [one.slot for one in made] == [slot + 14 * DAY]
    assert await _claim(world, slot + 15 * DAY) == []
    assert [one.slot for one in await _claim(world, slot + 21 * DAY)] == [slot + 21 * DAY]


async def test_a_schedule_is_changed_stopped_and_taken_up_again(world: World) -> None:
    slot = await _subscribe(world)
    manager, other = world.managers[0], world.customers[0]
    async with world.database.transaction() as tx:
        (one,) = await schedules.of(tx, "digest", manager)
        assert await schedules.by_id(tx, one.id, other) is None
        north = replace(one, parameters={"scope": {"team": "Север"}})
        assert await schedules.change(tx, north, NOW)
        await schedules.plan(tx, "digest", manager, WEEKLY, slot, NOW)
        both = await schedules.of(tx, "digest", manager)
        assert [one.parameters for one in both] == [north.parameters, {}]
        assert not await schedules.change(tx, one, NOW), "the company's comes already"
        assert not await schedules.stop(tx, one.id, other)
        assert await schedules.stop(tx, both[1].id, manager)
        assert await schedules.change(tx, one, NOW)
        assert not await schedules.resume(tx, both[1].id, manager, NOW)
        assert await schedules.stop(tx, one.id, manager)
        assert await schedules.of(tx, "digest", manager) == []
        assert await schedules.resume(tx, both[1].id, manager, NOW)
        assert not await schedules.resume(tx, one.id, manager, NOW)
        (again,) = await schedules.of(tx, "digest", manager)
        assert (again.id, again.next_due_at) == (both[1].id, slot)


async def test_a_rule_of_ones_own_ends_where_it_says(world: World) -> None:
    rule = ScheduleRule("FREQ=WEEKLY;BYDAY=TU;COUNT=2", 17, "Asia/Kamchatka", NOW.date())
    async with world.database.transaction() as tx:
        slot = rule.next(NOW)
        given = {"language": "en", "scope": {"segment": "опт"}}
        await schedules.plan(tx, "digest", world.managers[0], rule, slot, NOW)
        (one,) = await schedules.of(tx, "digest", world.managers[0])
        assert await schedules.change(tx, replace(one, parameters=given), NOW)
    assert slot is not None
    (made,) = await _claim(world, slot)
    assert made.parameters == {"frequency": rule.frequency, "zone": rule.zone, **given}
    (made,) = await _claim(world, slot + 70 * DAY)
    assert made.slot == slot + 7 * DAY
    async with world.database.reading() as reader:
        assert await schedules.of(reader, "digest", world.managers[0]) == []


async def test_a_changed_schedule_keeps_its_weeks(world: World) -> None:
    second = ScheduleRule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", 9, "Europe/Berlin", date(2026, 9, 1))
    begun = datetime(2026, 8, 31, 22, 30, tzinfo=UTC)  # 1 September in Berlin
    manager = world.managers[0]
    async with world.database.transaction() as tx:
        await schedules.plan(tx, "digest", manager, second, second.next(begun), begun)
    found = [one.slot for one in await _claim(world, begun + 2 * DAY)]
    async with world.database.transaction() as tx:
        (one,) = await schedules.of(tx, "digest", manager)
        later = replace(one, rule=replace(one.rule, hour=18), parameters={"language": "en"})
        assert await schedules.change(tx, later, begun + 9 * DAY)
        (one,) = await schedules.of(tx, "digest", manager)
        assert one.parameters == {"language": "en"}
        assert await schedules.stop(tx, one.id, manager)
        assert await schedules.resume(tx, one.id, manager, begun + 11 * DAY)
    for days in range(12, 60):
        found += [one.slot for one in await _claim(world, begun + days * DAY)]
    local = [slot.astimezone(ZoneInfo("Europe/Berlin")) for slot in found if slot]
    assert [f"{one:%m-%d %H}" for one in local] == [
        "09-01 09", "09-15 18", "09-29 18", "10-13 18", "10-27 18",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("begun", "slots"),
    [
        (  # the hour from two to three does not exist on 29 March 2026
            datetime(2026, 3, 27, 12, tzinfo=UTC),
            ["03-28 02:00 +0100", "03-29 03:00 +0200", "03-30 02:00 +0200", "03-31 02:00 +0200"],
        ),
        (  # and comes twice on 25 October
            datetime(2026, 10, 23, 12, tzinfo=UTC),
            ["10-24 02:00 +0200", "10-25 02:00 +0200", "10-26 02:00 +0100", "10-27 02:00 +0100"],
        ),
    ],
)
async def test_in_nights_of_clock_changes_each_slot_is_claimed_once(
    world: World, begun: datetime, slots: list[str]
) -> None:
    nightly = ScheduleRule("daily", 2, "Europe/Berlin")
    async with world.database.transaction() as tx:
        first = nightly.next(begun)
        await schedules.plan(tx, "digest", world.managers[0], nightly, first, begun)
    found: list[Errand] = []
    for minutes in range(0, 4 * 24 * 60, 30):
        for _ in range(2):
            found += await _claim(world, begun + timedelta(minutes=minutes))
    local = [one.slot.astimezone(ZoneInfo("Europe/Berlin")) for one in found if one.slot]
    assert [f"{one:%m-%d %H:%M %z}" for one in local] == slots


async def test_one_copy_stands_for_all_the_missed_ones(world: World) -> None:
    slot = DAILY.next(NOW)
    assert slot is not None
    async with world.database.transaction() as tx:
        await schedules.plan(tx, "backup", None, DAILY, slot, NOW, by_slot=False)
        await schedules.claim_due(tx, slot + 3 * DAY)
        (first,) = await errands.of_kind(tx, "backup")
        await schedules.claim_due(tx, slot + 4 * DAY)
        assert await errands.of_kind(tx, "backup") == [first], "it waits still"
        await errands.finish(tx, first.id, "done", slot + 4 * DAY)
        await schedules.claim_due(tx, slot + 5 * DAY)
        (second,) = await errands.of_kind(tx, "backup")
    assert second.id > first.id
