"""Copies of the database: daily, and when an admin asks; they hold nobody up."""

import asyncio
from datetime import timedelta
from pathlib import Path

import structlog

from bot.jobs.making import End, Work
from bot.operations.copies.backups import shelf_of
from bot.operations.upkeep.trouble import tell_admins
from bot.says import screens
from bot.says.said import Show
from bot.telling import told
from storage.copies import making
from storage.copies.shelf import Copy, prune
from storage.database import Transaction
from storage.errors import StorageError
from templates.texts import Texts

log = structlog.get_logger()

TRY_AGAIN = timedelta(hours=1)


async def make(work: Work) -> End:
    """Make a copy and tell whoever asked; a daily one that fails is tried again in an hour."""
    try:
        copy = await _copied(work)
    except StorageError as error:
        log.error("backup_failed", error=type(error).__name__)
        return _failed(work, error)
    log.info("backup_made", bytes=copy.size)
    details = {"path": str(copy.path), "bytes": copy.size}
    return End("done", Show(screens.sentence(_where(work.texts, copy))), details=details)


async def _copied(work: Work) -> Copy:
    shelf = work.database.shelf or shelf_of(work.settings)
    copy = await making.make(shelf, "daily" if work.person is None else "hand", work.now)
    await asyncio.to_thread(prune, shelf, work.now)
    return copy


def _failed(work: Work, error: StorageError) -> End:
    """Tell whoever asked; after a failed daily copy tell the admins, once a day."""
    if work.person is not None:
        texts = work.texts
        said = texts("There is no new copy. {reason}", reason=told(texts, error))
        return End("failed", Show(screens.sentence(said)))

    def sentence(texts: Texts) -> str:
        return texts("The daily copy failed. {reason}", reason=told(texts, error))

    async def tell(tx: Transaction) -> None:
        await tell_admins(tx, f"backup:{work.now.date()}", sentence, work.now)

    return End(note=tell, again_at=work.now + TRY_AGAIN)


def _where(texts: Texts, copy: Copy) -> str:
    return texts(
        "The copy is made and verified: {name}, {size} MB, on the bot's machine in {folder}. It "
        "holds people's data, so it does not go through Telegram.",
        name=copy.path.name,
        size=texts.number(megabytes(copy.size), 1),
        folder=str(Path(copy.path).parent),
    )


def megabytes(size: int) -> float:
    """Return a size in megabytes, never less than a tenth."""
    return max(size / 1024**2, 0.1)
