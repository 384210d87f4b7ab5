"""What is due of invitations, and what was made of ours, is found by indexes that hold only that.

A condition that is not written as the index has it would make either database read the whole table.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage.answering import deadlines, invitation_batches, own
from storage.answering.history import keys
from storage.counting import invited
from storage.counting.scores import EVERYBODY
from storage.database import Transaction
from storage.people import circles
from storage.privacy import retention
from tests.storage.plans import plans_of
from tests.storage.world import NOW, World

YEAR = timedelta(days=365)


async def _next(tx: Transaction) -> None:
    await deadlines.next_due(tx)


async def _to_remind(tx: Transaction) -> None:
    await deadlines.reminders(tx, NOW, 10)


async def _reminders(tx: Transaction) -> None:
    await tx.scalar(deadlines.REMINDERS_DUE, {"now": NOW})


async def _to_close(tx: Transaction) -> None:
    await invitation_batches.over(tx, NOW, 10)


async def _closings(tx: Transaction) -> None:
    await tx.scalar(deadlines.CLOSINGS_DUE, {"now": NOW})


async def _aged(tx: Transaction) -> None:
    await retention.age(tx, "answers", 400, NOW, 10)


async def _funnel(tx: Transaction) -> None:
    await own.funnel(tx, circles.EVERYBODY, NOW - YEAR)


async def _counted(tx: Transaction) -> None:
    await invited.counted(tx, NOW - YEAR, NOW, EVERYBODY)


async def _earlier(tx: Transaction) -> None:
    await keys.any_earlier(tx)


CLOSED = "ix_invitations_closed_at_closes_at"
REMINDED = "ix_invitations_closed_at_remind_at"
MADE = "ix_invitations_created_at"
FROM_FILES = {"sqlite": "sqlite_autoindex_invitations_2", "postgresql": "uq_invitations_import_key"}


@pytest.mark.parametrize(
    ("work", "indexes"),
    [
        (_next, {CLOSED, REMINDED}),
        (_to_remind, {REMINDED}),
        (_reminders, {REMINDED}),
        (_to_close, {CLOSED}),
        (_closings, {CLOSED}),
        (_aged, {MADE}),
        (_funnel, {MADE}),
        (_counted, {MADE}),
    ],
)
async def test_the_index_of_a_moment_is_used(
    world: World, work: Callable[[Transaction], Awaitable[None]], indexes: set[str]
) -> None:
    async with world.database.transaction() as tx:
        if tx.dialect == "postgresql":  # of a few rows it would read all, whatever the indexes
            await tx.run(text("SET LOCAL enable_seqscan = off"))
        plans = await plans_of(tx, work, tx.dialect)
    assert indexes <= {name for name in (CLOSED, REMINDED, MADE) for one in plans if name in one}
    assert not [one for one in plans if one.startswith("SCAN invitations") and "INDEX" not in one]


async def test_keys_of_earlier_programs_are_looked_for_by_the_index_of_keys(world: World) -> None:
    async with world.database.transaction() as tx:
        if tx.dialect == "postgresql":  # as above
            await tx.run(text("SET LOCAL enable_seqscan = off"))
        plans = await plans_of(tx, _earlier, tx.dialect)
    assert any(FROM_FILES[tx.dialect] in one for one in plans)
    assert not [one for one in plans if one.startswith("SCAN invitations")]
