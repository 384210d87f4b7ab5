"""Copies of the database: daily, and now where an admin asked; never in anybody's way."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.operations.alerts import tell_admins
from bot.operations.compose import texts_for, to_staff
from bot.operations.copies.backups import next_copy, shelf_of
from bot.settings import Settings
from bot.telling import told
from storage.copies import backup_runs, backups
from storage.copies.backup_runs import Run
from storage.copies.shelf import Copy, Shelf, prune
from storage.database import Database, Transaction
from storage.errors import StorageError
from storage.people import people, workspace
from storage.sending import outbox
from templates.texts import Texts

log = structlog.get_logger()

TRY_AGAIN = timedelta(hours=1)


async def make_due(settings: Settings, database: Database, now: datetime) -> None:
    """Claim the daily slot where it has come, then make every copy that is claimed or asked for."""
    await _claim(settings, database, now)
    async with database.reading() as reader:
        pending = await backup_runs.pending(reader)
    shelf = shelf_of(settings)
    for run in pending:
        await _make(shelf, database, run, now)


async def _claim(settings: Settings, database: Database, now: datetime) -> None:
    async with database.reading() as reader:
        due = await backup_runs.due_at(reader)
        zone = (await workspace.get(reader)).zone
    if due is None or due > now or settings.backups_hour is None:
        return
    following = next_copy(settings.backups_hour, zone, now)
    async with database.transaction() as tx:
        await backup_runs.claim(tx, due, following, now)


async def _make(shelf: Shelf | None, database: Database, run: Run, now: datetime) -> None:
    if shelf is None:
        async with database.transaction() as tx:
            await backup_runs.finish(tx, run.id, "failed", now)
        return
    try:
        copy = await asyncio.to_thread(_copied, shelf, run, now)
    except StorageError as error:
        log.error("backup_failed", error=type(error).__name__)
        async with database.transaction() as tx:
            await _failed(tx, run, error, now)
        return
    log.info("backup_made", bytes=copy.size)
    async with database.transaction() as tx:
        await backup_runs.finish(tx, run.id, "done", now, str(copy.path), copy.size)
        await _answer(tx, run, now, copy)


def _copied(shelf: Shelf, run: Run, now: datetime) -> Copy:
    copy = backups.make(shelf, "daily" if run.person_id is None else "hand", now)
    prune(shelf, now)
    return copy


async def _failed(tx: Transaction, run: Run, error: StorageError, now: datetime) -> None:
    """Tell the admins, once a day; a daily copy is tried again in an hour."""
    await backup_runs.finish(tx, run.id, "failed", now)
    if run.person_id is not None:
        await _answer(tx, run, now, error)
        return
    planned = await backup_runs.due_at(tx)
    if planned is not None:
        await backup_runs.set_due(tx, min(planned, now + TRY_AGAIN))

    def sentence(texts: Texts) -> str:
        return texts("The daily copy failed. {reason}", reason=told(texts, error))

    await tell_admins(tx, f"backup:{now.date()}", sentence, now)


async def _answer(tx: Transaction, run: Run, now: datetime, outcome: Copy | StorageError) -> None:
    """Tell the admin who asked what became of it."""
    person = None if run.person_id is None else await people.by_id(tx, run.person_id)
    if person is None or person.telegram_id is None:
        return
    texts = texts_for(person, await workspace.get(tx))
    draft = to_staff(f"backup:{run.id}", person, {"text": _said(texts, outcome)}, now)
    await outbox.put(tx, draft, now)


def _said(texts: Texts, outcome: Copy | StorageError) -> str:
    if isinstance(outcome, StorageError):
        return texts("There is no new copy. {reason}", reason=told(texts, outcome))
    return texts(
        "The copy is made and verified: {name}, {size} MB, on the bot's machine in {folder}. It "
        "holds people's data, so it does not go through Telegram.",
        name=outcome.path.name,
        size=texts.number(megabytes(outcome.size), 1),
        folder=str(Path(outcome.path).parent),
    )


def megabytes(size: int) -> float:
    """Return a size in megabytes, never less than a tenth."""
    return max(size / 1024**2, 0.1)
