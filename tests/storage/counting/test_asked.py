"""How people came to answer: early or late, asked by whom."""

from datetime import timedelta

from sqlalchemy import update

from storage.answering import answers
from storage.tables.surveys import invitations as table
from tests.storage.counting.recomputed import figures_of
from tests.storage.world import NOW, World


async def test_answers_after_the_reminder_are_late(world: World) -> None:
    first, second, third = world.customers
    async with world.database.transaction() as tx:
        for person, score, reminded, touchpoint in (
            (first, 9, None, "manager"),
            (second, 3, NOW + timedelta(days=1), "campaign"),
            (third, 7, NOW + timedelta(days=3), "campaign"),
        ):
            made = await world.invite(tx, person, "nps", NOW, touchpoint=touchpoint)
            at = NOW + timedelta(days=2)
            await tx.run(
                update(table).where(table.c.id == made.id).values(reminded_at=reminded, sent_at=NOW)
            )
            await answers.keep(tx, made.id, "recommend", str(score), score, at)
    found = (await figures_of(world.database)).asked
    assert (found.early, found.late) == ({7.0: 1, 9.0: 1}, {3.0: 1})
    assert sum(delivered for _, delivered in found.segments.values()) == 3
    own = [given[1] for given in found.managers.values() if given[1]]
    assert own == [{9.0: 1}]
