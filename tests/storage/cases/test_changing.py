"""A change holds for the case as it was seen: of two who make it one wins."""

from datetime import timedelta

from storage.cases import cases, changing
from storage.cases.cases import Case, New, Viewer
from storage.database import Transaction
from storage.people import leaving
from storage.people.circles import Circle
from tests.storage.world import DAY, NOW, World


async def _open(world: World, tx: Transaction, about: int | None = None) -> Case:
    customer, manager = world.customers[0], world.managers[0]
    invitation = await world.invite(tx, customer)
    new = New(invitation.id, customer, None if about else manager, about, "recommend", 3, NOW + DAY)
    number = await cases.open_one(tx, new, NOW)
    assert number is not None
    assert await cases.open_one(tx, new, NOW) is None, "one an invitation"
    found = await cases.get(tx, number)
    assert found is not None
    return found


async def test_of_two_who_take_one_that_both_saw_free_one_has_it(world: World) -> None:
    first, second = world.managers
    async with world.database.transaction() as tx:
        seen = await _open(world, tx)
        assert await changing.take(tx, seen, second, NOW)
        assert not await changing.take(tx, seen, first, NOW)
        now = await cases.get(tx, seen.id)
        assert now is not None
        assert (now.state, now.assignee_id) == ("taken", second)
        assert await changing.take(tx, now, first, NOW), "over, from whom it was seen with"
        assert not await changing.take(tx, now, second, NOW)


async def test_what_is_resolved_is_not_resolved_taken_or_promised_again(world: World) -> None:
    me = world.managers[0]
    async with world.database.transaction() as tx:
        seen = await _open(world, tx)
        assert not await changing.reopen(tx, seen, me, NOW + DAY, NOW)
        assert await changing.resolve(tx, seen, me, "put_right", NOW)
        assert not await changing.resolve(tx, seen, me, "not_reached", NOW)
        assert not await changing.take(tx, seen, me, NOW)
        assert not await changing.call_at(tx, seen, me, NOW + DAY, NOW)
        assert not await changing.told_when_due(tx, seen, "nagged", NOW + 2 * DAY)
        assert await changing.note(tx, seen, me, "Ещё раз спасибо", NOW)
        kinds = [one.kind for one in await cases.history(tx, seen.id)]
        assert kinds == ["opened", "resolved", "note"]


async def test_the_first_response_is_the_first_thing_that_anybody_did(world: World) -> None:
    me = world.managers[0]
    async with world.database.transaction() as tx:
        seen = await _open(world, tx)
        assert seen.first_response_at is None
        later = NOW + timedelta(hours=2)
        await changing.note(tx, seen, me, "Звоню", later)
        await changing.take(tx, seen, me, later + DAY)
        now = await cases.get(tx, seen.id)
        assert now is not None
        assert now.first_response_at == later


async def test_a_case_is_reminded_of_once_when_it_is_due(world: World) -> None:
    async with world.database.transaction() as tx:
        seen = await _open(world, tx)
        assert not await changing.told_when_due(tx, seen, "nagged", NOW)
        assert await changing.told_when_due(tx, seen, "nagged", NOW + DAY)
        assert not await changing.told_when_due(tx, seen, "nagged", NOW + DAY)


async def test_a_manager_sees_the_cases_of_own_customers_that_are_not_about_them(
    world: World,
) -> None:
    first, second = world.managers
    async with world.database.transaction() as tx:
        mine, about = await _open(world, tx), await _open(world, tx, about=first)

        async def seen(person: int, circle: Circle) -> list[int]:
            found = await cases.listed(tx, Viewer(person, circle), "open", NOW, 10)
            counts = await cases.counts(tx, Viewer(person, circle), NOW)
            assert counts["open"] == len(found)
            return [one.id for one in found]

        assert await seen(first, Circle(manager_id=first)) == [mine.id]
        assert await seen(second, Circle(manager_id=second)) == []
        assert await seen(second, Circle(is_all=True)) == [mine.id, about.id]
        assert await seen(first, Circle(is_all=True)) == [mine.id], "an admin whom it is about"


async def test_cases_go_with_the_customers_but_not_what_is_about_the_leaver(world: World) -> None:
    first, second = world.managers
    async with world.database.transaction() as tx:
        mine, about = await _open(world, tx), await _open(world, tx, about=first)
        await leaving.leave(tx, [first], NOW)
        await leaving.hand_over(tx, first, second, NOW)
        holders = [await cases.get(tx, one.id) for one in (mine, about)]
        assert [one and one.assignee_id for one in holders] == [second, None]
