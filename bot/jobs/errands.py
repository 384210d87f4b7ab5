"""Work that was asked for: the job of its kind does each errand, and its result is told once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.jobs import cards, cases, commands, criteria, digests, exports, facts, links, mydata
from bot.jobs.making import End, Make, Menus, Work
from bot.jobs.upkeep import backups, erased
from bot.rights import Action, may
from bot.roles import roles_of
from bot.settings import Settings
from storage.database import Database
from storage.people import people, workspace
from storage.people.people import Person
from storage.sending import errands, outbox, schedules

log = structlog.get_logger()

JOBS: Final[Mapping[str, Make]] = {
    "digest": digests.make,
    "comparison": digests.compare,
    "criteria": criteria.make,
    "facts_reminder": facts.remind,
    "export": exports.make,
    "links": links.make,
    "links_over": links.delete,
    "backup": backups.make,
    "commands": commands.publish,
    "case": cases.look,
    "low_score": cases.look_at_low,
    "erased": erased.make,
    "mydata": mydata.make,
    "mydata_over": mydata.delete,
    "own_card": cards.make,
}
"""Every kind of errand. A new job is a line here, and `errands.ask` where it is asked for."""
BESIDE: Final = frozenset({"backup"})
"""Kinds that may take hours, so nothing else waits for them."""
_ACTIONS: Final[Mapping[str, Action]] = {"own_card": Action.SEE_OWN_CARD}
"""What whoever asked must be allowed still, where it is not to get reports."""

_PAUSE, _LONGEST = timedelta(seconds=10), timedelta(hours=1)


async def make_due(
    settings: Settings,
    database: Database,
    menus: Menus,
    now: datetime,
    beside: Callable[[Work], None] | None = None,
) -> None:
    """Ask for what the schedules say, then make everything that is due.

    What may take hours is handed to `beside`, where one is given.
    """
    async with database.transaction() as tx:
        await schedules.claim_due(tx, now)
    async with database.reading() as reader:
        waiting = await errands.due(reader, now)
        space = await workspace.get(reader)
        askers = await people.by_ids(reader, [one.person_id for one in waiting if one.person_id])
    for errand in waiting:
        asker = askers.get(errand.person_id or 0)
        work = Work(settings, database, menus, errand, asker, space, now)
        if beside is not None and errand.kind in BESIDE:
            beside(work)
        else:
            await make(work)


async def make(work: Work) -> None:
    """Make an errand, unless another program has it, or whoever asked may not get it now."""
    if await _taken(work):
        await _make(work)


async def _make(work: Work) -> None:
    errand = work.errand
    try:
        end = await JOBS[errand.kind](work)
        await _end(work, end)
    except Exception as error:  # noqa: BLE001 (whatever one errand raises, the others go on)
        log.error("errand_failed", kind=errand.kind, error=type(error).__name__)
        pause = min(_PAUSE * 2 ** min(errand.attempts, 10), _LONGEST)
        async with work.database.transaction() as tx:
            await errands.put_off(tx, errand.id, work.now + pause)


async def _taken(work: Work) -> bool:
    """Take an errand; False where another program has it, or whoever asked may not get it now."""
    person = work.person
    async with work.database.transaction() as tx:
        if not await errands.take(tx, work.errand, work.now):
            return False
        if person is None or (_may_get(person, work.errand.kind) and person.address is not None):
            return True
        await errands.finish(tx, work.errand.id, "skipped", work.now)
    return False


def _may_get(person: Person, kind: str) -> bool:
    return may(_ACTIONS.get(kind, Action.GET_REPORTS), *roles_of(person))


async def _end(work: Work, end: End) -> None:
    """Say and write what belongs to an errand's end together with the end."""
    async with work.database.transaction() as tx:
        for message in work.answers(end):
            await outbox.put(tx, message, work.now)
        if end.note is not None:
            await end.note(tx)
        if end.again_at is not None:
            await errands.put_off(tx, work.errand.id, end.again_at)
        else:
            await errands.finish(tx, work.errand.id, end.result, work.now, end.details)
