"""A wave is prepared in small steps: over crashes, /stop, pause and cancel, nobody twice."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest

from bot.operations.campaigns import control, preparing, stopping
from bot.operations.campaigns.deciding import Decided, Setting, decide
from bot.operations.campaigns.inviting import About, invite
from storage import work
from storage.asking import campaigns, preparation
from storage.asking.campaigns import Wave
from storage.database import Database, Reader, Transaction
from storage.people import addresses, people
from storage.people.addresses import TELEGRAM, of_telegram
from storage.privacy import consents
from storage.privacy.consents import ConsentKind, ConsentText
from storage.tables.delivery import outbox as messages
from storage.tables.surveys import decisions, invitations
from tests.bot.campaigns.crowds import (
    CROWD,
    PowerCut,
    asked_once_each,
    launch_plan,
    person_of,
    reason_of,
    rows_of,
    until_some_are_invited,
)
from tests.bot.world import START, World

TEXT = ConsentText("ru", "customers", "Текст", START)


@pytest.mark.parametrize("step", range(1, 9, 2))
async def test_a_crash_while_preparing_leaves_everybody_invited_exactly_once(
    crowd: World, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    async with crowd.writing() as database:
        launched = await launch_plan(database)
        begun = 0
        begin = database.transaction

        def until_the_cut() -> AbstractAsyncContextManager[Transaction]:
            nonlocal begun
            begun += 1
            if begun == step:
                raise PowerCut
            return begin()

        monkeypatch.setattr(database, "transaction", until_the_cut)
        monkeypatch.setattr(preparing, "_INVITATIONS", 100)
        monkeypatch.setattr(preparing, "_TOGETHER", 1)
        with pytest.raises(PowerCut):
            await preparing.prepare_all(database, START)
    async with crowd.writing() as database:
        async with database.reading() as reader:
            assert await work.unfinished(reader, START) > 0
            assert await work.next_due(reader) == START
        await preparing.prepare_all(database, START)
        await asked_once_each(database, CROWD)
        async with database.reading() as reader:
            assert launched.wave_id is not None
            assert (await campaigns.get_wave(reader, launched.wave_id)).stage == "ready"
        assert len(await rows_of(database, decisions.c.person_id)) == CROWD + 3


async def test_hundreds_written_together_are_kept_together_or_not_at_all(
    crowd: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.writing() as database:
        await launch_plan(database)
        invited = 0

        async def until_the_cut(tx: Transaction, about: About, *given: Any) -> None:
            nonlocal invited
            invited += 1
            if invited == 3:
                raise PowerCut
            await invite(tx, about, *given)

        monkeypatch.setattr(preparing, "_INVITATIONS", 100)
        monkeypatch.setattr("bot.operations.campaigns.preparing.invite", until_the_cut)
        # Who shares a server cannot see who waits there, and ends each transaction sooner.
        monkeypatch.setattr(type(database), "is_awaited", False)
        with pytest.raises(PowerCut):
            await preparing.prepare_all(database, START)
        assert await rows_of(database, invitations.c.person_id) == []
        monkeypatch.undo()
        await preparing.prepare_all(database, START)
        await asked_once_each(database, CROWD)


async def test_who_changes_their_mind_meanwhile_is_not_asked_and_the_ledger_says_why(
    crowd: World,
) -> None:
    async with crowd.writing() as database:
        launched = await launch_plan(database)
        assert launched.wave_id is not None
        await until_some_are_invited(database)
        async with database.reading() as reader:
            waiting = await preparation.next_to_ask(reader, launched.wave_id, 4)
        stopped, left, blocked, other = (one.person_id for one in waiting)
        async with database.transaction() as tx:
            await stopping.stop_asking(tx, stopped, START)
            await people.leave_all(tx, [left], START)
            found = await people.get(tx, blocked)
            await people.unreachable(tx, found.address or of_telegram(0), START)
            await addresses.unbind(tx, other, TELEGRAM)
        await preparing.prepare_all(database, START)
        assert await reason_of(database, stopped) == "opted_out"
        assert await reason_of(database, left) == "left"
        assert await reason_of(database, blocked) == "unreachable"
        assert await reason_of(database, other) == "no_link"
        await asked_once_each(database, CROWD - 4)


async def test_who_agrees_while_everybody_is_looked_at_is_asked_as_well(
    crowd: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.writing() as database:
        await _prepare_while_one_says(database, monkeypatch, "given")
        await asked_once_each(database, CROWD)


async def test_who_agrees_and_thinks_better_of_it_meanwhile_is_not_asked(
    crowd: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.writing() as database:
        late = await _prepare_while_one_says(database, monkeypatch, "given", "withdrawn")
        assert await reason_of(database, late) == "not_consented"
        await asked_once_each(database, CROWD - 1)


async def _prepare_while_one_says(
    database: Database, monkeypatch: pytest.MonkeyPatch, *said: ConsentKind
) -> int:
    """Prepare a wave; one who has not agreed says this while everybody is looked at."""
    late = await person_of(database, 7)
    async with database.transaction() as tx:
        await people.change(tx, late, consented_at=None)
    await launch_plan(database)

    async def decide_meanwhile(reader: Reader, setting: Setting, wave: Wave) -> Decided:
        decided = await decide(reader, setting, wave)
        async with database.transaction() as tx:
            for kind in said:
                await consents.say(tx, late, kind, TEXT, TELEGRAM, START)
        return decided

    monkeypatch.setattr("bot.operations.campaigns.preparing.decide", decide_meanwhile)
    await preparing.prepare_all(database, START)
    return late


async def test_a_campaign_cancelled_while_it_is_prepared_gives_an_honest_account(
    crowd: World,
) -> None:
    async with crowd.writing() as database:
        launched = await launch_plan(database)
        await until_some_are_invited(database)
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
        launched = await launch_plan(database)
        await until_some_are_invited(database)
        async with database.transaction() as tx:
            await control.pause(tx, launched.campaign_id, START)
        made = len(await rows_of(database, invitations.c.id))
        assert not await preparing.prepare_some(database, START)
        assert len(await rows_of(database, invitations.c.id)) == made
        async with database.reading() as reader:
            assert await work.unfinished(reader, START) == 0, "nothing is due before it goes on"
        night = START + timedelta(hours=12)
        async with database.transaction() as tx:
            await control.resume(tx, launched.campaign_id, night)
        await preparing.prepare_all(database, night)
        await asked_once_each(database, CROWD)
        due = {moment for (moment,) in await rows_of(database, messages.c.due_at)}
        assert due == {START + timedelta(hours=21)}, "nobody is written to by night"


async def test_a_pause_just_before_everybody_is_looked_at_loses_nobody(
    crowd: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.writing() as database:
        launched = await launch_plan(database)
        unprepared = preparation.unprepared

        async def paused_meanwhile(reader: Reader) -> Sequence[int]:
            found = await unprepared(reader)
            async with database.transaction() as tx:
                await control.pause(tx, launched.campaign_id, START)
            return found

        monkeypatch.setattr(preparation, "unprepared", paused_meanwhile)
        await preparing.prepare_some(database, START)
        monkeypatch.undo()
        assert not await rows_of(database, invitations.c.id)
        async with database.transaction() as tx:
            await control.resume(tx, launched.campaign_id, START)
        await preparing.prepare_all(database, START)
        await asked_once_each(database, CROWD)


async def test_a_campaign_cancelled_at_once_counts_only_who_was_to_be_asked(crowd: World) -> None:
    async with crowd.writing() as database:
        launched = await launch_plan(database)
        async with database.transaction() as tx:
            await control.cancel(tx, launched.campaign_id, START)
        await preparing.prepare_all(database, START)
        async with database.reading() as reader:
            after = await control.status(reader, launched.campaign_id)
        assert after.account.cancelled == CROWD
        assert after.funnel is not None
        assert after.funnel.not_asked == {"campaign_cancelled": CROWD, "no_telegram": 3}
