"""Who is urgent passes the others, but never without end."""

import asyncio

from storage.database import Database
from tests.storage.engine.accounts import add, commit, names


async def test_the_urgent_pass_who_waits_and_are_on_disk_before_them(database: Database) -> None:
    done: list[str] = []
    held = asyncio.Event()

    async def body(name: str, *, urgent: bool = False) -> None:
        async with database.transaction(urgent=urgent) as tx:
            await add(tx, name)
            done.append(f"{name} ran")
            if name == "first":
                await held.wait()
        done.append(f"{name} is kept")

    waiting = ("first", "second", "third")
    others = [asyncio.create_task(body(name)) for name in waiting]
    await asyncio.sleep(0)
    urgent = [asyncio.create_task(body(name, urgent=True)) for name in ("one", "two")]
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(*others, *urgent)
    assert done[:3] == ["first ran", "one ran", "two ran"]
    assert set(done[3:6]) == {"first is kept", "one is kept", "two is kept"}
    assert await names(database) == {*waiting, "one", "two"}


async def test_a_cancelled_urgent_body_leaves_the_turn_to_the_next(database: Database) -> None:
    held = asyncio.Event()

    async def hold() -> None:
        async with database.transaction():
            await held.wait()

    async def urgent(name: str) -> None:
        async with database.transaction(urgent=True) as tx:
            await add(tx, name)

    holding = asyncio.create_task(hold())
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(urgent(name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    waiting[0].cancel()
    held.set()
    await holding
    waiting[1].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await commit(database, "d")
    assert {"c", "d"} <= await names(database) <= {"b", "c", "d"}


async def test_who_is_passed_gets_a_turn_however_fast_the_urgent_come(database: Database) -> None:
    done: list[str] = []
    storm: list[asyncio.Task[None]] = []

    async def urgent(number: int) -> None:
        async with database.transaction(urgent=True) as tx:
            if number < 30:  # the next is there before this one is kept
                storm.append(asyncio.create_task(urgent(number + 1)))
            await add(tx, f"urgent {number}")
            done.append("urgent")

    async def passed(name: str) -> None:
        async with database.transaction() as tx:
            await add(tx, name)
            done.append(name)

    storm.append(asyncio.create_task(urgent(0)))
    await asyncio.sleep(0)
    await asyncio.gather(*(passed(name) for name in ("first", "second", "third")))
    assert done.count("urgent") < 30
    while pending := [task for task in storm if not task.done()]:
        await asyncio.wait(pending)
