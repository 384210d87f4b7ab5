import pytest

from storage.errors import NotFound
from storage.people import link_conflicts, people
from storage.people.addresses import of_telegram
from storage.people.link_errors import AccountTaken
from tests.storage.world import NOW, World

NEW_ACCOUNT = 777


async def test_a_conflict_waits_until_somebody_decides(world: World) -> None:
    customer, other = world.customers[:2]
    async with world.database.transaction() as tx:
        for _ in range(2):
            await link_conflicts.note(
                tx, "taken", of_telegram(NEW_ACCOUNT), NOW, person_id=customer
            )
        await link_conflicts.note(tx, "other_person", of_telegram(778), NOW, account_of=other)
        found = await link_conflicts.pending(tx)
        assert [(one.kind, one.person, one.owner) for one in found] == [
            ("other_person", None, "Глеб"),
            ("taken", "Вера", None),
        ]
        assert await link_conflicts.settle(tx, found[0].id, NOW)
        assert not await link_conflicts.settle(tx, found[0].id, NOW)
        assert await link_conflicts.count(tx) == 1
        await link_conflicts.note(tx, "other_person", of_telegram(778), NOW, account_of=other)
        assert await link_conflicts.count(tx) == 2


async def test_a_new_account_takes_the_place_of_the_old_and_agrees_anew(world: World) -> None:
    async with world.database.transaction() as tx:
        await link_conflicts.note(
            tx, "taken", of_telegram(NEW_ACCOUNT), NOW, person_id=world.customers[0]
        )
        conflict = (await link_conflicts.pending(tx))[0]
        moved = await link_conflicts.move(tx, conflict.id, NOW)
        assert (moved.address, moved.consented_at) == (of_telegram(NEW_ACCOUNT), None)
        with pytest.raises(NotFound):
            await link_conflicts.move(tx, conflict.id, NOW)


async def test_an_account_that_is_somebody_by_now_is_not_moved(world: World) -> None:
    async with world.database.transaction() as tx:
        await link_conflicts.note(
            tx, "taken", of_telegram(NEW_ACCOUNT), NOW, person_id=world.customers[0]
        )
        await people.add(tx, NOW, name="Инна", is_customer=True, address=of_telegram(NEW_ACCOUNT))
        conflict = (await link_conflicts.pending(tx))[0]
        with pytest.raises(AccountTaken):
            await link_conflicts.move(tx, conflict.id, NOW)
