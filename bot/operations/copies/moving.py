"""Moving the workspace to PostgreSQL: rows, figures and the files of keys, each compared."""

import asyncio
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import Refused
from bot.operations.auditing import note_taken, system_user
from bot.operations.copies.backups import shelf_of
from bot.operations.reports import digest
from bot.settings import SQLITE, Settings
from storage.copies import backups
from storage.database import open_database
from storage.engine.sqlite import marking
from storage.errors import DatabaseMissing
from storage.moving import moving
from storage.moving.errors import MoveDiffers
from storage.moving.moving import RowsMoved, TellRows
from storage.moving.texts import check_texts
from surveys.messages import ToldError, mark

_BESIDE = (".keys", ".erased")
_FOLDERS = ("digests", "imports", "links", "mydata")
_MONTHS = 3
_AGO = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class WorkspaceMoved:
    """What a move did; `moved` is None where everything was there before.

    `files` were copied into the present folder; `folders` stay where they are.
    """

    moved: RowsMoved | None
    files: tuple[Path, ...]
    folders: tuple[Path, ...]


async def move(settings: Settings, url: str, now: datetime, told: TellRows) -> WorkspaceMoved:
    """Copy the workspace to an empty PostgreSQL database and compare; again, it goes on.

    Afterwards the former file counts as a copy: opened again, it sends customers nothing until an
    admin releases it. Raises Refused, DatabaseBusy where the bot runs, TargetTaken, TextUnreadable,
    MoveDiffers.
    """
    if not settings.database_url.startswith(SQLITE):
        raise Refused(mark("OTKLIK_DATABASE_URL is to name the SQLite database that moves."))
    if url.startswith("sqlite"):
        raise Refused(mark("A workspace moves to PostgreSQL: postgresql+asyncpg://USER@HOST/NAME"))
    path = _present(settings)
    await asyncio.to_thread(check_texts, path)
    async with (
        open_database(settings.database_url, shelf_of(settings)) as source,
        open_database(url, unfinished=True) as target,
    ):
        files = _copied(source.place, target.place)
        moved = None
        if await moving.begin(source, target):
            await note_taken(source, now, details="migrate-to", user=system_user())
            moved = await moving.copy(source, target, told)
            await _compare_figures(settings.database_url, url, now)
            await moving.finish(source.place, target)
    marking.stamp(path, now)
    return WorkspaceMoved(moved, files, _left_behind(path.parent))


def _present(settings: Settings) -> Path:
    path = Path(settings.database_url.removeprefix(SQLITE)).absolute()
    if not path.exists():
        raise DatabaseMissing(str(path))
    return path


def _left_behind(folder: Path) -> tuple[Path, ...]:
    if folder == Path.cwd():
        return ()
    return tuple(folder / name for name in _FOLDERS if (folder / name).exists())


def _copied(source: Path, target: Path) -> tuple[Path, ...]:
    """Copy the keys of what is sealed and the list of erasures to where the new database has them.

    They come first: what is sealed is never in a database whose keys are not beside it.
    """
    made = []
    for ending in _BESIDE:
        before, after = Path(f"{source.resolve()}{ending}"), Path(f"{target.resolve()}{ending}")
        if not before.exists():
            continue
        part = after.with_name(f"{after.name}.part")
        part.touch(0o600)
        shutil.copyfile(before, part)
        backups.flush(part)
        part.replace(after)
        backups.flush(after.parent)
        made.append(after)
    return tuple(made)


async def _compare_figures(source: str, target: str, now: datetime) -> None:
    """Raise MoveDiffers where a digest of the last months has other figures than before."""
    first = now.astimezone(UTC).replace(day=1)
    for _ in range(_MONTHS):
        first = (first - _AGO).replace(day=1)
        month = f"{first:%Y-%m}"
        if await figures(source, month, now) != await figures(target, month, now):
            raise MoveDiffers(what=f"digest {month}")


async def figures(url: str, month: str, now: datetime) -> object:
    """Return all that the digest of a month says, or why there is none."""
    try:
        made = await digest.make(url, month, "en", now)
    except ToldError as error:
        return str(error)
    return _unordered(json.loads(made.json()))


def _unordered(value: object) -> object:
    """Return JSON whose lists have no order: whom a list names first is no figure."""
    if isinstance(value, Mapping):
        return {key: _unordered(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((_unordered(one) for one in value), key=json.dumps)
    return value
