"""Checks before SQLite opens a database's file: it is there, whole, and used by nobody else."""

from datetime import UTC, datetime
from pathlib import Path

from storage.copies import backups, restoring
from storage.copies.shelf import Copy, Shelf
from storage.engine.sqlite import files, place
from storage.errors import DatabaseCorrupt, DatabaseForeign, DatabaseVanished
from surveys.messages import Message, mark

_NOTED = Message(mark("its lock file knows of one"))


def prepare(held: place.Place, shelf: Shelf | None, *, new: bool, every_page: bool = True) -> None:
    """Finish a restore that was interrupted, then check that the file can be worked with.

    A file that is no database counts as a damaged one where there are good copies of it.
    """
    restoring.finish(held.path)
    held.hold_file()
    if is_vacant(held.path):
        if not new:
            _refuse_where_one_was(held, shelf)
    elif held.has_foreign_log():
        restoring.lay_log_aside(held.path)
    try:
        files.prepare(held.path, every_page=every_page)
    except (DatabaseCorrupt, DatabaseForeign) as error:
        copy = None if shelf is None else backups.newest_good(shelf)
        if shelf is None or (copy is None and isinstance(error, DatabaseForeign)):
            raise
        remedy = no_copy_in(shelf) if copy is None else restore_from(copy)
        raise DatabaseCorrupt(str(held.given), remedy) from error
    held.hold_file()


def is_vacant(path: Path) -> bool:
    """Whether there is no file, or one with nothing in it."""
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def _refuse_where_one_was(held: place.Place, shelf: Shelf | None) -> None:
    copies = [] if shelf is None else shelf.everybodys()
    if place.noted(held.path) is not None:
        sign = _NOTED
    elif shelf is not None and copies:
        sign = Message(mark("copies of one are in {folder}"), {"folder": str(shelf.folder)})
    else:
        return
    best = None if shelf is None else backups.newest_good(shelf, datetime.now(UTC))
    which = "FILE" if best is None else str(best.path)
    raise DatabaseVanished(str(held.given), sign, which)


def restore_from(copy: Copy) -> Message:
    """Say which copy is the newest good one, and by which command it is restored."""
    return Message(
        mark("The newest good copy was made on {made_at}; go on with it: {command}"),
        {"made_at": copy.made_at, "command": f"otklik restore {copy.path}"},
    )


def no_copy_in(shelf: Shelf) -> Message:
    """Say that the shelf holds no good copy."""
    return Message(mark("There is no good copy of it in {folder}."), {"folder": str(shelf.folder)})
