"""`otklik migrate-to` is killed in the middle again and again, and goes on; then both are compared.

It says each page that it has copied, so every life is ended while it copies.
"""

import asyncio
import os
import random
import sys
from contextlib import ExitStack
from operator import ne
from pathlib import Path
from subprocess import SubprocessError

from bot.operations.copies.moving import figures
from bot.settings import SQLITE
from storage.database import open_database
from storage.moving.comparing import checksums
from storage.moving.paging import PAGE
from tests.bench import company
from tests.postgres import PostgresServer, running
from tests.prove.lines import Line, Lines, none

ROOT = Path(__file__).parents[3]
_NOTED = "audit"
"""Each attempt is noted in the source."""
_PAGES_OF_A_LIFE = 2
FIGURE = "tables that differ after a move that was killed"
FIGURES = "digests with other figures after it"
_MONTHS = 3


async def moved(folder: Path, kills: int, seed: int) -> Lines:
    """Kill a move in every life but the last, and compare."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running())
        except (ImportError, OSError, RuntimeError, SubprocessError) as error:
            why = f"PostgreSQL does not start here: {type(error).__name__}"
            yield Line(FIGURE, "0", "–", why, None)
            return
        async for line in _killed(folder, server, min(kills, 10), seed):
            yield line


async def _killed(folder: Path, server: PostgresServer, kills: int, seed: int) -> Lines:
    chance = random.Random(seed)
    path = folder / "otklik.db"
    source = f"{SQLITE}{path}"
    # More pages of people than all lives copy.
    shape = company.Shape((kills + 1) * _PAGES_OF_A_LIFE * PAGE // 2, _MONTHS)
    await asyncio.to_thread(company.make, path, shape)
    async with open_database(source) as database:
        before = await checksums(database)
    months = [f"{start:%Y-%m}" for start in company.month_starts(_MONTHS)[:-1]]
    said = [await figures(source, month, company.END) for month in months]
    async with server.database(empty=True) as target:
        ended = [
            await _life(folder, source, target, chance.randint(1, _PAGES_OF_A_LIFE))
            for _ in range(kills)
        ]
        last = await _life(folder, source, target, None)
        async with open_database(target) as database:
            after = await checksums(database)
        moved_figures = [await figures(target, month, company.END) for month in months]
    differing = sum(before[name] != after[name] for name in before if name != _NOTED) + (last != 0)
    in_mid_work = sum(code != 0 for code in ended)
    rows = sum(one.rows for one in before.values())
    yield none(FIGURE, differing, f"{in_mid_work} kills, {rows} rows")
    answered = f"{before['answers'].rows} answers, {len(months)} months"
    yield none(FIGURES, sum(map(ne, said, moved_figures)), answered)


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
