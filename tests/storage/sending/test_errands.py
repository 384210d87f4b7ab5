"""Work that was asked for: taken by one, free again after a crash, told once."""

import asyncio
from datetime import datetime, timedelta

from storage.sending import errands
from storage.sending.errands import LEASE, REMEMBERED, Errand
from tests.storage.world import DAY, NOW, World

MONTH = {"period": "2026-09"}


async def _asked(world: World) -> Errand:
    async with world.database.transaction() as tx:
        await errands.ask(tx, "digest", world.managers[0], NOW, MONTH)
        return (await errands.due(tx, NOW))[0]


async def _take(world: World, errand: Errand, now: datetime = NOW) -> bool:
    async with world.database.transaction() as tx:
        return await errands.take(tx, errand, now)


async def test_what_was_asked_for_waits_until_it_is_finished(world: World) -> None:
    async with world.database.transaction() as tx:
        for _ in range(2):
            await errands.ask(tx, "digest", world.managers[0], NOW, MONTH)
        first, second = await errands.due(tx, NOW)
        assert (first.parameters, first.slot) == (MONTH, None)
        assert await errands.next_due(tx) == NOW
        assert await errands.count_due(tx, NOW) == 2
        await errands.finish(tx, first.id, "done", NOW, {"bytes": 7})
        await errands.finish(tx, first.id, "failed", NOW + DAY)
        assert await errands.due(tx, NOW) == [second]
        await errands.finish(tx, second.id, "skipped", NOW)
        assert await errands.next_due(tx) is None
        assert await errands.latest(tx, "digest") == (NOW, {"bytes": 7})
        assert await errands.latest(tx, "backup") is None


async def test_what_waits_already_is_not_asked_for_twice(world: World) -> None:
    async with world.database.transaction() as tx:
        for person in (*world.managers, *world.managers):
            await errands.ask(tx, "links", person, NOW, {"wave": 1, "format": "xlsx"}, once=True)
            await errands.ask(tx, "links", person, NOW, {"format": "xlsx", "wave": 1}, once=True)
        waiting = await errands.of_kind(tx, "links")
        assert [one.person_id for one in waiting] == world.managers
        await errands.finish(tx, waiting[0].id, "done", NOW)
        await errands.ask(tx, "links", waiting[0].person_id, NOW, waiting[0].parameters, once=True)
        assert len(await errands.of_kind(tx, "links")) == 2


async def test_of_many_who_take_an_errand_one_gets_it(world: World) -> None:
    errand = await _asked(world)
    taken = await asyncio.gather(*(_take(world, errand) for _ in range(10)))
    assert sum(taken) == 1
    async with world.database.reading() as reader:
        assert await errands.due(reader, NOW) == []
        assert await errands.count_due(reader, NOW) == 1, "it is under way"
        assert await errands.next_due(reader) == NOW + LEASE
        (again,) = await errands.due(reader, NOW + LEASE)
    assert await _take(world, again, NOW + LEASE)
    assert not await _take(world, errand, NOW + LEASE)


async def test_a_start_frees_what_a_killed_program_had_taken(world: World) -> None:
    errand = await _asked(world)
    await _take(world, errand)
    async with world.database.transaction() as tx:
        await errands.begin_again(tx, NOW)
        (free,) = await errands.due(tx, NOW)
    assert (free.id, free.attempts) == (errand.id, 1)


async def test_what_failed_is_put_off_and_comes_at_the_next_start(world: World) -> None:
    errand = await _asked(world)
    await _take(world, errand)
    async with world.database.transaction() as tx:
        await errands.put_off(tx, errand.id, NOW + DAY)
        assert await errands.due(tx, NOW) == []
        assert await errands.next_due(tx) == NOW + DAY
        assert await errands.begin_again(tx, NOW) == 1
        assert len(await errands.due(tx, NOW)) == 1


async def test_what_a_clock_ahead_asked_for_waits_as_long_as_was_meant(world: World) -> None:
    ahead = NOW + 365 * DAY
    async with world.database.transaction() as tx:
        await errands.ask(tx, "digest", None, ahead, MONTH)
        await errands.ask(tx, "nag", None, ahead, due_at=ahead + DAY)
        await errands.ask(tx, "nag", None, NOW, due_at=NOW + 2 * DAY)
        assert await errands.begin_again(tx, NOW) == 2
        assert [one.kind for one in await errands.due(tx, NOW)] == ["digest"]
        due = [one.due_at for one in await errands.of_kind(tx, "nag")]
    assert due == [NOW + DAY, NOW + 2 * DAY]


async def test_old_errands_are_forgotten_and_slots_are_not(world: World) -> None:
    errand = await _asked(world)
    late = NOW + REMEMBERED + timedelta(seconds=1)
    async with world.database.transaction() as tx:
        await errands.finish(tx, errand.id, "done", NOW)
        await errands.forget(tx, late)
        assert await errands.numbers(tx, "digest", NOW) == set()
        await errands.ask(tx, "digest", world.managers[0], late, MONTH)
        (later,) = await errands.due(tx, late)
        await errands.forget(tx, late + REMEMBERED)
        assert await errands.numbers(tx, "digest", late) == {later.id}
    assert later.id > errand.id, "a number names a message: it is not given again"
