"""Everything that `otklik doctor` looks at, in the order in which it is said."""

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.upkeep.doctor import copies, machine
from bot.cli.upkeep.doctor.database import look_inside
from bot.cli.upkeep.doctor.files import files, open_to_others
from bot.cli.upkeep.doctor.finding import Finding
from bot.cli.upkeep.doctor.pages import pages
from bot.cli.upkeep.doctor.telegram import telegram
from bot.operations.copies.backups import shelf_of
from bot.settings import SETTINGS_FILE, Settings
from storage.copies import making
from storage.errors import StorageError


async def examine(settings: Settings) -> tuple[list[Finding], str]:
    """Return what was found, and the company's zone."""
    findings = [machine.versions(), *open_to_others([Path(SETTINGS_FILE)])]
    shelf = shelf_of(settings)
    if shelf.server is None:
        findings.append(machine.sqlite_version(sqlite3.sqlite_version_info))
        if shelf.database.exists():
            findings += files(shelf.database, [copy.path for copy in shelf.copies()])
    with suppress(StorageError):  # the look into the database says that the server is silent
        shelf = await making.asked(shelf)
    findings += await copies.dumps(shelf)
    findings += copies.copies(shelf, datetime.now(UTC))
    inside, zone = await look_inside(settings, shelf)
    return [*findings, *inside, *await pages(settings), *await telegram(settings)], zone
