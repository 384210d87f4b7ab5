"""What holds for whatever is given: each property over many more examples, each migration."""

import asyncio
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from tests.examples import ALL, THOROUGH
from tests.prove.lines import Line, Lines

_ROOT = Path(__file__).parents[3]
_COUNTED = re.compile(r"(\d+) (passed|failed|errors?)\b")


async def held(folder: Path, _kills: int, _seed: int) -> Lines:
    """Run the tests that take more here than with all tests, in a process of their own."""
    command = (
        "-m", "pytest", "-q", "-m", "hypothesis or thorough", f"--hypothesis-profile={THOROUGH}",
        "-p", "no:cacheprovider", f"--basetemp={folder / 'tests'}",
    )  # fmt: skip
    running = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=_ROOT, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
    )
    said = (await running.communicate())[0].decode()
    (folder / "said.txt").write_text(said, encoding="utf-8")
    counts = {what: int(number) for number, what in _COUNTED.findall(said.splitlines()[-1])}
    passed = counts.pop("passed", 0)
    behind = f"{passed + sum(counts.values())} properties, {ALL} examples each"
    is_met = running.returncode == 0 and passed > 0
    yield Line("properties that do not hold", "0", f"{sum(counts.values())}", behind, is_met)
