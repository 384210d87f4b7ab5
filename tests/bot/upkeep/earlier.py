"""A database as an earlier version left it in the middle of a campaign.

`mid_campaign.json` holds its rows, the keys beside it, the buttons that stood in the chats, and the
Bot API calls that version would have made for every message that was not settled.
"""

import json
from base64 import b64decode
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, Date, DateTime, MetaData, Table, text

from storage.engine import schema
from storage.engine.sqlite import files
from tests.storage.below import below

EARLIER: dict[str, Any] = json.loads(
    Path(__file__).with_name("mid_campaign.json").read_text(encoding="utf-8")
)
_FOLDER = "FOLDER"
"""Stands for the folder of the database in the paths of files."""


async def make(url: str, folder: Path) -> None:
    """Make that database, with the keys and the files beside it."""
    async with below(url) as connection:
        await connection.run(_fill, str(folder))
    (folder / "otklik.db.keys").write_text(EARLIER["keys"])
    (folder / "otklik.db.keys").chmod(0o600)
    (folder / "otklik-2026-08.html").write_text("<p>Дайджест</p>")


def _fill(connection: Connection, folder: str) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        connection.exec_driver_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
    connection.exec_driver_sql("BEGIN")
    command.upgrade(schema.config(connection), EARLIER["revision"])
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name in EARLIER["tables"]:
            connection.execute(table.delete())  # what the migrations put there
        for row in EARLIER["tables"].get(table.name, ()):
            connection.execute(table.insert().values(_row(table, row, folder)))
    for name, number in EARLIER["sequences"].items():
        connection.execute(text(_SEQUENCE[on_sqlite]), {"name": name, "number": max(number, 1)})
    connection.exec_driver_sql("COMMIT")


_SEQUENCE = {
    True: "INSERT OR REPLACE INTO sqlite_sequence (rowid, name, seq) "
    "SELECT (SELECT rowid FROM sqlite_sequence WHERE name = :name), :name, :number",
    False: "SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)",
}


def _row(table: Table, row: dict[str, Any], folder: str) -> dict[str, Any]:
    return {name: _value(table, name, value, folder) for name, value in row.items()}


def _value(table: Table, name: str, value: object, folder: str) -> object:
    kind = table.c[name].type
    match value:
        case {"base64": sealed}:
            return b64decode(sealed)
        case str() if isinstance(kind, DateTime):
            return datetime.fromisoformat(value)
        case str() if isinstance(kind, Date):
            return date.fromisoformat(value)
        case str():
            return value.replace(_FOLDER, folder)
        case int() if kind.python_type is bool:
            return bool(value)
    return value
