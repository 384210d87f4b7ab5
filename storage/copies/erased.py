"""Who was erased, for copies made before: a list of numbers beside the database and its copies.

The number of a row says nothing about anybody once the row is gone, and a number is never given
again. With it stands the installation, since a folder of copies may be shared.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from storage.copies.shelf import Shelf
from storage.errors import DatabaseUnwritable
from surveys.messages import reason_of

_LINE = re.compile(r"(\S+) (\d+)")


def places(database: Path, shelf: Shelf | None) -> list[Path]:
    """Return the files in which erasures are noted: beside the database, and beside its copies."""
    beside = Path(f"{database.resolve()}.erased")
    return [beside] if shelf is None else [beside, shelf.folder / f"{shelf.database.name}.erased"]


def known(database: Path, shelf: Shelf | None) -> list[Path]:
    """Return every file in the same places: a copy may have been put back under another name."""
    written = places(database, shelf)
    return sorted({*written, *(one for file in written for one in file.parent.glob("*.erased"))})


def note(files: Iterable[Path], installation: str, person_id: int) -> None:
    """Append somebody to each file, once; raises DatabaseUnwritable."""
    for file in files:
        try:
            if not file.parent.exists() or (installation, person_id) in _read(file):
                continue
            handle = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            try:
                os.write(handle, f"{installation} {person_id}\n".encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise DatabaseUnwritable(str(file), reason_of(error)) from error


def noted(files: Iterable[Path]) -> set[tuple[str, int]]:
    """Return everybody whom any of the files names, with the installation."""
    return set().union(*(_read(file) for file in files))


def _read(file: Path) -> set[tuple[str, int]]:
    if not file.exists():
        return set()
    lines = map(_LINE.fullmatch, file.read_text(encoding="utf-8").splitlines())
    return {(found[1], int(found[2])) for found in lines if found}
