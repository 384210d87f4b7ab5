"""Why a PostgreSQL database cannot be dumped, or a dump not be put back."""

from dataclasses import dataclass

from storage.errors import StorageError
from surveys.messages import Message, mark


class CannotDump(StorageError):
    """This machine has no programs that could: it needs others, and trying again mends nothing."""


@dataclass(eq=False)
class ProgramsMissing(CannotDump):
    """There is no pg_dump here."""

    template = mark(
        "PostgreSQL is copied by pg_dump, which is not on this machine. Install the client "
        "programs of version {needed} or newer (Debian: apt-get install postgresql-client), or, "
        "where the server's own copies are relied on: OTKLIK_BACKUPS_BY_SERVER=true"
    )

    needed: int


@dataclass(eq=False)
class ProgramsOlder(CannotDump):
    """pg_dump refuses a server of a later major version than its own."""

    template = mark(
        "pg_dump here is of version {found} and cannot copy a server of version {needed}. Install "
        "the client programs of version {needed} (Debian: postgresql-client-{needed})."
    )

    found: int
    needed: int


@dataclass(eq=False)
class CopyNewer(CannotDump):
    """pg_restore does not read what a later version's pg_dump wrote."""

    template = mark(
        "pg_restore here is of version {found} and cannot read this copy, which a later pg_dump "
        "wrote. Install the client programs of version {needed} or newer (Debian: "
        "postgresql-client-{needed})."
    )

    found: int
    needed: int


@dataclass(eq=False)
class ProgramFailed(StorageError):
    """One of the server's programs failed; `detail` is what it said, without the password."""

    template = mark("{program} failed: {detail}")

    program: str
    detail: str | Message


@dataclass(eq=False)
class DumpDiffers(StorageError):
    """A dump holds other rows than the database held at its moment."""

    template = mark(
        "The copy was made and thrown away: it does not hold what the database held ({tables}). "
        "Try again; where that repeats itself, look at the server's log."
    )

    tables: str


@dataclass(eq=False)
class TargetFilled(StorageError):
    """A dump is put into an empty database only."""

    template = mark(
        "«{name}» holds tables already, and nothing was changed. A copy is put into an empty "
        "database: createdb NAME, write its address into OTKLIK_DATABASE_URL (otklik.env), and "
        "the same command again."
    )

    name: str
