"""Every row of an SQLite database into a PostgreSQL database; interrupted, it goes on.

A page of rows and the note of how far it reached are one transaction, so a move that was killed
goes on after its last page. Then both sides are compared; a table that differs, because somebody
worked with the source in between, is copied once more.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Table, insert, select

from storage.copies import restoring
from storage.database import Database
from storage.engine.columns import metadata
from storage.moving import target as notes
from storage.moving.comparing import Checksum, checksums, storable
from storage.moving.errors import MoveDiffers
from storage.moving.paging import PAGE, key_of, pages
from storage.tables.upkeep import installation

TellRows = Callable[[str, int], None]
"""Is told the table and how many of its rows were copied since."""


@dataclass(frozen=True, slots=True)
class RowsMoved:
    """What was copied: tables that have rows, their rows, and texts in which a NUL was replaced."""

    tables: int
    rows: int
    replaced: int


async def begin(source: Database, target: Database) -> bool:
    """Make the target ready; False where it holds this workspace already, whole.

    Raises TargetTaken.
    """
    async with source.reading() as reader:
        key = str(await reader.scalar(select(installation.c.key)))
    async with target.transaction() as tx:
        return await notes.begin(tx, key)


async def copy(source: Database, target: Database, told: TellRows, most: int = PAGE) -> RowsMoved:
    """Copy every row that is not there yet, and compare; raises MoveDiffers."""
    replaced = 0
    for table in metadata.sorted_tables:
        replaced += await _copy_table(source, target, table, told, most)
    wanted = await checksums(source)
    for table in await _differing(wanted, target):
        async with target.transaction() as tx:
            await notes.empty(tx, table)
        replaced += await _copy_table(source, target, table, told, most)
    if still := await _differing(wanted, target):
        raise MoveDiffers(", ".join(table.name for table in still))
    filled = [one.rows for one in wanted.values() if one.rows]
    return RowsMoved(len(filled), sum(filled), replaced)


async def finish(source: Path, target: Database) -> None:
    """Put the target's rules back and let programs work with it."""
    async with target.transaction() as tx:
        await notes.finish(tx, restoring.numbers_given(source))


async def _differing(wanted: Mapping[str, Checksum], target: Database) -> Collection[Table]:
    found = await checksums(target)
    return [one for one in metadata.sorted_tables if found[one.name] != wanted[one.name]]


async def _copy_table(
    source: Database, target: Database, table: Table, told: TellRows, most: int
) -> int:
    """Copy what is not there yet; return in how many texts a NUL was replaced."""
    async with target.reading() as reader:
        last = await notes.last_key(reader, table)
    replaced = copied = 0
    async for page in pages(source, table, last, most):
        rows = [{name: storable(value) for name, value in row.items()} for row in page]
        replaced += sum(
            row[name] != value
            for row, before in zip(rows, page, strict=True)
            for name, value in before.items()
        )
        async with target.transaction() as tx:
            await tx.many_alike(insert(table), rows)
            await notes.note_last(tx, table, key_of(table, page[-1]))
        copied += len(rows)
        told(table.name, copied)
    return replaced
