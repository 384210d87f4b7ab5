"""Bringing a database up to the present schema with Alembic, from code: no ini file, no shell."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from storage.engine.postgres.collation import compare_bytes
from storage.engine.sqlite import files
from storage.errors import DatabaseCorrupt, DatabaseForeign, DatabaseNewer, DatabaseOlder

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parents[1] / "migrations"
_LINK = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)


def config(connection: Connection | None = None) -> "Config":
    """Return Alembic's configuration; migrations run on `connection`, inside its transaction."""
    from alembic.config import Config  # noqa: PLC0415 (only a migration needs Alembic)

    settings = Config()
    settings.set_main_option("script_location", str(_SCRIPTS))
    settings.attributes["connection"] = connection
    return settings


@cache
def revisions() -> tuple[str, ...]:
    """Return every revision, the newest first.

    They are read from the two lines of each file that link them. Alembic would have to be imported,
    and would compile and run every file, each time a database is opened that needs no migration.
    """
    texts = (file.read_text("utf-8") for file in (_SCRIPTS / "versions").glob("r*.py"))
    links = [dict(_LINK.findall(text)) for text in texts]
    after = {link["down_revision"]: link["revision"] for link in links}
    found = [""]
    while found[-1] in after:
        found.append(after[found[-1]])
    return tuple(reversed(found[1:]))


def current(connection: Connection, place: str) -> str | None:
    """Return the database's revision, None for an empty one; raises DatabaseForeign."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise DatabaseForeign(place)
    revision: Any = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def is_present(connection: Connection) -> bool:
    """Tell whether the schema is the present one."""
    return current(connection, "") == revisions()[0]


def is_behind(connection: Connection, place: str) -> bool:
    """Tell whether there is a schema of ours that waits for a migration.

    Raises DatabaseNewer, DatabaseForeign.
    """
    return _known(connection, place) not in {None, revisions()[0]}


def check_readable(connection: Connection, place: str) -> None:
    """Refuse a schema other than the present one: DatabaseNewer, DatabaseOlder, DatabaseForeign."""
    if _known(connection, place) != revisions()[0]:
        raise DatabaseOlder(place)


def upgrade(
    connection: Connection, place: str, keep: Callable[[str], object] | None = None
) -> None:
    """Migrate to the newest revision in one transaction: afterwards all of it is there, or none.

    `keep` is called first where there is something to keep, with the revision to come. Raises
    DatabaseNewer, DatabaseForeign, and what `keep` raises.
    """
    revision = _known(connection, place)
    if revision == revisions()[0]:
        return
    on_sqlite = connection.dialect.name == "sqlite"
    if revision is not None and on_sqlite and keep is not None:
        keep(revisions()[0])
    from alembic import command  # noqa: PLC0415 (the same)

    if on_sqlite:  # SQLite changes a table by making it anew while others refer to it
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if on_sqlite else "BEGIN")
    try:
        if on_sqlite:
            connection.exec_driver_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
        command.upgrade(config(connection), "head")
        if not on_sqlite:
            compare_bytes(connection)
        _check_references(connection, place)
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")
    if on_sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def _known(connection: Connection, place: str) -> str | None:
    revision = current(connection, place)
    if revision is not None and revision not in revisions():
        raise DatabaseNewer(place, revision)
    return revision


def _check_references(connection: Connection, place: str) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise DatabaseCorrupt(place)
