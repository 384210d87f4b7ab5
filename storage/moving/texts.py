"""Whether every text of an SQLite file can be read: SQLite keeps any bytes as text, others do not.

Old files, and files that other programs wrote to, hold such texts.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from storage.moving.errors import TextUnreadable


def check_texts(path: Path) -> None:
    """Raise TextUnreadable with the first row that has a text which is no UTF-8."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in names:
            if not _is_readable(connection, table):
                raise TextUnreadable(str(path), table, *_fault(connection, table))


def _is_readable(connection: sqlite3.Connection, table: str) -> bool:
    try:
        for _ in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 (our own table)
            pass
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
        return False
    return True


class _Unreadable(bytes):
    """A text that is no UTF-8."""


def _text(raw: bytes) -> str | _Unreadable:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _Unreadable(raw)


def _fault(connection: sqlite3.Connection, table: str) -> tuple[str, str]:
    """Return the column of the first such text, and its row as a condition."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    names = [name for _, name, *_ in columns]
    key = [name for _, name, *_, place in columns if place] or ["rowid"]
    connection.text_factory = _text
    own = ", ".join(f'"{name}"' for name in key)
    rows = connection.execute(f'SELECT {own}, * FROM "{table}"')  # noqa: S608 (our own table)
    return next(
        (name, _condition(dict(zip(key, row, strict=False))))
        for row in rows
        for name, value in zip(names, row[len(key) :], strict=True)
        if isinstance(value, _Unreadable)
    )


def _condition(key: Mapping[str, object]) -> str:
    return " AND ".join(f"{name} = {_literal(value)}" for name, value in key.items())


def _literal(value: object) -> str:
    """Write a value of a key as SQL does: a number, a text, or bytes."""
    if isinstance(value, bytes):
        return f"CAST(x'{value.hex()}' AS TEXT)"
    return str(value) if isinstance(value, int) else "'{}'".format(str(value).replace("'", "''"))
