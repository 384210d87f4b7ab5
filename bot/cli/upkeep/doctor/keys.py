"""What `otklik doctor` says of the keys under which anonymous answers wait."""

from collections.abc import Iterator
from pathlib import Path

from bot.cli.upkeep.doctor.finding import Finding
from surveys.messages import Message


def keys(file: Path, sealed: int, locked: int) -> Iterator[Finding]:
    """Say whether sealed answers that wait can be opened; nothing where none wait."""
    where = {"file": str(file)}
    if locked and file.exists():
        said = Message(
            "{file} does not open what waits sealed: it belongs to another database or to an "
            "earlier time. Where there is a right one, put it there and start otklik run again.",
            where,
        )
    elif locked:
        said = Message(
            "{file} is missing, and without it what waits sealed is lost. Where the database came "
            "from, the file lies beside it: put it here and start otklik run again.",
            where,
        )
    else:
        said = Message("{file} opens what waits sealed.", where)
    if sealed:
        yield Finding("bad" if locked else "fine", Message("anonymous answers"), said)
