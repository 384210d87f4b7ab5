"""Watching and hindering a process's writes, by strace where the machine has it."""

import asyncio
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
WITHOUT = "strace is not installed, or may not trace here"
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\w+)")
_HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


def is_there() -> bool:
    """Whether processes can be traced on this machine: some containers forbid it."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    trial = [strace, "-f", "-e", "inject=fdatasync:signal=SIGCONT:when=1", "true"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: its thread, arguments as written by strace, data as bytes, and result."""

    thread: int
    name: str
    arguments: str
    result: str

    @property
    def descriptor(self) -> int:
        """Return the first argument, a file's number."""
        return int(self.arguments.split(",", 1)[0].split("<")[0])

    @property
    def data(self) -> bytes:
        """Return the first string among the arguments."""
        found = _HEX.search(self.arguments)
        return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


@dataclass(frozen=True, slots=True)
class Traced:
    """What a traced process said, how it ended, and what it called."""

    said: list[str]
    code: int
    calls: list[Call]


async def trace(log: Path, calls: str, module: str, *arguments: str, inject: str = "") -> Traced:
    """Run a module of ours under strace to its end."""
    command = ["strace", "-f", "-qq", "-xx", "-s", "70000", "-o", str(log), "-e", f"trace={calls}"]
    if inject:
        command += ["-e", f"inject={inject}"]
    process = await asyncio.create_subprocess_exec(
        *command,
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told, _ = await process.communicate()
    said = [line for line in told.decode().split("\n")[:-1] if line]
    return Traced(said, process.returncode or 0, read(log))


class NotAllowed(Exception):
    """This user may not trace a process that is not their child."""


@asynccontextmanager
async def hindered(pid: int, inject: str) -> AsyncIterator[None]:
    """Let calls of a running process fail until the block is left; raises NotAllowed."""
    tracer = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-o", "/dev/null", "-e", f"inject={inject}", "-p", f"{pid}"),
        stderr=asyncio.subprocess.PIPE,
    )
    assert tracer.stderr is not None
    said = await tracer.stderr.readline()
    if b"attached" not in said:
        await tracer.wait()
        raise NotAllowed(said.decode())
    draining = asyncio.create_task(tracer.stderr.read())
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        await tracer.wait()
        await draining


def read(log: Path) -> list[Call]:
    """Return the completed calls of a log, those that were interrupted joined together."""
    calls = []
    begun: dict[str, str] = {}
    for line in log.read_text(errors="replace").splitlines():
        thread = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix(" <unfinished ...>")
            continue
        _, resumed, rest = line.partition(" resumed>")
        if found := _LINE.match(begun.pop(thread, "") + rest if resumed else line):
            calls.append(Call(int(found[1]), found[2], found[3], found[4]))
    return calls
