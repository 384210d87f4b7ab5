"""What `otklik doctor` says of the machine: versions, replicas, the clock, what is stuck."""

import platform
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from bot.cli.upkeep.doctor.finding import Finding
from storage.replicas.lease import ReplicasSeen
from surveys.messages import Message, mark

_SAFE_SQLITE = (3, 51, 3)
APART = timedelta(seconds=30)
"""A clock that is further off sends at wrong hours, and its copies are dated wrongly."""
_STUCK: Final[Mapping[str, str]] = {
    "outbox": mark(
        "Messages being sent for an hour or longer: {n}. Start otklik run, or see its log."
    ),
    "inbox": mark("Updates waiting for an hour or longer: {n}. Start otklik run, or see its log."),
    "waves": mark(
        "Waves being prepared for an hour or longer: {n}. Start otklik run, or see its log."
    ),
    "imports": mark(
        "Lists being read for an hour or longer: {n}. Start otklik run, or see its log."
    ),
}


def versions() -> Finding:
    """Name what runs, for whoever reports a fault."""
    names = ("otklik", "aiogram", "SQLAlchemy")
    known = ", ".join(f"{name} {_version(name)}" for name in names)
    said = {"python": platform.python_version(), "known": known}
    return Finding("fine", Message("versions"), Message("Python {python}; {known}.", said))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # started from a folder that was never installed
        return "?"


def sqlite_version(version: tuple[int, ...]) -> Finding:
    """Judge SQLite: before 3.51.3 two programs writing at once could lose a commit."""
    number = ".".join(map(str, version))
    if version >= _SAFE_SQLITE:
        return Finding("fine", "SQLite", Message("{version}.", {"version": number}))
    message = Message(
        "{version} has a flaw, mended in 3.51.3, that shows where two programs write or checkpoint "
        "at once. Otklik has one writer, so let no other program write to its file.",
        {"version": number},
    )
    return Finding("look", "SQLite", message)


def clock(theirs: datetime | None, ours: datetime) -> Iterator[Finding]:
    """Compare the machine's clock with Telegram's."""
    if theirs is None:
        return
    apart = abs(theirs - ours)
    if apart <= APART:
        yield Finding("fine", Message("clock"), Message("agrees with Telegram's."))
        return
    said = Message(
        "{n} seconds away from Telegram's: messages go out at wrong hours. Set it: timedatectl "
        "set-ntp true",
        {"n": int(apart.total_seconds())},
    )
    yield Finding("bad", Message("clock"), said)


def replicas(found: ReplicasSeen | None) -> Iterator[Finding]:
    """Say how many replicas there are, and which of them leads."""
    if found is None or not found.names:
        return
    said = {"n": len(found.names), "names": ", ".join(found.names)}
    yield Finding("fine", Message("replicas"), Message("{n} running: {names}.", said))
    if found.leader is None:
        nobody = Message("none of them leads at this moment; one does within seconds.")
        yield Finding("look", Message("replicas"), nobody)
    else:
        leads = Message("{name} leads: it sends.", {"name": found.leader})
        yield Finding("fine", Message("replicas"), leads)


def stuck(found: Mapping[str, int]) -> Iterator[Finding]:
    """Say what has begun and does not go on."""
    for table, count in found.items():
        yield Finding("bad", Message("stuck"), Message(_STUCK[table], {"n": count}))
