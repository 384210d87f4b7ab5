"""kill -9 while rows are committed: whatever was reported as kept is there afterwards."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import open_database
from storage.tables.people import accounts
from tests.engines import database_in

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.mark.parametrize("lines", [1, 40, 333])
async def test_a_killed_process_loses_nothing_it_reported(tmp_path: Path, lines: int) -> None:
    url = database_in(tmp_path)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.storage.engine.committing",
        url,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    reported = [await process.stdout.readline() for _ in range(lines)]
    process.kill()
    reported += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    pairs = [line.decode().split() for line in reported if line.endswith(b"\n")]
    async with open_database(url) as database, database.reading() as reader:
        kept = {row["id"]: row["name"] for row in await reader.all(select(accounts))}
    assert len(pairs) >= lines
    assert {int(row_id): name for row_id, name in pairs}.items() <= kept.items()
