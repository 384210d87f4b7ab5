"""Power loss: the recorded writes replayed only as far as they were flushed to the disk.

kill -9 leaves the operating system's buffers alive; a power cut does not. Each file is rebuilt
from what had been written before its last flush, at every moment at which something was reported.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.prove.proofs.points import ROUNDS, kept, new_database
from tests.prove.tracing import Call, trace

_CALLS = "openat,close,pwrite64,ftruncate,fdatasync,fsync,write"


@dataclass(slots=True)
class _File:
    written: bytearray = field(default_factory=bytearray)
    flushed: bytes = b""


@dataclass(frozen=True, slots=True)
class Loss:
    """At how many moments the power was cut, and after how many something reported was gone."""

    moments: int
    lost: int


async def cut_power(folder: Path, *without: str) -> Loss:
    """Record one run, then cut the power after each of its reports."""
    path = folder / "recorded.db"
    await new_database(path)
    disk = {str(path): _File(bytearray(path.read_bytes()), path.read_bytes())}
    arguments = (str(path), str(ROUNDS), *without)
    traced = await trace(folder / "recorded.log", _CALLS, "tests.prove.writing", *arguments)
    descriptors: dict[int, str] = {}
    said: list[str] = []
    lost = 0
    for call in traced.calls:
        if call.name == "write" and call.descriptor == 1:
            said += call.data.decode().split("\n")[:-1]
            lost += not _survives(folder, str(path), disk, said)
        else:
            _replay(call, descriptors, disk, str(path))
    return Loss(len(said), lost)


def _replay(call: Call, descriptors: dict[int, str], disk: dict[str, _File], database: str) -> None:
    """Apply a call to the disk as the operating system sees it."""
    if call.name == "openat":
        name = call.data.decode(errors="replace")
        if name in {database, f"{database}-wal"} and call.result.isdecimal():
            descriptors[int(call.result)] = name
            disk.setdefault(name, _File())
        return
    name = descriptors.get(call.descriptor, "")
    if not name:
        return
    file = disk[name]
    match call.name:
        case "close":
            del descriptors[call.descriptor]
        case "fdatasync" | "fsync":
            file.flushed = bytes(file.written)
        case "ftruncate":
            size = int(call.arguments.rsplit(", ", 1)[1])
            file.written = file.written[:size].ljust(size, b"\0")
        case "pwrite64":
            offset = int(call.arguments.rsplit(", ", 1)[1])
            file.written = file.written.ljust(offset, b"\0")
            file.written[offset : offset + len(call.data)] = call.data


def _survives(folder: Path, database: str, disk: dict[str, _File], said: list[str]) -> bool:
    after = folder / "after"
    shutil.rmtree(after, ignore_errors=True)
    after.mkdir()
    for name, file in disk.items():
        (after / Path(name).name).write_bytes(file.flushed)
    return kept(after / Path(database).name, said)
