"""Copies of the database: where they stand, when the next is made."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import Refused
from bot.settings import SQLITE, Settings
from storage.copies import backup_runs
from storage.copies.shelf import Shelf
from storage.database import Transaction
from storage.people import workspace
from surveys.messages import mark
from surveys.periods import local_moment

POSTGRES = mark(
    "Otklik copies SQLite databases. PostgreSQL has its own tool: "
    "pg_dump --format=custom --file=otklik.dump NAME; back with pg_restore, then "
    "`otklik restore --here` before the bot starts."
)


def shelf_of(settings: Settings) -> Shelf | None:
    """Return where the database's copies stand; None for PostgreSQL."""
    if not settings.database_url.startswith(SQLITE):
        return None
    database = Path(settings.database_url.removeprefix(SQLITE)).absolute()
    folder = settings.backups or database.parent / "backups"
    return Shelf(database, folder.absolute(), settings.backups_days, settings.backups_weeks)


def known_shelf(settings: Settings) -> Shelf:
    """Return where the database's copies stand; refuses PostgreSQL and names its tool."""
    shelf = shelf_of(settings)
    if shelf is None:
        raise Refused(POSTGRES)
    return shelf


async def plan_copies(tx: Transaction, settings: Settings, now: datetime) -> None:
    """Set when the next daily copy is due; one missed while the program stood stays due."""
    if settings.backups_hour is None or shelf_of(settings) is None:
        await backup_runs.set_due(tx, None)
        return
    planned = await backup_runs.due_at(tx)
    if planned is None or planned > now:
        space = await workspace.get(tx)
        await backup_runs.set_due(tx, next_copy(settings.backups_hour, space.zone, now))


def next_copy(hour: int, zone: str, after: datetime) -> datetime:
    """Return the next moment at which it is that hour in the zone, strictly after `after`; UTC."""
    from_day = (after - timedelta(days=2)).date()
    moments = (local_moment(from_day + timedelta(days=n), hour, zone) for n in range(6))
    return next(moment for moment in moments if moment > after)
