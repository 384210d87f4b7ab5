"""What `otklik doctor` says of files: who else may read them, and whether there is room to grow."""

import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from bot.cli.upkeep.doctor.finding import Finding
from surveys.messages import Message

_LITTLE_SPACE = 200 * 1024 * 1024


def files(path: Path, copies: Collection[Path] = ()) -> Iterator[Finding]:
    """Judge the database's files that are here: closed to others, and with room to grow."""
    beside = [path.with_name(f"{path.name}{suffix}") for suffix in ("", "-wal", "-shm", ".keys")]
    folders = [path.with_name(name) for name in ("digests", "imports", "links", "mydata")]
    shelves = {copy.parent for copy in copies}
    yield from open_to_others([*beside, *folders, *sorted(shelves), *copies])
    free = shutil.disk_usage(path.absolute().parent).free
    megabytes = {"free": free // 1024**2}
    if free < _LITTLE_SPACE:
        scarce = Message(
            "Only {free} MB are free. A full disk stops answers: make room.", megabytes
        )
        yield Finding("bad", Message("disk"), scarce)
    else:
        yield Finding("fine", Message("disk"), Message("{free} MB are free.", megabytes))


def open_to_others(paths: Iterable[Path]) -> Iterator[Finding]:
    """Name the files and folders that other accounts of this machine may read."""
    for one in paths:
        if one.exists() and one.stat().st_mode & 0o077:
            closed = {"mode": "700" if one.is_dir() else "600", "file": one}
            message = Message("Others on this machine may read it. Do: chmod {mode} {file}", closed)
            yield Finding("bad", str(one), message)
