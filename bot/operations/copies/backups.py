"""Copies of the database: where they lie, and when the next is made."""

from datetime import datetime
from pathlib import Path

from bot.errors import Refused
from bot.settings import SQLITE, Settings
from storage.copies.shelf import Shelf
from storage.database import Transaction
from storage.people import workspace
from storage.sending import schedules
from storage.sending.schedules import ScheduleRule
from surveys.messages import mark

POSTGRES = mark(
    "Otklik copies SQLite databases. PostgreSQL has its own tool: "
    "pg_dump --format=custom --file=otklik.dump NAME; back with pg_restore, then "
    "`otklik restore --here` before the bot starts."
)


def shelf_of(settings: Settings) -> Shelf | None:
    """Return where the database's copies lie; None for PostgreSQL."""
    if not settings.database_url.startswith(SQLITE):
        return None
    database = Path(settings.database_url.removeprefix(SQLITE)).absolute()
    folder = settings.backups or database.parent / "backups"
    keys = settings.backups_recipients
    return Shelf(database, folder.absolute(), settings.backups_days, settings.backups_weeks, keys)


def known_shelf(settings: Settings) -> Shelf:
    """Return where the database's copies lie; refuses PostgreSQL and names its tool."""
    shelf = shelf_of(settings)
    if shelf is None:
        raise Refused(POSTGRES)
    return shelf


async def plan_copies(tx: Transaction, settings: Settings, now: datetime) -> None:
    """Set when the next daily copy is due; one that was missed stays due."""
    if settings.backups_hour is None or shelf_of(settings) is None:
        await schedules.end(tx, "backup", None)
        return
    rule = ScheduleRule("daily", settings.backups_hour, (await workspace.get(tx)).zone)
    planned = await schedules.of(tx, "backup", None)
    due = [one.next_due_at for one in planned if one.next_due_at <= now]
    slot = min(due, default=rule.next(now))
    await schedules.plan(tx, "backup", None, rule, slot, now, by_slot=False)
