"""A wave is prepared in small steps: over crashes, /stop, pause and cancel, nobody twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import delete, event, select

from bot.operations.campaigns import control, leaving, preparing
from bot.operations.campaigns.deciding import Decided, Setting, decide
from bot.operations.campaigns.launching import Launched, launch, preview
from bot.operations.campaigns.waves import begin_wave
from storage import work
from storage.asking import campaigns, ledger, preparation, waves
from storage.asking.campaigns import Wave
from storage.database import Database, Reader, Transaction
from storage.people import addresses, people
from storage.people.addresses import TELEGRAM, of_telegram
from storage.sending import errands
from storage.tables.delivery import outbox as messages
from storage.tables.people import addresses as address_rows
from storage.tables.people import people as persons
from storage.tables.surveys import decisions, invitations
from surveys.campaign.eligibility import Reason
from surveys.campaign.plan import Plan, plan_of
from tests.bot.chat.test_wizard import choose, claim
from tests.bot.world import ADMIN, ANNA, START, World
from tests.crowds import add_crowd

CROWD = 330
"""More than several steps of every kind."""
FIRST_ID = 100_000


class PowerCut(BaseException):
    """The program ends here."""


@pytest.fixture
async def crowd(world: World) -> World:
    """Besides the three customers there are many, all of them in Telegram."""
    async with world.writing() as database, database.transaction() as tx:
        rows = [
            {
                "external_id": f"X{number}",
                "name": f"Клиент {number}",
                "is_customer": True,
                "consented_at": START - timedelta(days=400),
                "created_at": START - timedelta(days=400),
            }
            for number in range(CROWD)
        ]
        await add_crowd(tx, rows, FIRST_ID)
    return world


async def _launch(database: Database, **plan: Any) -> Launched:
    async with database.transaction() as tx:
        return await launch(tx, plan_of({"survey": "nps", **plan}), None, START)


async def _rows(database: Database, *columns: Any) -> Sequence[tuple[Any, ...]]:
    async with database.reading() as reader:
        return [tuple(row.values()) for row in await reader.all(select(*columns))]


async def _person(database: Database, number: int) -> int:
    async with database.reading() as reader:
        found = await people.by_address(reader, of_telegram(FIRST_ID + number))
    assert found is not None
    return found.id


async def _reason(database: Database, person_id: int) -> str | None:
    async with database.reading() as reader:
        return (await ledger.of_person(reader, person_id))[0].reason


async def _asked_once_each(database: Database, count: int) -> None:
    asked = await _rows(database, invitations.c.person_id)
    queued = await _rows(database, messages.c.address)
    assert len(asked) == len(set(asked)) == len(queued) == len(set(queued)) == count


@pytest.mark.parametrize("step", range(1, 9, 2))
async def test_a_crash_while_preparing_leaves_everybody_invited_exactly_once(
    crowd: World, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    async with crowd.writing() as database:
        launched = await _launch(database)
        begun = 0
        begin = database.transaction

        def until_the_cut() -> AbstractAsyncContextManager[Transaction]:
            nonlocal begun
            begun += 1
            if begun == step:
                raise PowerCut
            return begin()

        monkeypatch.setattr(database, "transaction", until_the_cut)
        with pytest.raises(PowerCut):
            await preparing.prepare_all(database, START)
    async with crowd.writing() as database:
        async with database.reading() as reader:
            assert await work.unfinished(reader, START) > 0
            assert await work.next_due(reader) == START
        await preparing.prepare_all(database, START)
        await _asked_once_each(database, CROWD)
        async with database.reading() as reader:
            assert launched.wave_id is not None
            assert (await campaigns.get_wave(reader, launched.wave_id)).stage == "ready"
        assert len(await _rows(database, decisions.c.person_id)) == CROWD + 3


async def _until_some_are_invited(database: Database) -> None:
    """Prepare a wave up to its first invitations."""
    steps = preparing._STEPS
    preparing_in_one_step = pytest.MonkeyPatch()
    preparing_in_one_step.setattr(preparing, "_STEPS", 1)
    assert await preparing.prepare_some(database, START)
    preparing_in_one_step.undo()
    assert steps == preparing._STEPS


async def test_who_changes_their_mind_meanwhile_is_not_asked_and_the_ledger_says_why(
    crowd: World,
) -> None:
    async with crowd.writing() as database:
        launched = await _launch(database)
        assert launched.wave_id is not None
        await _until_some_are_invited(database)
        async with database.reading() as reader:
            waiting = await preparation.next_to_ask(reader, launched.wave_id, 4)
        stopped, left, blocked, other = (one.person_id for one in waiting)
        async with database.transaction() as tx:
            await leaving.stop_asking(tx, stopped, START)
            await people.leave_all(tx, [left], START)
            found = await people.get(tx, blocked)
            await people.unreachable(tx, found.address or of_telegram(0), START)
            await addresses.unbind(tx, other, TELEGRAM)
        await preparing.prepare_all(database, START)
        assert await _reason(database, stopped) == "opted_out"
        assert await _reason(database, left) == "left"
        assert await _reason(database, blocked) == "unreachable"
        assert await _reason(database, other) == "no_link"
        await _asked_once_each(database, CROWD - 4)


async def test_who_agrees_while_everybody_is_looked_at_is_asked_as_well(
    crowd: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.writing() as database:
        late = await _person(database, 7)
        async with database.transaction() as tx:
            await people.change(tx, late, consented_at=None)
        await _launch(database)

        async def decide_meanwhile(reader: Reader, setting: Setting, wave: Wave) -> Decided:
            decided = await decide(reader, setting, wave)
            async with database.transaction() as tx:
                await people.consent(tx, late, "1", START)
            return decided

        monkeypatch.setattr("bot.operations.campaigns.preparing.decide", decide_meanwhile)
        await preparing.prepare_all(database, START)
        await _asked_once_each(database, CROWD)


async def test_a_campaign_cancelled_while_it_is_prepared_gives_an_honest_account(
    crowd: World,
) -> None:
    async with crowd.writing() as database:
        launched = await _launch(database)
        await _until_some_are_invited(database)
        async with database.reading() as reader:
            before = (await control.status(reader, launched.campaign_id)).account
        assert before.waiting
        assert before.preparing == CROWD - before.waiting
        async with database.transaction() as tx:
            await control.cancel(tx, launched.campaign_id, START)
        await preparing.prepare_all(database, START)
        async with database.reading() as reader:
            after = await control.status(reader, launched.campaign_id)
        assert (after.account.cancelled, after.account.total) == (CROWD, CROWD)
        assert after.funnel is not None
        assert after.funnel.not_asked["campaign_cancelled"] == before.preparing
        assert (after.funnel.invited, after.funnel.preparing) == (before.waiting, 0)


async def test_a_campaign_paused_while_it_is_prepared_goes_on_when_it_is_resumed(
    crowd: World,
) -> None:
    async with crowd.writing() as database:
        launched = await _launch(database)
        await _until_some_are_invited(database)
        async with database.transaction() as tx:
            await control.pause(tx, launched.campaign_id, START)
        made = len(await _rows(database, invitations.c.id))
        assert not await preparing.prepare_some(database, START)
        assert len(await _rows(database, invitations.c.id)) == made
        async with database.reading() as reader:
            assert await work.unfinished(reader, START) == 0, "nothing is due before it goes on"
        night = START + timedelta(hours=12)
        async with database.transaction() as tx:
            await control.resume(tx, launched.campaign_id, night)
        await preparing.prepare_all(database, night)
        await _asked_once_each(database, CROWD)
        due = {moment for (moment,) in await _rows(database, messages.c.due_at)}
        assert due == {START + timedelta(hours=21)}, "nobody is written to by night"


async def test_a_pause_just_before_everybody_is_looked_at_loses_nobody(
    crowd: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.writing() as database:
        launched = await _launch(database)
        unprepared = preparation.unprepared

        async def paused_meanwhile(reader: Reader) -> Sequence[int]:
            found = await unprepared(reader)
            async with database.transaction() as tx:
                await control.pause(tx, launched.campaign_id, START)
            return found

        monkeypatch.setattr(preparation, "unprepared", paused_meanwhile)
        await preparing.prepare_some(database, START)
        monkeypatch.undo()
        assert not await _rows(database, invitations.c.id)
        async with database.transaction() as tx:
            await control.resume(tx, launched.campaign_id, START)
        await preparing.prepare_all(database, START)
        await _asked_once_each(database, CROWD)


async def test_a_campaign_cancelled_at_once_counts_only_who_was_to_be_asked(crowd: World) -> None:
    async with crowd.writing() as database:
        launched = await _launch(database)
        async with database.transaction() as tx:
            await control.cancel(tx, launched.campaign_id, START)
        await preparing.prepare_all(database, START)
        async with database.reading() as reader:
            after = await control.status(reader, launched.campaign_id)
        assert after.account.cancelled == CROWD
        assert after.funnel is not None
        assert after.funnel.not_asked == {"campaign_cancelled": CROWD, "no_telegram": 3}


async def test_who_is_no_customer_any_more_when_their_turn_comes_is_outside(crowd: World) -> None:
    async with crowd.writing() as database:
        launched = await _launch(database)
        assert launched.wave_id is not None
        await _until_some_are_invited(database)
        async with database.reading() as reader:
            (one,) = await preparation.next_to_ask(reader, launched.wave_id, 1)
        async with database.transaction() as tx:
            await people.change(tx, one.person_id, is_customer=False)
        await preparing.prepare_all(database, START)
        assert await _reason(database, one.person_id) == "outside_audience"


async def test_who_buys_before_their_turn_comes_is_not_asked_why_they_left(crowd: World) -> None:
    async with crowd.writing() as database:
        async with database.transaction() as tx:
            long_ago = (START - timedelta(days=200)).date()
            await tx.run(persons.update().values(last_purchase_on=long_ago))
        launched = await _launch(database, survey="exit", when={"inactive_days": 180})
        async with database.transaction() as tx:
            campaign = await campaigns.get(tx, launched.campaign_id)
            wave = await begin_wave(tx, campaign, "2026-09-15", START)
        await _until_some_are_invited(database)
        async with database.reading() as reader:
            (one,) = await preparation.next_to_ask(reader, wave.id, 1)
        async with database.transaction() as tx:
            await people.bought(tx, one.person_id, START.date())
        await preparing.prepare_all(database, START)
        assert await _reason(database, one.person_id) == "outside_audience"
        await _asked_once_each(database, CROWD - 1)


async def test_who_is_about_to_be_invited_is_free_for_no_other_survey(crowd: World) -> None:
    async with crowd.writing() as database:
        await _launch(database)
        await _until_some_are_invited(database)
        async with database.reading() as reader:
            found = await preview(reader, Plan(survey="loyalty"), START)
        assert found.decided.reasons[Reason.SURVEY_OPEN] == CROWD
        await _launch(database, survey="loyalty")
        await preparing.prepare_all(database, START)
        await _asked_once_each(database, CROWD)


async def test_invitations_go_out_in_the_order_of_the_lot_and_a_quota_is_kept(
    crowd: World,
) -> None:
    async with crowd.writing() as database:
        launched = await _launch(database, rules={"quota": 150}, spread_hours=2)
        await preparing.prepare_all(database, START)
        await _asked_once_each(database, 150)
        ordered = await _rows(database, messages.c.id, messages.c.due_at)
        moments = [moment for _, moment in sorted(ordered)]
        assert moments == sorted(moments)
        assert moments[-1] > moments[0]
        reasons = Counter(reason for (reason,) in await _rows(database, decisions.c.reason))
        assert (reasons[None], reasons["quota_full"]) == (150, CROWD - 150)
        assert launched.wave_id is not None


async def test_the_launch_draws_whom_the_preview_drew(crowd: World) -> None:
    async with crowd.writing() as database:
        async with database.transaction() as tx:
            await tx.run(delete(address_rows).where(address_rows.c.person_id % 2 == 0))
        plan = plan_of({"survey": "nps", "audience": {"sample": 50}})
        async with database.reading() as reader:
            promised = (await preview(reader, plan, START)).decided
        await _launch(database, audience={"sample": 50})
        await preparing.prepare_all(database, START)
        drawn = {person for (person,) in await _rows(database, invitations.c.person_id)}
        assert drawn == set(promised.invited)
        kept = Counter(reason for (reason,) in await _rows(database, decisions.c.reason))
        assert kept - Counter({None: len(drawn)}) == promised.reasons


async def test_somebody_else_s_write_comes_in_between_two_steps(crowd: World) -> None:
    async with crowd.writing() as database:
        await _launch(database)
        anna = await _person(database, 1)
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
        await _launch(database)
        executed = 0

        def count(*_: object) -> None:
            nonlocal executed
            executed += 1

        assert database._writer is not None
        connection = database._writer._connection
        assert connection is not None
        event.listen(connection.sync_connection, "before_cursor_execute", count)
        await preparing.prepare_all(database, START)
        assert executed < CROWD // 4


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
        await _launch(database, window={"from": 20, "until": 21})
        await _until_some_are_invited(database)
    async with crowd.bot():
        await crowd.settle()
    async with crowd.writing() as database:
        await _asked_once_each(database, CROWD)


async def test_a_wave_s_links_come_as_a_file_and_nobody_gets_two(crowd: World) -> None:
    async with crowd.writing() as database, database.transaction() as tx:
        await tx.run(delete(address_rows).where(address_rows.c.person_id % 2 == 0))
        missing = len(
            await tx.all(
                select(persons.c.id).where(persons.c.is_customer, ~addresses.IS_WRITTEN_TO)
            )
        )
    async with crowd.bot():
        await claim(crowd)
        launched = await crowd.launch("nps")
        await crowd.forge(ADMIN, f"1:m:wave_links:{launched['wave']}")
        await crowd.settle()
        sent = [one for one in crowd.sandbox.messages(ADMIN) if "document" in one.body]
        assert len(sent) == 1
        assert str(missing) in sent[0].body["caption"]
        rows = (await crowd.operate("wave_links", wave=launched["wave"]))["links"]
        assert len({row["link"] for row in rows}) == len(rows) == missing
    async with crowd.writing() as database:
        by_link = await _rows(database, invitations.c.person_id, invitations.c.touchpoint)
        asked = [person for person, touchpoint in by_link if touchpoint == "link"]
        assert len(asked) == len(set(asked)) == missing


async def test_a_file_of_links_that_cannot_be_made_any_more_says_why(world: World) -> None:
    async with world.bot():
        await claim(world)
        launched = await world.launch("nps")
    async with world.writing() as database, database.transaction() as tx:
        admin = await people.by_address(tx, of_telegram(ADMIN))
        assert admin is not None
        wanted = {"format": "xlsx", "wave": launched["wave"]}
        await errands.ask(tx, "links", admin.id, START, wanted)
        await control.cancel(tx, launched["campaign"], START)
    async with world.bot():
        await world.settle()
        said = [one.text or "" for one in world.sandbox.messages(ADMIN)]
        assert any("Кампания завершена" in text for text in said)
        assert not any("уже в Telegram" in text for text in said)


async def test_who_is_no_admin_any_more_gets_no_file_of_links(world: World) -> None:
    async with world.bot():
        await claim(world)
    async with world.writing() as database, database.transaction() as tx:
        admin = await people.by_address(tx, of_telegram(ADMIN))
        assert admin is not None
        wanted = {"format": "xlsx", "wave": None}
        await errands.ask(tx, "links", admin.id, START, wanted)
        await people.change(tx, admin.id, is_admin=False)
    async with world.bot():
        await world.settle()
        assert not [one for one in world.sandbox.messages(ADMIN) if "document" in one.body]
