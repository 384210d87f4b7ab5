"""The one place of an SQLite database: who holds it, and whether its file still stands there.

Two locks keep a second program out. The first is a lock file beside the database's real path, so it
holds whatever link leads there. The second is a byte of the database's own file, far behind its
end: it holds under every name of the file, and also after the lock file was deleted.

That byte's lock belongs to an open descriptor. SQLite's own locks belong to the process and would
go with any descriptor that is closed, so ours is opened before SQLite opens the file and closed
after it.
"""

import errno
import fcntl
import json
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from storage.engine.sqlite import marking
from storage.errors import DatabaseBusy, DatabaseLost, DatabaseUnwritable
from surveys.messages import Message, mark, reason_of

_OURS = (1 << 62, 1)
"""First byte and length: no file is so long."""
_SHARED = (0x40000002, 510)
"""Where SQLite's connections hold their shared locks."""
_HAS_OWN_LOCKS = sys.platform == "linux" and sys.maxsize > 2**32
_MOST_NOTED = 1_000

_GONE = mark(
    "It was removed or moved. Put it back, or take a copy: otklik restore FILE. Then: otklik run"
)
_ANOTHER = mark(
    "Another file was put in its place. If that is a copy, start again: otklik run. If it came by "
    "other means, first: otklik restore --here"
)
_TAKEN = mark("Its lock file was removed, and another otklik has begun there. Stop one of the two.")


@dataclass(frozen=True, slots=True)
class Noted:
    """What the lock file says of the database: its file and its id."""

    device: int
    inode: int
    installation: str | None = None


class Place:
    """A database's place, held by this process; `path` is the real one."""

    def __init__(self, given: Path) -> None:
        self.given = given.absolute()
        self.path = real(given)
        self._lock = _locked(_lock_of(self.path))
        self._file: int | None = None
        self._mark = 0
        self._noted: Noted | None = None

    def hold_file(self) -> None:
        """Lock the file itself, where there is one; raises DatabaseBusy.

        Called before SQLite opens it. A file that cannot be opened is judged elsewhere.
        """
        if self._file is not None and _identity_of(self._file) == _identity(self.path):
            return  # a child just forked may hold the old descriptor: locking anew would fail
        self._let_go()
        with suppress(OSError):
            self._file = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        if self._file is None:
            return
        self._mark = marking.read(self._file)
        if not _lock_bytes(self._file, fcntl.F_WRLCK, _OURS):
            raise DatabaseBusy(str(self.path))

    def has_foreign_log(self) -> bool:
        """Whether a log lies beside a copy, which never has one of its own.

        It belongs to the file that the copy replaced, and SQLite would play it into the copy.
        """
        if self._file is None or not marking.never_had_a_log(self._file):
            return False
        log = Path(f"{self.path}-wal")
        return log.exists() and log.stat().st_size > 0

    def note(self, installation: str | None) -> None:
        """Write into the lock file that there is a database; a full disk may keep it from us."""
        if self._file is None:
            return
        found = os.fstat(self._file)
        self._noted = Noted(found.st_dev, found.st_ino, installation)
        self._write_note()

    def check(self) -> None:
        """Raise DatabaseLost where the database is no longer in its place.

        This costs a few microseconds. A lock file that was removed is made again, unless another
        program has made one.
        """
        if self._file is None:
            return
        self._check_file(self._file)
        if _identity(_lock_of(self.path)) != _identity_of(self._lock):
            self._lock_again()

    def close(self) -> None:
        """Let others have it."""
        self._let_go()
        os.close(self._lock)

    def _let_go(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _check_file(self, file: int) -> None:
        found = _identity(self.given)
        if found is None:
            self._lost(_GONE)
        if found != _identity_of(file):
            self._lost(_ANOTHER)
        seen = marking.read(file)
        if seen not in {0, self._mark}:
            # A copy was written over the open database: our log must not get into it.
            _lock_bytes(file, fcntl.F_RDLCK, _SHARED)
            self._lost(_ANOTHER)
        self._mark = seen

    def _lock_again(self) -> None:
        try:
            lock = _locked(_lock_of(self.path))
        except DatabaseBusy:
            self._lost(_TAKEN)
        os.close(self._lock)
        self._lock = lock
        self._write_note()

    def _write_note(self) -> None:
        if self._noted is None:
            return
        content = json.dumps(asdict(self._noted)).encode()
        with suppress(OSError):  # the disk is full; the next start writes it
            os.pwrite(self._lock, content, 0)
            os.ftruncate(self._lock, len(content))

    def _lost(self, what: str) -> NoReturn:
        raise DatabaseLost(str(self.given), Message(what))


@contextmanager
def held(path: Path) -> Iterator[Place]:
    """Hold a database's place, making its directory (0700) where it is missing.

    Raises DatabaseBusy where another process holds it, DatabaseUnwritable where there can be no
    lock file. The lock file is never removed, since a third process could then lock one without a
    name.
    """
    place = Place(path)
    try:
        place.hold_file()
        yield place
    finally:
        place.close()


def real(path: Path) -> Path:
    """Return where a database really is, whatever links lead there."""
    return Path(os.path.realpath(path))


def noted(path: Path) -> Noted | None:
    """Return what the lock file says of a database, also where the database is gone."""
    try:
        told = json.loads(_lock_of(real(path)).read_bytes()[:_MOST_NOTED])
        return Noted(int(told["device"]), int(told["inode"]), told["installation"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none, or an empty one of an earlier version


def _lock_of(path: Path) -> Path:
    return Path(f"{path}.lock")


def _locked(lock: Path) -> int:
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DatabaseUnwritable(str(lock.with_suffix("")), reason_of(error)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise DatabaseBusy(str(lock.with_suffix(""))) from error
    return handle


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _identity_of(handle: int) -> tuple[int, int]:
    found = os.fstat(handle)
    return found.st_dev, found.st_ino


def _lock_bytes(handle: int, kind: int, where: tuple[int, int]) -> bool:
    """Lock bytes of an open file; False where somebody else has them.

    Where the system knows no such locks, the lock file alone keeps others out.
    """
    if not _HAS_OWN_LOCKS:
        return True
    wanted = struct.pack("hhlli", kind, os.SEEK_SET, *where, 0)
    try:
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, wanted)
    except OSError as error:
        return error.errno not in {errno.EAGAIN, errno.EACCES}
    return True
