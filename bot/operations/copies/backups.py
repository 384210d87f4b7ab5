"""Copies of the database: where they lie, and when the next is made."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings import SQLITE, Settings
from storage.copies.shelf import Shelf
from storage.database import Transaction
from storage.people import workspace
from storage.sending import schedules
from storage.sending.schedules import ScheduleRule


def shelf_of(settings: Settings) -> Shelf:
    """Return where the database's copies lie; a server's under its name in the present folder."""
    url, keys = settings.database_url, settings.backups_recipients
    server = None if url.startswith(SQLITE) else url
    name = url.removeprefix(SQLITE) if server is None else urlsplit(url).path.strip("/")
    database = Path(name or "otklik").absolute()
    folder = settings.backups or database.parent / "backups"
    return Shelf(
        database,
        folder.absolute(),
        settings.backups_days,
        settings.backups_weeks,
        keys,
        server,
        alone=server is not None and settings.backups_by_server,
    )


async def plan_copies(tx: Transaction, settings: Settings, now: datetime) -> None:
    """Set when the next daily copy is due; one that was missed stays due."""
    if settings.backups_hour is None or shelf_of(settings).alone:
        await schedules.end(tx, "backup", None)
        return
    rule = ScheduleRule("daily", settings.backups_hour, (await workspace.get(tx)).zone)
    planned = await schedules.of(tx, "backup", None)
    due = [one.next_due_at for one in planned if one.next_due_at <= now]
    slot = min(due, default=rule.next(now))
    await schedules.plan(tx, "backup", None, rule, slot, now, by_slot=False)
