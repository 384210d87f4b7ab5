"""Programs that the bot starts end with what they were started for."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import children
from bot.children import child
from bot.operations.lists import reading
from bot.operations.lists.file_parts import ListOptions
from bot.operations.tables.refusals import FileRefusal, FileRefused
from bot.operations.ways_in.files import Link, write_elsewhere
from bot.settings import Settings
from tests.forked import STARTED


def is_running(process: Process) -> bool:
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """Note the processes that are started, in earnest."""
    monkeypatch.setattr(sys, "executable", STARTED)
    processes: list[Process] = []
    start = asyncio.create_subprocess_exec

    async def noted(*arguments: Any, **options: Any) -> Process:
        processes.append(await start(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    return processes


async def test_a_child_ends_with_a_task_that_is_cancelled(
    tmp_path: Path, started: list[Process]
) -> None:
    (tmp_path / "waits.py").write_text("input()")
    begun = asyncio.Event()

    async def work() -> None:
        async with child("waits", cwd=tmp_path, stdin=asyncio.subprocess.PIPE) as process:
            begun.set()
            await process.wait()

    task = asyncio.create_task(work())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_running(started[0])


async def test_what_is_made_beside_the_bot_lets_it_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made.py").write_text(
        "import os, sys\nsys.stdin.read()\nprint(os.getpriority(os.PRIO_PROCESS, 0), end='')"
    )

    @asynccontextmanager
    async def making(*_: str, **options: Any) -> AsyncIterator[Process]:
        async with child("made", **{**options, "cwd": tmp_path}) as process:
            yield process

    monkeypatch.setattr(children, "child", making)
    settings = Settings(database_url="sqlite:///otklik.db")
    told = await children.printed(
        settings, "digest", language="ru", now=datetime(2026, 9, 1, tzinfo=UTC), given=b"now"
    )
    assert told is not None
    assert int(told) == max(10, os.getpriority(os.PRIO_PROCESS, 0))


async def test_who_writes_links_ends_where_the_links_do_not_come(
    tmp_path: Path, started: list[Process]
) -> None:
    async def links() -> AsyncIterator[Sequence[Link]]:
        yield [{"name": "Анна", "link": "https://t.me/x"}]
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await write_elsewhere(tmp_path / "links.xlsx", links(), "Берег", "ru")
    assert not is_running(started[0])


async def test_who_reads_a_list_ends_where_nobody_wants_the_rest(
    tmp_path: Path, started: list[Process]
) -> None:
    list_of_people = tmp_path / "list.csv"
    list_of_people.write_text("id,name\n" + "".join(f"C{n},Анна\n" for n in range(3_000)))
    parts = reading.reading(list_of_people, ListOptions())
    await anext(parts)
    await parts.aclose()
    assert not is_running(started[0])


@pytest.mark.parametrize("told", ['{"rows": [{"name', '{"refused": ["empty", "", ""]}', ""])
async def test_a_line_without_its_end_is_a_damaged_file(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cut_off.py").write_text(f"print({told!r}, end='')")

    @asynccontextmanager
    async def cut(*_: str, **options: Any) -> AsyncIterator[Process]:
        async with child("cut_off", **{**options, "cwd": tmp_path}) as process:
            yield process

    monkeypatch.setattr(reading, "child", cut)
    with pytest.raises(FileRefused) as refused:
        [part async for part in reading.reading(tmp_path / "list.csv", ListOptions())]
    assert refused.value.code is FileRefusal.DAMAGED
