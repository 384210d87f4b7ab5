"""While a wave is prepared: who is outside by now, in which order, and beside whom."""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from itertools import islice, pairwise
from statistics import mean, stdev

import pytest
from sqlalchemy import delete, select

from bot.operations.campaigns import preparing
from bot.operations.campaigns.deciding import Decided
from bot.operations.campaigns.launching import preview
from bot.operations.campaigns.waves import begin_wave
from storage.asking import campaigns, preparation, waves
from storage.engine.listed import chunks
from storage.people import people
from storage.tables.delivery import outbox as messages
from storage.tables.people import addresses as address_rows
from storage.tables.people import people as persons
from storage.tables.surveys import decisions, invitations
from surveys.campaign.eligibility import Reason
from surveys.campaign.plan import Plan, plan_of
from tests.bot.campaigns.crowds import (
    CROWD,
    asked_once_each,
    launch_plan,
    person_of,
    reason_of,
    rows_of,
    until_some_are_invited,
)
from tests.bot.chat.test_wizard import choose, claim
from tests.bot.world import ADMIN, ANNA, START, World
from tests.storage.heard import Heard, hearing


async def test_who_is_no_customer_any_more_when_their_turn_comes_is_outside(crowd: World) -> None:
    async with crowd.writing() as database:
        launched = await launch_plan(database)
        assert launched.wave_id is not None
        await until_some_are_invited(database)
        async with database.reading() as reader:
            (one,) = await preparation.next_to_ask(reader, launched.wave_id, 1)
        async with database.transaction() as tx:
            await people.change(tx, one.person_id, is_customer=False)
        await preparing.prepare_all(database, START)
        assert await reason_of(database, one.person_id) == "outside_audience"


async def test_who_buys_before_their_turn_comes_is_not_asked_why_they_left(crowd: World) -> None:
    async with crowd.writing() as database:
        async with database.transaction() as tx:
            long_ago = (START - timedelta(days=200)).date()
            await tx.run(persons.update().values(last_purchase_on=long_ago))
        launched = await launch_plan(database, survey="exit", when={"inactive_days": 180})
        async with database.transaction() as tx:
            campaign = await campaigns.get(tx, launched.campaign_id)
            wave = await begin_wave(tx, campaign, "2026-09-15", START)
        await until_some_are_invited(database)
        async with database.reading() as reader:
            (one,) = await preparation.next_to_ask(reader, wave.id, 1)
        async with database.transaction() as tx:
            await people.bought(tx, one.person_id, START.date())
        await preparing.prepare_all(database, START)
        assert await reason_of(database, one.person_id) == "outside_audience"
        await asked_once_each(database, CROWD - 1)


async def test_who_is_about_to_be_invited_is_free_for_no_other_survey(crowd: World) -> None:
    async with crowd.writing() as database:
        await launch_plan(database)
        await until_some_are_invited(database)
        async with database.reading() as reader:
            found = await preview(reader, Plan(survey="loyalty"), START)
        assert found.decided.reasons[Reason.SURVEY_OPEN] == CROWD
        await launch_plan(database, survey="loyalty")
        await preparing.prepare_all(database, START)
        await asked_once_each(database, CROWD)


async def test_invitations_go_out_in_the_order_of_the_lot_and_a_quota_is_kept(
    crowd: World,
) -> None:
    async with crowd.writing() as database:
        launched = await launch_plan(database, rules={"quota": 150}, spread_hours=2)
        await preparing.prepare_all(database, START)
        await asked_once_each(database, 150)
        ordered = await rows_of(database, messages.c.id, messages.c.due_at)
        moments = [moment for _, moment in sorted(ordered)]
        assert moments == sorted(moments)
        assert moments[-1] > moments[0]
        reasons = Counter(reason for (reason,) in await rows_of(database, decisions.c.reason))
        assert (reasons[None], reasons["quota_full"]) == (150, CROWD - 150)
        assert launched.wave_id is not None


