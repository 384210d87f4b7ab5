"""Reading a dump to its end: pg_restore unpacks it, and the rows of each table are counted."""

from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

from storage.dumps import programs
from storage.dumps.programs import Programs
from storage.errors import DatabaseCorrupt, DatabaseForeign

_PIECE = 256 * 1024
_COPY, _END = b"COPY ", b"\\."
_REVISION = ".alembic_version"
_MAGIC = b"PGDMP"
_FIRST_READERS = {15: 16, 16: 17}
"""Minor version of the format → the first version of PostgreSQL that reads it, since 1.15."""


class Rows:
    """Counts rows in the SQL that pg_restore writes: what stands between COPY and its end."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.revision = ""
        """Of the schema."""
        self._table: str | None = None
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the text."""
        lines = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            if self._table is not None:
                if line == _END:
                    self._table = None
                else:
                    self._count(self._table, line)
            elif line.startswith(_COPY) and line.endswith(b" FROM stdin;"):
                self._table = line[len(_COPY) :].split(b" (")[0].decode()
                self.counts[self._table] += 0

    def _count(self, table: str, line: bytes) -> None:
        self.counts[table] += 1
        if table.endswith(_REVISION):
            self.revision = line.decode()


def first_reader(file: Path) -> int:
    """Return the first version of PostgreSQL that reads a dump, 0 for any of ours.

    Raises DatabaseForeign where the file is no dump.
    """
    with file.open("rb") as content:
        header = content.read(len(_MAGIC) + 2)
    if not header.startswith(_MAGIC) or len(header) <= len(_MAGIC) + 1:
        raise DatabaseForeign(str(file))
    return _FIRST_READERS.get(header[-1], 0)


async def unpacked(found: Programs, file: Path) -> AsyncGenerator[bytes, None]:
    """Yield the SQL that a dump holds, in pieces; raises DatabaseCorrupt where it is damaged."""
    command = (found["pg_restore"], "--no-owner", "--no-privileges", "--file=-", str(file))
    env = programs.plain_environment()
    async with programs.running(*command, stdout=PIPE, stderr=DEVNULL, env=env) as process:
        if process.stdout is None:
            raise DatabaseCorrupt(str(file))
        while piece := await process.stdout.read(_PIECE):
            yield piece
        if await process.wait():
            raise DatabaseCorrupt(str(file))


async def counted(found: Programs, file: Path) -> Counter[str]:
    """Return table → rows; raises DatabaseCorrupt."""
    return (await read_through(found, file)).counts


async def read_through(found: Programs, file: Path) -> Rows:
    """Read a dump to its end; raises DatabaseCorrupt."""
    rows = Rows()
    async for piece in unpacked(found, file):
        rows.feed(piece)
    return rows
