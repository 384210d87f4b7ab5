"""The server's side of a move: what is noted there until the move is complete.

A table of notes exists for as long as the database is not whole: no program may work with it then.
The foreign keys are taken off at the beginning and put back, and so checked, at the end; the notes
hold their definitions. Triggers rest meanwhile, since they would forget figures that are moved too.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, Table, bindparam, cast, func, select, text

from storage.engine.columns import metadata
from storage.engine.reading import Reader, Transaction
from storage.moving.errors import TargetTaken
from storage.tables.people import people, workspace
from storage.tables.surveys import campaigns, invitations
from storage.tables.upkeep import installation

_IS_UNFINISHED = text("SELECT to_regclass('otklik_move') IS NOT NULL")
_BEGIN = "CREATE TABLE otklik_move (name TEXT PRIMARY KEY, said TEXT NOT NULL)"
_NOTE = text(
    "INSERT INTO otklik_move (name, said) VALUES (:name, :said) "
    "ON CONFLICT (name) DO UPDATE SET said = excluded.said"
)
_SAID = text("SELECT said FROM otklik_move WHERE name = :name")
_FORGET = text("DELETE FROM otklik_move WHERE name = :name")
_RULES = (
    "INSERT INTO otklik_move (name, said) "
    "SELECT 'rule ' || oid, format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, "
    "conname, pg_get_constraintdef(oid)) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
)
_TAKE_OFF = (
    "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) "
    "FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
)
_PUT_BACK = "SELECT said FROM otklik_move WHERE name LIKE 'rule %' ORDER BY name"
_SOURCE = "source"


async def is_unfinished(reader: Reader) -> bool:
    """Whether a move to this database has begun and is not complete."""
    return reader.dialect == "postgresql" and bool(await reader.scalar(_IS_UNFINISHED))


async def begin(tx: Transaction, source: str) -> bool:
    """Make the database ready for the rows of an installation; False where it has them all.

    Raises TargetTaken where it holds another company, or a move of another one has begun.
    """
    if await is_unfinished(tx):
        if await said(tx, _SOURCE) != source:
            raise TargetTaken
        return True
    if await tx.scalar(select(installation.c.key)) == source:
        return False
    await _refuse_where_taken(tx)
    await tx.run(text(_BEGIN))
    await note(tx, _SOURCE, source)
    await tx.run(text(_RULES))
    for statement in await tx.scalars(text(_TAKE_OFF)):
        await tx.run(text(statement))
    for table in metadata.sorted_tables:
        await tx.run(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
        await empty(tx, table)
    return True


async def _refuse_where_taken(tx: Transaction) -> None:
    for table in (people, campaigns, invitations):
        if await tx.first(select(table.c.id).limit(1)):
            raise TargetTaken
    if await tx.scalar(select(workspace.c.company)):
        raise TargetTaken


async def finish(tx: Transaction, numbers: Mapping[str, int]) -> None:
    """Put rules and triggers back, go on numbering after `numbers`, and let programs work.

    Raises ConstraintViolated where a row breaks a rule.
    """
    for statement in await tx.scalars(text(_PUT_BACK)):
        await tx.run(text(statement))
    for table in metadata.sorted_tables:
        await tx.run(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))
        if table.c[0].autoincrement is True:
            await _number(tx, table, numbers.get(table.name, 0))
    await tx.run(text("DROP TABLE otklik_move"))


async def _number(tx: Transaction, table: Table, given: int) -> None:
    """Go on after the highest number ever given, since old buttons carry such numbers."""
    last = max(given, await tx.scalar(select(func.max(table.c.id))) or 0)
    if last:
        sequence = func.pg_get_serial_sequence(cast(table.name, String), "id")
        await tx.scalar(select(func.setval(sequence, last)))


async def empty(tx: Transaction, table: Table) -> None:
    """Take every row out of a table, and what is noted about it."""
    await tx.run(text(f"TRUNCATE {table.name}"))
    await tx.run(_FORGET, {"name": f"last {table.name}"})


async def last_key(reader: Reader, table: Table) -> Sequence[Any] | None:
    """Return the key of the last row that was copied, None where none was."""
    found = await said(reader, f"last {table.name}")
    return None if found is None else list(json.loads(found))


async def note_last(tx: Transaction, table: Table, key: Sequence[Any]) -> None:
    """Note the key of the last row, in the transaction that copied it."""
    await note(tx, f"last {table.name}", json.dumps(key))


async def note(tx: Transaction, name: str, what: str) -> None:
    """Keep a note until the move is complete."""
    await tx.run(_NOTE.bindparams(bindparam("name", name, String), bindparam("said", what, String)))


async def said(reader: Reader, name: str) -> str | None:
    """Return a note."""
    found: str | None = await reader.scalar(_SAID, {"name": name})
    return found
