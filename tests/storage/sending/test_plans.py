"""What is asked at each message and each tap looks at few rows, however long the queue is."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from storage.database import Transaction
from storage.people.addresses import of_telegram
from storage.sending import first_messages, inbox, outbox
from tests.storage.plans import plans_of
from tests.storage.sending.test_delivery import MESSAGE
from tests.storage.world import NOW, World

_WHOLE = ("SCAN outbox", "SCAN invitations", "SCAN addresses", "SCAN people")


async def _claim(tx: Transaction) -> None:
    await outbox.put(tx, replace(MESSAGE, key="other"), NOW)
    await outbox.claim(tx, NOW, 4)


async def _receive(tx: Transaction) -> None:
    await inbox.add(tx, [(1, of_telegram(5), "{}")], NOW)


async def _receive_several(tx: Transaction) -> None:
    await inbox.add(tx, [(one, of_telegram(one), "{}") for one in (1, 2, 3)], NOW)


async def _wait(tx: Transaction) -> None:
    await outbox.next_due(tx, without=[of_telegram(5)])
    await tx.scalar(outbox.unsettled(staff=True), {"now": NOW})


@pytest.mark.parametrize("work", [_claim, _receive, _receive_several, _wait])
async def test_no_row_is_looked_at_in_vain(
    world: World, work: Callable[[Transaction], Awaitable[None]]
) -> None:
    async with world.database.transaction() as tx:
        plans = await plans_of(tx, work)
    assert any("outbox" in one or "addresses" in one for one in plans)
    assert not [one for one in plans if one.startswith("USE TEMP B-TREE FOR ORDER BY")]
    assert not [one for one in plans if one in _WHOLE]
    assert not [one for one in plans if "closed_at" in one]


async def test_a_launch_looks_for_each_address_where_people_are_written_to(world: World) -> None:
    """SQLite would otherwise build an index of all addresses, for each step of the launch."""

    async def invite(tx: Transaction) -> None:
        asked = [(person, NOW, "{}") for person in range(1, 201)]
        await first_messages.put(tx, 1, asked, 1, NOW, NOW)
        await tx.end_later()

    async with world.database.transaction() as tx:
        plans = await plans_of(tx, invite, kinds=("INSERT",))
    assert "SCAN 200 CONSTANT ROWS" in plans
    assert any("addresses USING INDEX uq_addresses_written_to" in one for one in plans)
    assert not [one for one in plans if "AUTOMATIC" in one or one.startswith("USE TEMP B-TREE")]


async def test_postgresql_sorts_nothing_to_claim_what_is_due_at_one_moment(world: World) -> None:
    async def claim(tx: Transaction) -> None:
        await outbox.claim(tx, NOW, 4)

    async with world.database.transaction() as tx:
        await outbox.put_all(tx, [replace(MESSAGE, key=f"{one}") for one in range(3_000)], NOW)
        if tx.dialect == "postgresql":
            await tx.run(text("ANALYZE outbox"))
        plans = await plans_of(tx, claim, "postgresql")
    assert any("ix_outbox_state_priority_due_at_id" in one for one in plans)
    assert not [one for one in plans if "Sort" in one]
