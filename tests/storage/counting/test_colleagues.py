"""Whose answers hang together."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from storage.answering import answers
from storage.counting.comparisons import comparing
from storage.counting.figures import digest_figures
from storage.tables.people import accounts
from storage.tables.people import people as table
from surveys.counts.figures import DigestFigures
from surveys.periods import months_until, parse_period, previous
from tests.storage.world import DAY, NOW, World, add_customer

ZONE = "Europe/Moscow"
PERIOD = parse_period("2026-09", ZONE)
BEFORE = previous(PERIOD, ZONE)
AUGUST = datetime(2026, 8, 7, 9, 0, tzinfo=UTC)


async def _figures(world: World) -> DigestFigures:
    months = months_until(PERIOD, ZONE, 3)
    async with world.database.reading() as reader:
        return await digest_figures(reader, PERIOD, BEFORE, months, ZONE, "ru")


async def _answer(world: World, scores: dict[int, tuple[int | None, int | None]]) -> None:
    """Person → the scores of August and of September."""
    async with world.database.transaction() as tx:
        for person, given in scores.items():
            for at, score in zip((AUGUST, NOW), given, strict=True):
                if score is not None:
                    made = await world.invite(tx, person, "nps", at)
                    await answers.keep(tx, made.id, "recommend", str(score), score, at)


async def test_customers_of_a_manager_are_told_with_their_firms(world: World) -> None:
    first, second, third = world.customers
    await _in_firm(world, "Ромашка", first, third)
    async with world.database.transaction() as tx:
        await tx.run(update(table).values(manager_id=world.managers[0]).where(table.c.id == third))
        for person, score in ((first, 5), (second, 3), (third, 4)):
            made = await world.invite(tx, person, "service_quality", NOW)
            await answers.keep(tx, made.id, "speed", str(score), score, NOW)
        own = await world.invite(tx, world.managers[0], "manager_self_assessment", NOW)
        await answers.keep(tx, own.id, "speed", "4", 4, NOW)
    found = await _figures(world)
    [item] = [
        one
        for one in found.mirrors
        if one.item == "speed" and one.manager_id == world.managers[0] and one.customers
    ]
    assert item.firms == {((2, 9.0),): 1}
    [profile] = [one for one in found.profiles if one.manager_id == world.managers[0]]
    assert profile.firms == {((2, 175.0),): 1}


async def _in_firm(world: World, name: str, *persons: int) -> None:
    async with world.database.transaction() as tx:
        await tx.run(insert(accounts).values(name=name))
        account = await tx.scalar(select(accounts.c.id).where(accounts.c.name == name))
        which = table.c.id.in_(persons)
        await tx.run(update(table).where(which).values(account_id=account))


async def test_a_firms_answers_are_summed_by_period_and_strangers_stand_alone(
    world: World,
) -> None:
    first, second, third = world.customers
    await _in_firm(world, "Заря", first, second)
    await _answer(world, {first: (10, 10), second: (3, 8), third: (None, 2)})
    found = await _figures(world)
    assert found.firms["nps"] == {((2, 0.0), (2, 100.0)): 1, ((0, 0.0), (1, -100.0)): 1}
    assert found.firms_by_month == {
        ((0, 0.0), (2, 0.0), (2, 100.0)): 1,
        ((0, 0.0), (0, 0.0), (1, -100.0)): 1,
    }


async def test_without_two_answers_of_one_firm_nothing_hangs_together(world: World) -> None:
    first, second, third = world.customers
    await _answer(world, {first: (10, 10), second: (3, 8), third: (None, 2)})
    found = await _figures(world)
    assert (found.firms, found.firms_by_month) == ({}, {})
    await _in_firm(world, "Заря", first, second)
    await _in_firm(world, "Рассвет", third)
    await _answer(world, {first: (10, 10)})
    assert (await _figures(world)).firms["nps"]


async def test_two_waves_know_their_colleagues(world: World) -> None:
    first, second, third = world.customers
    async with world.database.transaction() as tx:
        extra = await add_customer(tx, "Егор")
    await _in_firm(world, "Заря", first, second)
    waves = []
    for at, scores in ((NOW, (10, 3, 8, 9)), (NOW + 30 * DAY, (9, 9, 2, None))):
        async with world.database.transaction() as tx:
            wave = await world.wave(tx, "nps", at)
            waves.append(wave)
            for person, score in zip((first, second, third, extra), scores, strict=True):
                made = await world.invite(tx, person, "nps", at, wave_id=wave)
                if score is not None:
                    moment = at + timedelta(hours=1)
                    await answers.keep(tx, made.id, "recommend", str(score), score, moment)
    async with world.database.reading() as reader:
        found = await comparing.of_waves(reader, waves[0], waves[1], "ru", NOW + 60 * DAY)
    pair = next(one for one in found.measures if one.measure == "nps")
    assert pair.firms == {
        ((2, 0.0), (2, 200.0)): 1,
        ((1, 0.0), (1, -100.0)): 1,
        ((1, 100.0), (0, 0.0)): 1,
    }
    assert pair.firms_of_both == {((2, 0.0), (2, 200.0)): 1, ((1, 0.0), (1, -100.0)): 1}