@pytest.mark.parametrize(("neighbours", "share"), [(110, 1_000), (1, 3)])
async def test_neighbours_in_the_lot_who_are_due_at_once_go_in_groups_of_neighbouring_numbers(
    crowd: World, monkeypatch: pytest.MonkeyPatch, neighbours: int, share: int
) -> None:
    monkeypatch.setattr(preparing, "_NEIGHBOURS", neighbours)
    monkeypatch.setattr(preparing, "_SHARE", share)
    monkeypatch.setattr(preparing, "_INVITATIONS", 20)
    async with crowd.writing() as database:
        async with database.reading() as reader:
            lot = (await preview(reader, Plan(survey="nps"), START)).decided.invited
        await launch_plan(database)
        await preparing.prepare_all(database, START)
        rows = await rows_of(database, invitations.c.id, invitations.c.person_id)
        invited = [person for _, person in sorted(rows)]
        assert len(invited) == CROWD
        for drawn, some in zip(chunks(lot, 110), chunks(invited, 110), strict=True):
            groups = chunks(sorted(drawn), 20)
            by_lot = sorted(groups, key=lambda group: drawn.index(group[0]))
            assert some == [person for group in by_lot for person in group] != sorted(drawn)


def test_who_came_first_is_no_more_likely_to_be_asked_first() -> None:
    found = []
    for seed in range(200):
        lot = random.Random(seed).sample(range(1_000), 1_000)
        queue = preparing._queue(Decided(lot, {}, dict.fromkeys(lot, START)))
        found.append(mean(islice(queue, preparing._INVITATIONS)))
    assert abs(mean(found) - 499.5) < 4 * stdev(found) / len(found) ** 0.5


async def test_the_launch_draws_whom_the_preview_drew(crowd: World) -> None:
    async with crowd.writing() as database:
        async with database.transaction() as tx:
            await tx.run(delete(address_rows).where(address_rows.c.person_id % 2 == 0))
        plan = plan_of({"survey": "nps", "audience": {"sample": 50}})
        async with database.reading() as reader:
            promised = (await preview(reader, plan, START)).decided
        await launch_plan(database, audience={"sample": 50})
        await preparing.prepare_all(database, START)
        drawn = {person for (person,) in await rows_of(database, invitations.c.person_id)}
        assert drawn == set(promised.invited)
        kept = Counter(reason for (reason,) in await rows_of(database, decisions.c.reason))
        assert kept - Counter({None: len(drawn)}) == promised.reasons


async def test_somebody_else_s_write_comes_in_between_two_steps(crowd: World) -> None:
    async with crowd.writing() as database:
        await launch_plan(database)
        anna = await person_of(database, 1)
        seen: list[int] = []

        async def taps() -> None:
            while True:
                async with database.transaction() as tx:
                    await people.change(tx, anna, name=f"Анна {len(seen)}")
                    seen.append(len(await tx.all(select(invitations.c.id))))

        tapping = asyncio.create_task(taps())
        await preparing.prepare_all(database, START)
        tapping.cancel()
        await asyncio.gather(tapping, return_exceptions=True)
        between = {count for count in seen if 0 < count < CROWD}
        assert len(between) >= CROWD // preparing._INVITATIONS
        assert max(b - a for a, b in pairwise(seen)) <= preparing._INVITATIONS


async def test_statements_grow_with_the_steps_and_not_with_the_people(crowd: World) -> None:
    async with crowd.writing() as database:
        await launch_plan(database)
        executed = 0

        assert database._writer is not None
        connection = database._writer._connection
        assert connection is not None
        raw = connection.sync_connection

        def count(heard: Heard) -> None:
            nonlocal executed
            executed += heard.connection is raw

        with hearing(count):
            await preparing.prepare_all(database, START)
        assert executed < 12 * (CROWD // preparing._INVITATIONS + 3)


async def test_the_second_tap_on_launch_starts_no_second_campaign(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await claim(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Новая кампания")
        await choose(world, "Готовность рекомендовать")
        await choose(world, "Все клиенты")
        screen = world.screen(ADMIN)
        data = next(one.data for one in screen.buttons if one.label == "Запустить")
        for _ in range(3):
            world.sandbox.tap(ADMIN, data=data, message_id=screen.message_id, forged=True)
        await world.settle()
        assert "Новая кампания" not in world.labels(ADMIN)
        assert world.labels(ANNA)[:2] == ["0", "1"]
        async with world.database() as database, database.reading() as reader:
            assert len(await waves.latest(reader)) == 1


async def test_a_bot_that_stops_while_preparing_goes_on_when_it_comes_back(crowd: World) -> None:
    async with crowd.writing() as database:
        await launch_plan(database, window={"from": 20, "until": 21})
        await until_some_are_invited(database)
    async with crowd.bot():
        await crowd.settle()
    async with crowd.writing() as database:
        await asked_once_each(database, CROWD)
