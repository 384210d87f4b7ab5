"""`otklik sandbox`: a local Telegram in a process of its own."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import aiohttp

from bot.sandbox.journal import read_journal
from tests.telegram import TOKEN

PROGRAM = "import typer; from bot.cli.sandbox import sandbox_command; typer.run(sandbox_command)"


async def _started(*options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_it_says_where_it_is_and_serves_until_it_is_stopped(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    rules = tmp_path / "faults.json"
    rules.write_text(json.dumps([{"kind": "5xx", "method": "getMe"}]))
    process = await _started(
        "--port", "0", "--token", TOKEN, "--secret", "s", "--journal", str(journal),
        "--faults", str(rules),
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(30):
        lines = [(await process.stdout.readline()).decode() for _ in range(5)]
    told = dict(line.strip().split("=", 1) for line in lines)
    assert told["OTKLIK_BOT_TOKEN"] == TOKEN
    assert told["OTKLIK_CLOCK_URL"] == f"{told['OTKLIK_API_URL']}/sim/s/clock"
    async with aiohttp.ClientSession() as session:
        statuses = []
        for url in (*[f"{told['OTKLIK_API_URL']}/bot{TOKEN}/getMe"] * 2, told["PAGE_URL"]):
            async with session.get(url) as response:
                statuses.append(response.status)
    assert statuses == [502, 200, 200]
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    calls = [e["status"] for e in read_journal(journal) if e["kind"] == "call"]
    assert calls == [502, 200]


async def test_a_wrong_file_of_faults_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for content, words in [
        ("{", b"is not JSON"),
        ("{}", b"must hold a list"),
        ('[{"kind": "plague"}]', b'There is no fault "plague"'),
    ]:
        rules = tmp_path / "faults.json"
        rules.write_text(content)
        process = await _started("--port", "0", "--faults", str(rules))
        _, errors = await process.communicate()
        assert process.returncode == 2
        assert words in errors
        assert b"Traceback" not in errors
