"""Monthly facts keep their history."""

from datetime import timedelta
from decimal import Decimal

from storage.facts import facts
from storage.facts.facts import Teller
from tests.storage.world import NOW, World


async def test_a_correction_is_another_row_and_the_latest_counts(world: World) -> None:
    told = Teller("file", NOW, world.managers[0])
    later = Teller("chat", NOW + timedelta(days=1))
    first = {"revenue": Decimal("1500000.50"), "deals": Decimal(40)}
    async with world.database.transaction() as tx:
        assert await facts.record(tx, "2026-08", first, "RUB", told) == 2
        assert await facts.record(tx, "2026-08", first, "RUB", later) == 0
        second = {"revenue": Decimal("1500000.51"), "deals": None}
        assert await facts.record(tx, "2026-08", second, "RUB", later) == 2
    async with world.database.reading() as reader:
        [found, empty] = await facts.of_months(reader, ["2026-08", "2026-09"])
        assert found.values == {"revenue": Decimal("1500000.51")}
        assert (found.currency, found.recorded_at) == ("RUB", later.now)
        assert (empty.values, empty.currency) == ({}, "")
        assert await facts.known_months(reader) == ["2026-08"]
        assert await facts.currencies(reader) == ["RUB"]
        kept = await facts.history(reader, "2026-08", "revenue")
    assert [one.value for one in kept] == [Decimal("1500000.50"), Decimal("1500000.51")]
    assert [one.person_id for one in kept] == [world.managers[0], None]
