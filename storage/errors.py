"""What can go wrong with what is kept. `str(error)` is meant for a person and says what to do."""

from dataclasses import dataclass
from datetime import datetime


class StorageError(Exception):
    """Root of the errors of `storage`."""


@dataclass(eq=False)
class DatabaseUrlInvalid(StorageError):
    """The address cannot be understood; it is not shown, for it may hold a secret."""

    problem: str

    def __str__(self) -> str:
        return (
            f"The database address {self.problem}. Write sqlite+aiosqlite:///PATH "
            "or postgresql+asyncpg://USER@HOST/NAME."
        )


@dataclass(eq=False)
class DatabaseBusy(StorageError):
    """Another process writes to this database."""

    place: str

    def __str__(self) -> str:
        return f"Another otklik works with {self.place}. Stop it first, or choose another database."


@dataclass(eq=False)
class DatabaseLocked(StorageError):
    """Another program holds the file's write lock for longer than the busy timeout."""

    place: str = "the database"

    def __str__(self) -> str:
        return f"Another program keeps {self.place} locked. Close it and try again."


@dataclass(eq=False)
class DatabaseNewer(StorageError):
    """The database was written by a later version of the program."""

    place: str
    revision: str

    def __str__(self) -> str:
        return (
            f"{self.place} was made by a newer otklik (schema {self.revision}). "
            "Update the program, or restore a backup made before the update."
        )


@dataclass(eq=False)
class DatabaseOlder(StorageError):
    """The database waits for a migration, which a reader must not make."""

    place: str

    def __str__(self) -> str:
        return f"{self.place} was made by an older otklik. Run `otklik run` once to bring it up."


@dataclass(eq=False)
class DatabaseForeign(StorageError):
    """The file is no database, or one of another program."""

    place: str

    def __str__(self) -> str:
        return f"{self.place} is not a database of otklik. Nothing was changed; name another file."


@dataclass(eq=False)
class DatabaseCorrupt(StorageError):
    """The database is damaged."""

    place: str
    detail: str = ""

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.place} is damaged{detail}. Nothing was changed; restore the newest backup."


@dataclass(eq=False)
class DatabaseMissing(StorageError):
    """There is no database to read."""

    place: str

    def __str__(self) -> str:
        return f"There is no database at {self.place}. Run otklik once, or name another file."


@dataclass(eq=False)
class DatabaseUnwritable(StorageError):
    """The database cannot be written: rights, a read-only or a full disk."""

    place: str
    detail: str = ""

    def __str__(self) -> str:
        detail = f": {self.detail}" if self.detail else ""
        return f"Cannot write {self.place}{detail}. Check its rights and the free space there."


@dataclass(eq=False)
class DatabaseUnavailable(StorageError):
    """The database server does not answer or refuses."""

    detail: str = ""

    def __str__(self) -> str:
        return f"The database server is not reachable ({self.detail}). Check its address and state."


@dataclass(eq=False)
class ReadOnly(StorageError):
    """A database opened for reading was asked for a transaction."""

    def __str__(self) -> str:
        return "This database was opened for reading only."


@dataclass(eq=False)
class TransactionOver(StorageError):
    """A reader or transaction was used after its block had ended, or opened inside another."""

    problem: str

    def __str__(self) -> str:
        return f"A transaction was misused: {self.problem}."


@dataclass(eq=False)
class QueryFailed(StorageError):
    """The database refused a statement; `kind` is the driver's name for it, never its values."""

    kind: str

    def __str__(self) -> str:
        return f"The database refused a statement ({self.kind})."


@dataclass(eq=False)
class ConstraintViolated(StorageError):
    """A row would break a rule of the schema."""

    rule: str

    def __str__(self) -> str:
        return f"This would break a rule of the database: {self.rule}."


@dataclass(eq=False)
class UnstorableText(StorageError):
    """A text holds a NUL or a lone surrogate; clean it first (`surveys.answers.clean_text`)."""

    position: int

    def __str__(self) -> str:
        return f"The text has a character that cannot be stored, at position {self.position}."


@dataclass(eq=False)
class NaiveMoment(StorageError):
    """A time without a zone."""

    moment: datetime

    def __str__(self) -> str:
        return f"The time {self.moment} has no zone."


@dataclass(eq=False)
class NotFound(StorageError):
    """There is no such row."""

    what: str
    key: str

    def __str__(self) -> str:
        return f"There is no {self.what} {self.key}."


@dataclass(eq=False)
class AlreadyInvited(StorageError):
    """A person is invited once in a wave."""

    wave_id: int
    person_id: int

    def __str__(self) -> str:
        return f"Person {self.person_id} is already invited in wave {self.wave_id}."


@dataclass(eq=False)
class SheetUnknown(StorageError):
    """An anonymous sheet that is finished, or was never begun."""

    def __str__(self) -> str:
        return "These anonymous answers are closed; they can no longer be seen or changed."


@dataclass(eq=False)
class AlreadyAnswered(StorageError):
    """An anonymous survey is answered once."""

    invitation_id: int

    def __str__(self) -> str:
        return f"Invitation {self.invitation_id} has been answered already."


@dataclass(eq=False)
class ManagersUnknown(StorageError):
    """Customers of an import name managers that are in neither the list nor the database."""

    external_ids: tuple[str, ...]

    def __str__(self) -> str:
        ids = ", ".join(self.external_ids)
        return f"There is no manager with the id {ids}. Import the managers first, or with them."


class LinkError(StorageError):
    """A link cannot be redeemed."""


@dataclass(eq=False)
class LinkUnknown(LinkError):
    """No such link was issued, or it was revoked."""

    def __str__(self) -> str:
        return "This link is not known. Ask for a new one."


@dataclass(eq=False)
class LinkExpired(LinkError):
    """The link's time is over."""

    expired_at: datetime

    def __str__(self) -> str:
        return "This link has expired. Ask for a new one."


@dataclass(eq=False)
class LinkUsedUp(LinkError):
    """As many people as an open link was made for have come by it."""

    most_uses: int

    def __str__(self) -> str:
        return "This link has been used as often as it may be. Ask for a new one."


@dataclass(eq=False)
class PhoneShared(LinkError):
    """Several people have this phone number, so it tells nobody apart."""

    person_ids: tuple[int, ...]

    def __str__(self) -> str:
        return "Several people here have this number. Ask for a personal link."


@dataclass(eq=False)
class LinkTaken(LinkError):
    """Another Telegram account has redeemed the link."""

    person_id: int | None

    def __str__(self) -> str:
        return "This link has been used by another Telegram account. Ask for one of your own."


@dataclass(eq=False)
class AccountTaken(LinkError):
    """This Telegram account is somebody else already."""

    person_id: int

    def __str__(self) -> str:
        return "This Telegram account already belongs to another person here."


OUT_OF_SERVICE = (DatabaseLocked, DatabaseUnwritable, DatabaseUnavailable, DatabaseCorrupt)
"""Nothing is wrong with what was asked: the same may succeed when the database is back."""
