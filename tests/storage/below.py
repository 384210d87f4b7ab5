"""A connection below the door: no lock, no look at the file, no migration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url

from storage.database import source_of
from storage.engine.connection import Connection


def _make(file: Path) -> None:
    """An empty file is a database; our connections make none."""
    file.touch()


@asynccontextmanager
async def below(url: str) -> AsyncIterator[Connection]:
    parsed = make_url(url)
    if parsed.drivername.startswith("sqlite"):
        _make(Path(parsed.database or ""))
    source = source_of(parsed)
    connection = await source.connect()
    try:
        yield connection
    finally:
        await connection.close()
        await source.dispose()
