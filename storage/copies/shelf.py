"""Where a database's copies lie: which are its own, which is newest, which may be deleted."""

import hashlib
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from storage.engine.sqlite import files, marking, place
from storage.errors import CopyChanged
from storage.migrations.frozen import installation_since

CopyKind = Literal["daily", "hand", "import", "before"]

HAND_MADE_KEPT = 5
IMPORTS_KEPT = 3
AHEAD = timedelta(days=1)
"""A copy dated further ahead than this was made while the clock was wrong."""
_MOMENT = "%Y%m%dT%H%M%SZ"
_WHOSE = r"(?P<database>.+?)(?:-(?P<installation>[0-9a-f]{8}))?"
_SUM = r"(?:\.(?P<checksum>[0-9a-f]{16}))?"
_ENDS = rf"{_SUM}(?P<format>\.db|\.dump)(?:\.age)?"
_TIMED = re.compile(rf"{_WHOSE}-(?P<moment>\d{{8}}T\d{{6}}Z)-(?P<kind>daily|hand|import){_ENDS}")
_BEFORE = re.compile(rf"{_WHOSE}-(?P<kind>before)-\w+{_ENDS}")
_DIGITS = 16
ENCRYPTED = ".age"
_AGE = b"age-encryption.org/v1\n"


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that holds the database as it was at `made_at`.

    The kind `import` is from before a list or past answers were taken, `before` from before a
    migration. `checksum`: what `checksum` said when it was made; earlier versions noted none.
    """

    path: Path
    kind: CopyKind
    made_at: datetime
    size: int
    installation: str | None = None
    checksum: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the copies of a database lie.

    The latest daily copy of each of the last `days` days and `weeks` weeks is kept. Several
    databases may share the folder: each knows its own copies by the installation's id.
    """

    database: Path
    folder: Path
    days: int = 7
    weeks: int = 4
    recipients: tuple[str, ...] = ()
    """Public keys of those who can read the copies; none: they are not encrypted."""
    server: str | None = None
    """The URL of a PostgreSQL database; `database` is its name in the folder of its keys then."""
    whose: str | None = None
    """The id of the installation on the server, where it was asked."""
    alone: bool = False
    """The server's own copies are relied on: none is made here that nobody asked for."""

    def copies(self) -> Sequence[Copy]:
        """Return this database's own copies, the newest first.

        Where the database's id is lost, they are the copies of the only database on the shelf.
        """
        found = self.everybodys()
        whose = {copy.installation for copy in found}
        mine = self.installation()
        if mine is None and len(whose) == 1:
            return found
        return [copy for copy in found if copy.installation == mine]

    def everybodys(self) -> Sequence[Copy]:
        """Return the copies of all databases of this name, the newest first."""
        try:
            found = [self.known(file) for file in self.folder.iterdir()]
        except OSError:
            return []
        known = [copy for copy in found if copy is not None]
        return sorted(known, key=lambda copy: copy.made_at, reverse=True)

    def known(self, file: Path) -> Copy | None:
        """Return a file as a copy of a database of this name, None where it is none."""
        named = _TIMED.fullmatch(file.name) or _BEFORE.fullmatch(file.name)
        if named is None or named["database"] != self.database.stem:
            return None
        if named["format"] != self._format:
            return None
        kind = next(known for known in get_args(CopyKind) if known == named["kind"])
        whose = named["installation"]
        if whose is None and self.server is None:
            whose = installation_in(file)
        return Copy(file, kind, made_at(file), file.stat().st_size, whose, named["checksum"])

    def keep_only(self, kept: Path, revision: str) -> None:
        """Delete the other copies from before one migration: it may have been tried before."""
        plain = replace(self, recipients=())
        for copy in (one for one in self.copies() if one.kind == "before" and one.path != kept):
            named = copy.path.name.removesuffix(ENCRYPTED)
            if named == plain.name("before", revision, copy.checksum).name:
                with suppress(OSError):  # the folder may be append-only on purpose
                    copy.path.unlink(missing_ok=True)

    @property
    def _format(self) -> str:
        return ".db" if self.server is None else ".dump"

    def installation(self) -> str | None:
        """Return the database's id from the database or, where it is gone, from its lock file.

        A server's has to be asked by who has a connection: see `whose`.
        """
        if self.server is not None:
            return self.whose
        found = installation_in(self.database)
        noted = place.noted(self.database)
        return noted.installation if found is None and noted is not None else found

    def name(self, kind: CopyKind, what: str, sum_: str | None = None) -> Path:
        """Return a copy's path; `what` is the migration to come, else the moment."""
        parts = (kind, what) if kind == "before" else (what, kind)
        whose = filter(None, (self.database.stem, self.installation()))
        beginning = "-".join((*whose, *parts))
        middle = "" if sum_ is None else f".{sum_}"
        ending = f"{self._format}{ENCRYPTED}" if self.recipients else self._format
        return self.folder / f"{beginning}{middle}{ending}"


