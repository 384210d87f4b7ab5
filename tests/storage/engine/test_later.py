"""Writes that go with the next statement, and what they make due."""

import pytest
from sqlalchemy import select

from storage.answering import answers, invitations
from storage.errors import ConstraintViolated, NotFound, TransactionOver
from storage.people import people
from storage.sending import errands
from storage.tables.people import people as table
from storage.tables.surveys import invitations as invitation_rows
from surveys.messages import Message
from tests.storage.engine.statements import statements_of
from tests.storage.world import NOW, World


async def test_a_write_for_later_is_seen_by_the_next_statement(world: World) -> None:
    async with world.database.transaction() as tx:
        made = await world.invite(tx, world.customers[0])
        await answers.keep(tx, made.id, "recommend", "7", 7, NOW)
        await answers.keep(tx, made.id, "recommend", "9", 9, NOW)
        assert await answers.given(tx, made.id) == {"recommend": "9"}


async def test_writes_left_for_the_end_are_committed_in_their_order(world: World) -> None:
    async with world.database.transaction() as tx:
        made = await world.invite(tx, world.customers[0])
    with statements_of(world.database) as seen:
        async with world.database.transaction() as tx:
            await invitations.show(tx, made.id, "why", NOW)
            await invitations.show(tx, made.id, "recommend", NOW)
            assert seen == [], "they wait"
    async with world.database.reading() as reader:
        assert (await invitations.get(reader, made.id)).current_question == "recommend"


async def test_a_write_that_changes_nothing_fails_its_body(world: World) -> None:
    async with world.database.transaction() as tx:
        made = await world.invite(tx, world.customers[0])
    none = NotFound(what=Message("invitation"), key="0")
    nobody = invitation_rows.update().where(invitation_rows.c.id == 0).values(state="sent")

    async def body() -> None:
        async with world.database.transaction() as tx:
            await invitations.show(tx, made.id, "why", NOW)
            tx.later(nobody, None, none)

    with pytest.raises(NotFound):
        await body()
    async with world.database.transaction() as tx:
        assert (await invitations.get(tx, made.id)).current_question == "recommend", "undone"


async def test_a_write_that_the_database_refuses_fails_its_body(world: World) -> None:
    async def body() -> None:
        async with world.database.transaction() as tx:
            await tx.run(table.update().values(position="x"))
            tx.later(table.update().values(name=None), None)

    with pytest.raises(ConstraintViolated):
        await body()
    async with world.database.reading() as reader:
        assert await reader.scalar(select(table.c.id).where(table.c.position == "x")) is None


async def test_nothing_is_left_for_after_the_end(world: World) -> None:
    async with world.database.transaction() as tx:
        pass
    with pytest.raises(TransactionOver):
        await invitations.show(tx, 1, "why", NOW)


async def test_an_answer_makes_nothing_due_and_an_errand_does(world: World) -> None:
    async with world.database.transaction() as tx:
        made = await world.invite(tx, world.customers[0])
        assert tx.stirs, "it may have a reminder"
    async with world.database.transaction() as tx:
        await answers.with_invitation(tx, made.id)
        await people.by_id(tx, made.person_id)
        await answers.keep(tx, made.id, "recommend", "7", 7, NOW)
        await invitations.show(tx, made.id, "why", NOW)
        await invitations.finish(tx, made.id, NOW)
        assert not tx.stirs
        await errands.ask(tx, "case", None, NOW, {"case": 1}, due_at=NOW)
        assert tx.stirs
