"""Every few minutes: is there room on the disk, and do messages go out? If not, admins are told."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from bot.operations.upkeep.trouble import tell_admins
from bot.settings import SQLITE, Settings
from storage import vitals
from storage.database import Database
from templates.texts import Texts

log = structlog.get_logger()

Sentence = Callable[[Texts], str]
EVERY: Final = timedelta(minutes=10)
LEAST_SECONDS: Final = 60.0
LEAST_FREE: Final = 200 * 1024 * 1024
_MEGABYTE = 1024**2


@dataclass(frozen=True, slots=True)
class Waiting:
    """The due moment of the message that has waited longest, and when a look first saw it.

    `seen_at` is in seconds that only grow, whatever becomes of the clock.
    """

    due: datetime
    seen_at: float


async def watch(
    settings: Settings, database: Database, now: datetime, before: Waiting | None, at: float
) -> Waiting | None:
    """Tell the admins, once a day, where the disk fills or sending has stopped.

    It has stopped where the message that has waited longest is the same as at the look `before`,
    a minute of real time ago at least: after a start, or where the clock jumps, much is late for a
    moment. `at` is this look's moment in seconds that only grow.
    """
    free = await asyncio.to_thread(_free, settings)
    if free is not None and free < LEAST_FREE:
        log.error("disk_nearly_full", free=free)
        await _tell(database, f"disk:{now.date()}", _no_room(free), now)
    async with database.reading() as reader:
        late = await vitals.late_since(reader, now)
    if late is None or before is None or late != before.due:
        return None if late is None else Waiting(late, at)
    if at - before.seen_at >= LEAST_SECONDS:
        log.error("sending_stopped")
        await _tell(database, f"stopped:{now.date()}", _stopped, now)
    return before


def _free(settings: Settings) -> int | None:
    """Return the room where the database grows; None beside a server's."""
    if not settings.database_url.startswith(SQLITE):
        return None
    return shutil.disk_usage(Path(settings.data_directory)).free


async def _tell(database: Database, key: str, sentence: Sentence, now: datetime) -> None:
    async with database.transaction() as tx:
        await tell_admins(tx, key, sentence, now)


def _no_room(free: int) -> Sentence:
    def sentence(texts: Texts) -> str:
        return texts(
            "Only {free} MB are free beside the database. A full disk stops answers: make room.",
            free=texts.number(free // _MEGABYTE),
        )

    return sentence


def _stopped(texts: Texts) -> str:
    return texts(
        "Messages were due for a quarter of an hour and did not go out. Whatever held them up, "
        "otklik doctor and the log say more."
    )
