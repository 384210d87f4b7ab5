"""A copy becomes the database again, and no customer gets anything twice.

The copy does not know what was sent after it was made. So whatever it would send by now is worked
off without being sent: what is queued, and what has fallen due since (slots, events, reminders).
Each message to a customer that comes of it counts as one of unknown fate. The throttle and the
ledger then know of it, and an admin decides about the messages.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import Refused
from bot.jobs import campaigns, closings, reminders
from bot.operations.campaigns.stopping import stop_asking
from bot.operations.copies.backups import shelf_of
from bot.operations.privacy import forgetting
from bot.settings import SQLITE, Settings
from storage.answering import heaps
from storage.asking import triggers
from storage.copies import erased, making, restores, restoring
from storage.copies.shelf import made_at
from storage.database import Database, Transaction, open_database
from storage.engine.sqlite import place
from storage.people import erasing, people, web_sessions
from storage.people.addresses import Address
from surveys.messages import mark

_MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; `aside`: where the earlier files are kept.

    `lost`: people whose anonymous answers waited for their batch, and are in no copy. `erased`:
    customers who were erased after the copy was made, and now once more.
    """

    copied_at: datetime
    uncertain: int
    waves: int
    unsubscribed: int
    lost: int
    erased: int = 0
    aside: Path | None = None


@dataclass(frozen=True, slots=True)
class Salvage:
    """What could be read of the replaced database: the numbers it had given, and who unsubscribed.

    `erased`: who was erased, in any installation that shares the folder of copies.
    """

    numbers: Mapping[str, int]
    unsubscribed: Mapping[Address, datetime]
    erased: Collection[tuple[str, int]]


async def restore(
    settings: Settings, file: Path, now: datetime, identity: Path | None = None
) -> Restored:
    """Put a copy in the database's place, held; the present files are kept aside.

    A server's goes into an empty database. `identity`: the file of the key that an encrypted copy
    needs.

    Raises DatabaseBusy where the bot runs, and whatever `storage.copies.backups.verify` or
    `storage.copies.making.put_back` raises.
    """
    shelf = shelf_of(settings)
    if shelf.server is not None:
        copied_at = await making.put_back(shelf, file, identity)
        return await restored_here(settings, now, copied_at)
    with place.held(shelf.database) as held:
        restoring.finish(held.path)
        places = erased.known(held.path, shelf)
        staged = await asyncio.to_thread(restoring.stage, file, held.path, identity)
        copied_at = _made_at(file, staged)
        return await _exchanged(staged, held.path, copied_at, now, erased.noted(places))


def _made_at(file: Path, staged: Path) -> datetime:
    """Return when a copy was made: to the second by its name, where that agrees with its mark.

    An encrypted copy shows its mark only once it is opened, and its file may be younger.
    """
    named, marked = made_at(file), made_at(staged)
    return named if marked <= named < marked + timedelta(minutes=1) else marked


async def _exchanged(
    staged: Path,
    database: Path,
    copied_at: datetime,
    now: datetime,
    gone: Collection[tuple[str, int]],
) -> Restored:
    given, unsubscribed = restoring.numbers_given(database), restoring.unsubscribed(database)
    salvage = Salvage(given, unsubscribed, gone)
    try:
        async with open_database(f"{SQLITE}{staged}") as fresh:
            done = await _on_paper(fresh, copied_at, now, salvage)
        aside = restoring.exchange(staged, database)
    finally:
        restoring.clear(staged)
    return replace(done, aside=aside)


async def restored_here(
    settings: Settings, now: datetime, copied_at: datetime | None = None
) -> Restored:
    """Hold a database that was put back by other means: a snapshot, pg_restore.

    Where nobody says when it was copied, its latest traces do.
    """
    async with open_database(settings.database_url, shelf_of(settings), alone=True) as database:
        async with database.reading() as reader:
            traced = await restores.marked_at(reader) or await restores.last_heard(reader)
        return await _on_paper(database, copied_at or traced or now, now, _noted_beside(database))


async def hold_found(database: Database, copied_at: datetime, now: datetime) -> Restored:
    """Hold a database that came here by other means than `restore`."""
    return await _on_paper(database, copied_at, now, _noted_beside(database))


def _noted_beside(database: Database) -> Salvage:
    return Salvage({}, {}, erased.noted(erased.known(database.place, database.shelf)))


async def _on_paper(
    database: Database, copied_at: datetime, now: datetime, salvage: Salvage
) -> Restored:
    """Work off what fell due since the copy was made, sending none of it."""
    days = max((now - copied_at).days, 0) + 1
    async with database.transaction() as tx:
        gone = await _erase(tx, salvage.erased, now)
        await restores.skip_numbers(tx, salvage.numbers, days * restores.NUMBERS_SKIPPED)
        unsubscribed = await _unsubscribed(tx, salvage.unsubscribed)
        uncertain = await restores.doubt(tx, now)
        before = await restores.count_waves(tx)
        lost = await heaps.write_off(tx)
        await restores.begin(tx, copied_at, now, lost)
        await web_sessions.forget_all(tx)
    for part in (closings.close_due, reminders.remind_due):
        while await part(database, now):
            pass
    await _fire_all(database, now)
    async with database.transaction() as tx:
        uncertain += await restores.doubt(tx, now)
        waves = await restores.count_waves(tx) - before
        await restores.note_waves(tx, waves)
        await restores.unmark(tx)
    if gone:
        await database.fold_log()
    return Restored(copied_at, uncertain, waves, unsubscribed, lost, gone)


async def _erase(tx: Transaction, noted: Collection[tuple[str, int]], now: datetime) -> int:
    """Erase again who was erased after the copy was made; return how many."""
    installation = await restores.installation_key(tx)
    theirs = sorted(number for key, number in noted if key == installation)
    done = [await forgetting.erase_anybody(tx, number, now) for number in theirs]
    count = sum(one is not None for one in done)
    if count:
        await erasing.erase_quotes(tx, now)
    return count


async def _fire_all(database: Database, now: datetime) -> None:
    """Let every campaign do what is due, in as many steps as it takes."""
    for _ in range(_MOST_STEPS):
        await campaigns.run_due(database, now)
        async with database.reading() as reader:
            if not await triggers.count_due(reader, now, staff=False):
                return
    raise Refused(mark("A campaign does not come to an end; nothing was restored."))


async def _unsubscribed(tx: Transaction, found: Mapping[Address, datetime]) -> int:
    """Keep what people wanted after the copy was made: no more invitations."""
    count = 0
    for address, moment in found.items():
        person = await people.by_address(tx, address)
        if person is not None and person.opted_out_at is None:
            await stop_asking(tx, person.id, moment)
            count += 1
    return count
