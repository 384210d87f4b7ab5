"""A new database by copying one: migrating each from nothing would take a third of all tests."""

import fcntl
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.engine import schema

Upgrade = Callable[..., None]


def copying(folder: Path, upgrade: Upgrade = schema.upgrade) -> Upgrade:
    """Return an `upgrade` that fills an empty SQLite database from a template in `folder`.

    The template is made by the first call, in whichever of the workers that share the folder; the
    others wait for it. Each copy gets a key of its own, as a new one would.
    """
    template = folder / "template.db"

    def copied(
        connection: Connection, place: str, keep: Callable[[str], object] | None = None
    ) -> None:
        raw = connection.connection.driver_connection
        if not isinstance(raw, sqlite3.Connection) or inspect(connection).get_table_names():
            upgrade(connection, place, keep)
            return
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not template.exists():
                upgrade(connection, place, keep)
                unfinished = folder / "unfinished.db"
                _copy(raw, unfinished)
                unfinished.replace(template)  # whole, whoever is killed meanwhile
                return
        with sqlite3.connect(template) as source:
            source.backup(raw)
        source.close()
        fresh = {"key": secrets.token_hex(4)}
        connection.execute(text("UPDATE installation SET key = :key"), fresh)

    return copied


def _copy(source: sqlite3.Connection, path: Path) -> None:
    with sqlite3.connect(path) as target:
        source.backup(target)
    target.close()
