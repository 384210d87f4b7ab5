"""`otklik migrate-to` is killed in the middle again and again, and goes on; then both are compared.

It says each page that it has copied, so every life is ended while it copies.
"""

import asyncio
import os
import random
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from subprocess import SubprocessError

from bot.operations.surveys import save_catalog
from bot.settings import SQLITE
from storage.database import open_database
from storage.moving.comparing import Checksum, checksums
from storage.moving.paging import PAGE
from tests.crowds import add_crowd
from tests.postgres import PostgresServer, running
from tests.prove.lines import Line, Lines, none

ROOT = Path(__file__).parents[3]
START = datetime(2026, 9, 15, 9, tzinfo=UTC)
_PAGES_OF_A_LIFE = 2
FIGURE = "tables that differ after a move that was killed"


async def moved(folder: Path, kills: int, seed: int) -> Lines:
    """Kill a move in every life but the last, and compare."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running())
        except (ImportError, OSError, RuntimeError, SubprocessError) as error:
            why = f"PostgreSQL does not start here: {type(error).__name__}"
            yield Line(FIGURE, "0", "–", why, None)
            return
        yield await _killed(folder, server, min(kills, 10), seed)


async def _killed(folder: Path, server: PostgresServer, kills: int, seed: int) -> Line:
    chance = random.Random(seed)
    source = f"{SQLITE}{folder / 'otklik.db'}"
    before = await _fill(source, kills)
    async with server.database(empty=True) as target:
        ended = [
            await _life(folder, source, target, chance.randint(1, _PAGES_OF_A_LIFE))
            for _ in range(kills)
        ]
        last = await _life(folder, source, target, None)
        async with open_database(target) as database:
            after = await checksums(database)
    differing = sum(before[name] != after[name] for name in before) + (last != 0)
    in_mid_work = sum(code != 0 for code in ended)
    rows = sum(one.rows for one in before.values())
    return none(FIGURE, differing, f"{in_mid_work} kills, {rows} rows")


async def _fill(url: str, kills: int) -> Mapping[str, Checksum]:
    """Make a company with more pages of people than all lives copy; return its checksums."""
    person = {"is_customer": True, "created_at": START}
    people = [
        {**person, "external_id": f"C{number}", "name": f"Клиент {number}"}
        for number in range((kills + 1) * _PAGES_OF_A_LIFE * PAGE // 2)
    ]
    async with open_database(url) as database:
        await save_catalog(database, START)
        async with database.transaction() as tx:
            await add_crowd(tx, people, 1000)
        return await checksums(database)


async def _life(folder: Path, source: str, target: str, pages: int | None) -> int:
    """Move until so many pages of people were copied, or to the end; return how it ended."""
    settings = {"OTKLIK_DATABASE_URL": source, "OTKLIK_LANGUAGE": "en", "PYTHONPATH": str(ROOT)}
    arguments = ("-m", "bot.cli.main", "migrate-to", target)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=folder, env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    async for line in process.stderr:
        if pages is not None and line.startswith((b"people:", b"addresses:")):
            pages -= 1
            if not pages:
                process.kill()
    return await process.wait()
