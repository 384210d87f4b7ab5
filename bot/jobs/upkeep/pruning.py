"""Once a day, data that was kept for delivery alone is deleted when delivery no longer needs it."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.jobs import mydata
from bot.jobs.upkeep import retention
from bot.private_files import close_folder
from bot.settings import Settings
from storage.answering import anonymous
from storage.database import Database
from storage.people import audit, web_sessions
from storage.sending import inbox, pruning

log = structlog.get_logger()

EVERY = timedelta(days=1)
_CHUNK = 500
"""How many messages one transaction empties; everybody else waits for it."""
_FILES: Mapping[str, Sequence[str]] = {
    "digests": ("digest.json", "digest.html", "digest.png", "otklik-*.html", "otklik-*.png"),
    "exports": ("otklik-*", ".otklik-*"),
    "imports": ("list",),
    "links": ("otklik-links.xlsx", "otklik-links.html"),
    "mydata": mydata.FILES,
}


async def prune(settings: Settings, database: Database, now: datetime) -> None:
    """Forget what is older than `storage.sending.pruning` says, and delete files nobody needs."""
    await _forget_words(database, now)
    async with database.transaction() as tx:
        await inbox.prune_seen(tx, now)
        given_up = await pruning.forget_the_rest(tx, now)
        await anonymous.drop_abandoned(tx, now)
        await audit.forget(tx, now)
        await web_sessions.prune(tx, now)
    await retention.age(database, now)
    if given_up:
        log.warning("dead_letters_forgotten", count=given_up)
    async with database.reading() as reader:
        needed = await pruning.files_needed(reader, now)
    await asyncio.to_thread(_delete_others, settings.data_directory, needed)


async def _forget_words(database: Database, now: datetime) -> None:
    last = 0
    while True:
        async with database.reading() as reader:
            old = await pruning.worded(reader, now, last, _CHUNK)
        if not old:
            return
        async with database.transaction() as tx:
            await pruning.forget_words(tx, old)
        last = old[-1]


def _delete_others(beside: Path, needed: Mapping[str, set[int]]) -> None:
    """Delete only files with our names: the folder is the operator's and may hold others."""
    for kind, ids in needed.items():
        close_folder(beside / kind)
        for folder in (beside / kind).glob("[0-9]*"):
            if not folder.name.isdecimal() or int(folder.name) in ids:
                continue
            for file in (one for name in _FILES[kind] for one in folder.glob(name)):
                file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # somebody else's files are in it
                folder.rmdir()
