"""Cases as a digest counts them: those of the period, and how things stood at its end."""

from datetime import timedelta

from storage.cases import asking, cases, changing
from storage.cases.cases import Case, New
from storage.counting import casework
from storage.database import Transaction
from surveys.periods import containing, previous
from tests.storage.world import DAY, NOW, World

ZONE = "Europe/Moscow"
HOUR = timedelta(hours=1)


async def _open(world: World, tx: Transaction, place: int) -> Case:
    customer = world.customers[place]
    invitation = await world.invite(tx, customer)
    new = New(invitation.id, customer, None, None, "recommend", 3, NOW + DAY)
    number = await cases.open_one(tx, new, NOW)
    found = await cases.get(tx, number or 0)
    assert found is not None
    return found


async def test_cases_are_counted_by_when_they_were_opened_and_how_they_stand(world: World) -> None:
    me = world.managers[0]
    month = containing(NOW, "month", ZONE)
    async with world.database.transaction() as tx:
        first, second = [await _open(world, tx, place) for place in (0, 1)]
        await changing.take(tx, first, me, NOW + 2 * HOUR)
        await changing.resolve(tx, first, me, "put_right", NOW + 3 * HOUR)
        counts = await casework.counted(tx, month, NOW + 5 * HOUR)
        assert (counts.opened, counts.resolved, counts.open, counts.overdue) == (2, 1, 1, 0)
        assert counts.waits == (2.0,)
        assert counts.until == NOW + 5 * HOUR
        later = await casework.counted(tx, month, NOW + 2 * DAY)
        assert (later.open, later.overdue) == (1, 1)
        asked = await world.invite(tx, world.customers[0])
        await asking.put(tx, first.id, asked.id, NOW + DAY)
        assert await asking.answered(tx, first, "yes", NOW + DAY)
        assert not await asking.answered(tx, first, "yes", NOW + DAY)
        told = await casework.counted(tx, month, NOW + 2 * DAY)
        assert (told.asked, told.recovered, told.not_recovered) == (1, 1, 0)
        before = await casework.counted(tx, previous(month, ZONE), NOW + 2 * DAY)
        assert (before.opened, before.open, before.asked, before.waits) == (0, 0, 0, ())
        assert second.state == "open"


async def test_what_was_done_to_a_case_after_the_period_is_not_told_of_it(world: World) -> None:
    me, month = world.managers[0], containing(NOW, "month", ZONE)
    async with world.database.transaction() as tx:
        case = await _open(world, tx, 0)
        await changing.take(tx, case, me, month.end + HOUR)
        await changing.resolve(tx, case, me, "put_right", month.end + 2 * HOUR)
        counts = await casework.counted(tx, month, month.end + DAY)
        assert (counts.opened, counts.resolved, counts.open, counts.waits) == (1, 0, 1, ())
