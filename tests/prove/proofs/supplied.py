"""What the program is built of: every package locked by its hash, none with a known flaw."""

import asyncio
import json
import re
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from bot.cli.upkeep.doctor.machine import sqlite_version
from tests.prove.lines import Line, Lines, none, some

_ROOT = Path(__file__).parents[3]
_LOCKS = ("requirements.lock", "requirements-dev.lock")
_PATIENCE = 120.0


async def supplied(_folder: Path, _kills: int, _seed: int) -> Lines:
    """Look through both lock files, at SQLite, and, where there is a network, for known flaws."""
    locks = {name: (_ROOT / name).read_text(encoding="utf-8") for name in _LOCKS}
    packages = {name: _packages(text) for name, text in locks.items()}
    behind = ", ".join(f"{len(found)} in {name}" for name, found in packages.items())
    unhashed = sum(not hashed for found in packages.values() for hashed in found.values())
    yield none("packages locked without a hash", unhashed, behind)
    bare = re.sub(r"^\s+--hash=.*\n?", "", locks[_LOCKS[0]], count=0, flags=re.MULTILINE)
    yield some("the same without hashes: packages", _unhashed(bare), _LOCKS[0])
    judged = sqlite_version(sqlite3.sqlite_version_info)
    is_met = True if judged.level == "fine" else None
    behind = "of this Python; doctor says so, and the program is the only writer"
    yield Line("SQLite", "≥ 3.51.3", sqlite3.sqlite_version, behind, is_met)
    flaws = await _flaws(_ROOT / _LOCKS[0])
    if flaws is None:
        behind = "needs pip-audit and the network: make audit"
        yield Line("known flaws in locked packages", "0", "–", behind, None)
    else:
        yield none("known flaws in locked packages", flaws, _LOCKS[0])


def _packages(lock: str) -> dict[str, bool]:
    """Return package → whether it has a hash."""
    entries = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)
    named = [entry for entry in entries if re.match(r"[A-Za-z0-9]", entry)]
    return {entry.split("==")[0]: "--hash=sha256:" in entry for entry in named}


def _unhashed(lock: str) -> int:
    return sum(not hashed for hashed in _packages(lock).values())


async def _flaws(lock: Path) -> int | None:
    """Return how many flaws are known of the locked packages; None where nobody can be asked."""
    command = (sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip")
    running = await asyncio.create_subprocess_exec(
        *command, "--format", "json", "-r", str(lock), stdout=PIPE, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            told, _ = await running.communicate()
    except TimeoutError:
        running.kill()
        await running.wait()
        return None
    if not told:
        return None
    return sum(len(one["vulns"]) for one in json.loads(told)["dependencies"])
