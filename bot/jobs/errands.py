"""Work that was asked for: each errand is made by the job of its kind and told once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.jobs import backups, digests, links
from bot.jobs.making import End, Make, Work
from bot.settings import Settings
from storage.database import Database
from storage.people import people, workspace
from storage.sending import errands, outbox, schedules
from storage.sending.errands import Errand

log = structlog.get_logger()

JOBS: Final[Mapping[str, Make]] = {
    "digest": digests.make,
    "comparison": digests.compare,
    "links": links.make,
    "links_over": links.delete,
    "backup": backups.make,
}
"""Every kind of errand. A new job is a line here, and `errands.ask` where it is asked for."""

_PAUSE, _LONGEST = timedelta(seconds=10), timedelta(hours=1)


async def make_due(settings: Settings, database: Database, now: datetime) -> None:
    """Ask for what the schedules say, then make everything that is due."""
    async with database.transaction() as tx:
        await schedules.claim_due(tx, now)
    async with database.reading() as reader:
        waiting = await errands.due(reader, now)
    for errand in waiting:
        await _make(settings, database, errand, now)


async def _make(settings: Settings, database: Database, errand: Errand, now: datetime) -> None:
    work = await _taken(settings, database, errand, now)
    if work is None:
        return
    try:
        end = await JOBS[errand.kind](work)
        await _end(work, end)
    except Exception as error:  # noqa: BLE001 (whatever one errand raises, the others go on)
        log.error("errand_failed", kind=errand.kind, error=type(error).__name__)
        pause = min(_PAUSE * 2 ** min(errand.attempts, 10), _LONGEST)
        async with database.transaction() as tx:
            await errands.put_off(tx, errand.id, now + pause)


async def _taken(
    settings: Settings, database: Database, errand: Errand, now: datetime
) -> Work | None:
    """Take an errand; None where another process has it, or who asked is no admin any more."""
    async with database.transaction() as tx:
        if not await errands.take(tx, errand, now):
            return None
        space = await workspace.get(tx)
        if errand.person_id is None:
            return Work(settings, database, errand, None, space, now)
        person = await people.get(tx, errand.person_id)
        if person.address is None or not person.is_admin:
            await errands.finish(tx, errand.id, "skipped", now)
            return None
    return Work(settings, database, errand, person, space, now)


async def _end(work: Work, end: End) -> None:
    """Say and write what belongs to an errand's end together with the end."""
    async with work.database.transaction() as tx:
        draft = work.answer(end)
        if draft is not None:
            await outbox.put(tx, draft, work.now)
        if end.note is not None:
            await end.note(tx)
        if end.again_at is not None:
            await errands.put_off(tx, work.errand.id, end.again_at)
        else:
            await errands.finish(tx, work.errand.id, end.result, work.now, end.details)