def moment_in_name(now: datetime) -> str:
    """Return a moment as copies' names have it."""
    return now.astimezone(UTC).strftime(_MOMENT)


def checksum(file: Path) -> str:
    """Return the first digits of a file's SHA-256; raises OSError."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:_DIGITS]


def is_encrypted(file: Path) -> bool:
    """Tell by its first bytes whether a copy is encrypted; raises OSError."""
    with file.open("rb") as opened:
        return opened.read(len(_AGE)) == _AGE


def checksum_in_name(file: Path) -> str | None:
    """Return what `checksum` said of a copy when it was made, None where its name says nothing."""
    named = _TIMED.fullmatch(file.name) or _BEFORE.fullmatch(file.name)
    return None if named is None else named["checksum"]


def check_unchanged(file: Path) -> None:
    """Raise CopyChanged where a copy's name has a checksum and it is another file's; or OSError."""
    noted = checksum_in_name(file)
    if noted is not None and checksum(file) != noted:
        raise CopyChanged(str(file))


def moment_of_name(file: Path) -> datetime | None:
    """Return when a copy was made, None where its name does not say it."""
    named = _TIMED.fullmatch(file.name)
    if named is None:
        return None
    return datetime.strptime(named["moment"], _MOMENT).replace(tzinfo=UTC)


def made_at(file: Path) -> datetime:
    """Return when a copy was made: by its name, else its mark, else the file's own time."""
    named = moment_of_name(file)
    if named is not None:
        return named
    with suppress(OSError):
        marked = marking.of(file)
        if marked is not None:
            return marked
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def installation_in(file: Path) -> str | None:
    """Return the id that a database or a copy holds, None where it cannot be read or has none.

    In a schema from before the ids, it is derived from the moment at which the first survey was
    published, as the migration does.
    """
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(files.uri(file), uri=True)) as connection:
            row = connection.execute(_whose(connection)).fetchone()
    except sqlite3.DatabaseError:
        return None  # damaged or no database; whoever opens it says so
    if row is None:
        return None
    return str(row[0]) if row[1] else installation_since(str(row[0]))


def _whose(connection: sqlite3.Connection) -> str:
    known = "SELECT count(*) FROM sqlite_master WHERE name = 'installation'"
    if connection.execute(known).fetchone()[0]:
        return "SELECT key, 1 FROM installation"
    return "SELECT published_at, 0 FROM definitions ORDER BY id LIMIT 1"


def is_suspect(copy: Copy, now: datetime) -> bool:
    """Whether a copy is dated later than any copy can be yet."""
    return copy.made_at > now + AHEAD


def ranked(copies: Sequence[Copy], now: datetime) -> Sequence[Copy]:
    """Return the copies, the best first: from the newest, and the suspect ones last."""
    by_age = sorted(copies, key=lambda copy: copy.made_at, reverse=True)
    return sorted(by_age, key=lambda copy: is_suspect(copy, now))


def prune(shelf: Shelf, now: datetime) -> int:
    """Delete the copies that need not be kept, where the folder lets us; return how many."""
    gone = 0
    known = [copy for copy in shelf.copies() if not is_suspect(copy, now)]
    for copy in surplus(known, shelf.days, shelf.weeks):
        with suppress(OSError):  # the folder may be append-only on purpose
            copy.path.unlink(missing_ok=True)
            gone += 1
    return gone


def surplus(copies: Sequence[Copy], days: int, weeks: int) -> Sequence[Copy]:
    """Return which of `copies`, given newest first, may be deleted.

    Kept are the latest daily copy of each of the latest `days` days and `weeks` ISO weeks that have
    one, the latest made by hand and before imports, and the one before each migration.
    """
    daily = [copy for copy in copies if copy.kind == "daily"]
    by_hand = [copy for copy in copies if copy.kind == "hand"]
    imports = [copy for copy in copies if copy.kind == "import"]
    kept = {*_latest_of_each(daily, "%Y-%m-%d", days), *_latest_of_each(daily, "%G-%V", weeks)}
    kept |= {copy.path for copy in [*by_hand[:HAND_MADE_KEPT], *imports[:IMPORTS_KEPT]]}
    return [copy for copy in copies if copy.kind != "before" and copy.path not in kept]


def _latest_of_each(copies: Sequence[Copy], unit: str, most: int) -> list[Path]:
    latest: dict[str, Path] = {}
    for copy in copies:
        latest.setdefault(copy.made_at.strftime(unit), copy.path)
    return list(latest.values())[:most]
