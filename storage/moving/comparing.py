"""Whether two databases hold the same rows: a count and a checksum a table.

The checksum is the sum of the rows' SHA-256 over every column as Python reads it, so it depends
neither on the engine nor on the order in which it returns rows.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Table

from storage.database import Database
from storage.engine.columns import metadata
from storage.moving.paging import pages

_MODULUS = 1 << 256
_NUL = "\0"
_REPLACED = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Checksum:
    """How many rows a table has, and the sum of their hashes."""

    rows: int
    total: int


async def checksums(database: Database) -> Mapping[str, Checksum]:
    """Return the checksum of every table."""
    return {table.name: await checksum(database, table) for table in metadata.sorted_tables}


async def checksum(database: Database, table: Table) -> Checksum:
    """Return a table's checksum, of texts as PostgreSQL can hold them."""
    rows = total = 0
    async for page in pages(database, table):
        rows += len(page)
        total += sum(_hash(list(row.values())) for row in page)
    return Checksum(rows, total % _MODULUS)


def storable(value: object) -> object:
    """Return a value as PostgreSQL can hold it: NUL, which no text there may have, is replaced."""
    return value.replace(_NUL, _REPLACED) if isinstance(value, str) else value


def _hash(values: list[object]) -> int:
    plain = json.dumps([_plain(storable(value)) for value in values], ensure_ascii=True)
    return int.from_bytes(hashlib.sha256(plain.encode()).digest())


def _plain(value: object) -> object:
    """Return what JSON can write."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.hex() if isinstance(value, bytes) else value
