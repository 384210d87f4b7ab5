"""Who has bought again, from the deals that were told."""

from datetime import timedelta
from decimal import Decimal

from storage.asking import events
from storage.counting.purchases import repeat_purchases
from storage.people import workspace
from surveys.periods import parse_period
from tests.storage.world import NOW, World


async def test_repeat_purchases_of_those_who_are_still_customers(world: World) -> None:
    """The first deal is no repeat; old customers, other events and later deals do not count."""
    one, two, three = world.customers
    deals = [(one, 0), (one, 30), (one, 60), (two, 10), (three, 400), (three, 500)]
    async with world.database.transaction() as tx:
        for number, (person, days) in enumerate(deals):
            at = NOW - timedelta(days=days)
            await events.add(tx, events.DEAL_CLOSED, f"D{number}", person, None, at, Decimal(1))
        await events.add(tx, "visit", "V", two, None, NOW)
        later = NOW + timedelta(days=60)
        await events.add(tx, events.DEAL_CLOSED, "later", two, None, later)
    async with world.database.reading() as reader:
        found = await repeat_purchases(reader, parse_period("2026-09", "UTC"))
    assert found == {2: 1, 0: 1}


async def test_whom_a_company_calls_loyal_is_kept(world: World) -> None:
    async with world.database.transaction() as tx:
        assert (await workspace.choose_loyal(tx, 2)).loyal_repeats == 2
        assert (await workspace.get(tx)).loyal_repeats == 2
        assert (await workspace.choose_loyal(tx, None)).loyal_repeats is None
