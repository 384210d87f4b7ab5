"""Waves are made ready in small transactions: everybody's decision, then the invitations.

Nobody's tap waits for a wave of a hundred thousand people: whoever has something to write does so
between two transactions. What is done is committed, and what is left stands in the ledger.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby, islice

from bot.operations.campaigns.deciding import Decided, decide, setting_of
from bot.operations.campaigns.inviting import About, invite
from storage.asking import boards, campaigns, ledger, preparation
from storage.asking.ledger import Line
from storage.database import Database, Transaction
from storage.privacy import consents

_DECISIONS = 512
"""How many decisions one transaction writes, a power of two since `many` writes rows by these.

Everybody else waits for it.
"""
_INVITATIONS = 200
"""How many invitations are written at once; everybody else waits for them."""
_TOGETHER = 3
"""How often that goes on in one transaction while nobody waits: they share its commit."""
_NEIGHBOURS = 1_000
"""How many people of the lot may change places where all are due at one moment…"""
_SHARE = 20
"""…or, in a large wave, this part of all of them."""
_STEPS = 10
"""How many transactions of invitations run before other jobs get their turn."""


async def prepare_all(database: Database, now: datetime) -> None:
    """Make every wave ready."""
    while await prepare_some(database, now):
        pass


async def prepare_some(database: Database, now: datetime) -> bool:
    """Go on with the waves being prepared; tell whether there is more to do.

    Waves of some thousand people are ready after one call, a larger one after several.
    """
    async with database.reading() as reader:
        unprepared = await preparation.unprepared(reader)
    steps = _STEPS
    for wave_id in unprepared:
        about = await _about(database, wave_id, now)
        if about.wave.stage == "deciding":
            await _decide(database, about, now)
        while await _invite_some(database, about, now):
            steps -= 1
            if not steps:
                return True
    return False


async def _about(database: Database, wave_id: int, now: datetime) -> About:
    async with database.reading() as reader:
        wave = await campaigns.get_wave(reader, wave_id)
        campaign = await campaigns.get(reader, wave.campaign_id)
        return About(campaign, wave, await setting_of(reader, campaign, wave.label, now))


async def _decide(database: Database, about: About, now: datetime) -> None:
    """Decide as if the campaign ran: a pause or an end counts when invitations are written."""
    wave_id = about.wave.id
    rules = replace(about.setting.rules, paused=False, cancelled=False)
    async with database.reading() as reader:
        said = await consents.last_said(reader)
        decided = await decide(reader, replace(about.setting, rules=rules), about.wave)
    lines = _lines(decided, now)
    while some := list(islice(lines, _DECISIONS)):
        async with database.transaction() as tx:
            await ledger.record(tx, wave_id, some, now)
    async with database.transaction() as tx:
        await preparation.ask_who_agreed(tx, wave_id, said)
        await preparation.advance(tx, wave_id, "inviting")


def _lines(decided: Decided, now: datetime) -> Iterator[Line]:
    for place, person in enumerate(_queue(decided)):
        due = decided.due[person]
        yield Line(person, due_at=due if due > now else None, place=place)
    for person, reason in decided.refused.items():
        yield Line(person, reason)


def _queue(decided: Decided) -> Iterator[int]:
    """Yield those invited by the lot, but for neighbours in it who are due at one moment.

    Of these, people with neighbouring numbers go together: what is written about them then lies on
    fewer pages. The lot says which of such groups go first, so no number is more likely to.
    """
    invited, due = decided.invited, decided.due
    most = max(_NEIGHBOURS, len(invited) // _SHARE)
    for start in range(0, len(invited), most):
        by_lot = invited[start : start + most]
        at = {person: place for place, person in enumerate(by_lot)}
        for _, together in groupby(sorted(sorted(by_lot), key=due.__getitem__), due.__getitem__):
            for group in sorted(_groups(together), key=lambda group: at[group[0]]):
                yield from group


def _groups(persons: Iterator[int]) -> Iterator[list[int]]:
    while group := list(islice(persons, _INVITATIONS)):
        yield group


async def _invite_some(database: Database, about: About, now: datetime) -> bool:
    """Invite the next people of a wave; False where there is nothing to do now."""
    async with database.transaction() as tx:
        state = await campaigns.state_of(tx, about.campaign.id)
        if state == "paused":
            return False
        about = replace(about, campaign=replace(about.campaign, state=state))
        for _ in range(_TOGETHER):
            if not await _invite_next(tx, about, now):
                return False
            if database.is_awaited:
                break
    return True


async def _invite_next(tx: Transaction, about: About, now: datetime) -> bool:
    some = await preparation.next_to_ask(tx, about.wave.id, _INVITATIONS)
    if some:
        await invite(tx, about, some, now)
    else:
        await preparation.advance(tx, about.wave.id, "ready")
        await boards.wake(tx, about.campaign.id, now)
    return bool(some)
