"""What can go wrong with what is kept. `str(error)` is meant for a person and says what to do."""

from dataclasses import dataclass
from datetime import datetime

from surveys.messages import Message, ToldError, mark


class StorageError(ToldError):
    """Root of the errors of `storage`."""


@dataclass(eq=False)
class DatabaseUrlInvalid(StorageError):
    """The address cannot be understood; it is not shown, for it may hold a secret."""

    template = mark(
        "The database address {problem}. Write sqlite:///PATH "
        "or postgresql+asyncpg://USER@HOST/NAME."
    )

    problem: Message


@dataclass(eq=False)
class DatabaseBusy(StorageError):
    """Another process writes to this database."""

    template = mark("Another otklik works with {place}. Stop it first, or choose another database.")

    place: str | Message


@dataclass(eq=False)
class NotLeading(StorageError):
    """Another replica leads by now: it does what this one began, and nothing was changed here."""

    template = mark("Another replica of otklik leads by now; nothing was changed.")


@dataclass(eq=False)
class DatabaseLocked(StorageError):
    """Another program holds the file's write lock for longer than the busy timeout."""

    template = mark("Another program keeps {place} locked. Close it and try again.")

    place: str | Message


@dataclass(eq=False)
class DatabaseNewer(StorageError):
    """The database was written by a later version of the program."""

    template = mark(
        "{place} was made by a newer otklik (schema {revision}). "
        "Update the program, or restore a backup made before the update."
    )

    place: str
    revision: str


@dataclass(eq=False)
class DatabaseOlder(StorageError):
    """The database waits for a migration, which a reader must not make."""

    template = mark("{place} was made by an older otklik. Run `otklik run` once to bring it up.")

    place: str


@dataclass(eq=False)
class DatabaseForeign(StorageError):
    """The file is no database, or one of another program."""

    template = mark("{place} is not a database of otklik. Nothing was changed; name another file.")

    place: str | Message


_FROM_A_COPY = Message(mark("Restore the newest copy: otklik restore FILE"))


@dataclass(eq=False)
class DatabaseCorrupt(StorageError):
    """The database is damaged."""

    template = mark("{place} is damaged. Nothing was changed. {remedy}")

    place: str | Message
    remedy: Message = _FROM_A_COPY


@dataclass(eq=False)
class CopyChanged(DatabaseCorrupt):
    """A copy's contents are not those that it was made with."""

    template = mark(
        "{place} has changed since it was made: what is in it does not match its name. Nothing was "
        "changed. Take another copy: otklik backup --list shows them."
    )


@dataclass(eq=False)
class CopyLocked(StorageError):
    """An encrypted copy cannot be opened: there is no key, it is another one, or it is damaged."""

    template = mark(
        "{place} is encrypted, and cannot be opened: name the file of its key, --identity FILE. "
        "Where that was done, it is another copy's key, or the copy is damaged."
    )

    place: str


@dataclass(eq=False)
class RecipientInvalid(StorageError):
    """A key for copies is none of age's public keys."""

    template = mark("{key} is no public key of age: it looks like age1… and age-keygen makes one.")

    key: str


@dataclass(eq=False)
class DatabaseMissing(StorageError):
    """There is no database to read."""

    template = mark("There is no database at {place}. Run otklik once, or name another file.")

    place: str


@dataclass(eq=False)
class DatabaseLost(StorageError):
    """The opened file is no longer in its place."""

    template = mark(
        "Otklik stops: {place} is not the database any more that it works with. Since then nothing "
        "was confirmed to Telegram, which keeps what people send for a day. {what}"
    )

    place: str
    what: Message


@dataclass(eq=False)
class DatabaseVanished(StorageError):
    """The database is gone; an empty one is begun only on request."""

    template = mark(
        "There is no database at {place}, but {sign}. Put it back, or go on with a copy: otklik "
        "restore {copy}. To begin an empty one: otklik run --new"
    )

    place: str
    sign: Message
    copy: str


@dataclass(eq=False)
class DatabaseUnwritable(StorageError):
    """The database cannot be written: rights, a read-only or a full disk."""

    template = mark("Cannot write {place}: {detail}. Check its rights and the free space there.")

    place: str | Message
    detail: str | Message


@dataclass(eq=False)
class NoRoom(StorageError):
    """The disk is too full for a copy of the database, in megabytes."""

    template = mark(
        "There is no room for a copy in {folder}: it needs {needed} MB and {free} MB are free. "
        "Make room, or choose another folder by OTKLIK_BACKUPS."
    )

    folder: str
    needed: int
    free: int


@dataclass(eq=False)
class DatabaseAbsent(StorageError):
    """The server has no database of that name."""

    template = mark("The server has no database «{name}». Create it: createdb {name}")

    name: str


@dataclass(eq=False)
class DatabaseRefuses(StorageError):
    """The server does not let this user in."""

    template = mark(
        "The database server does not let «{user}» in. Check the user, the password and the rights "
        "to connect."
    )

    user: str


@dataclass(eq=False)
class DatabaseUnavailable(StorageError):
    """The database server does not answer or refuses."""

    template = mark("The database server is not reachable ({detail}). Check its address and state.")

    detail: str | Message = ""


@dataclass(eq=False)
class ReadOnly(StorageError):
    """A database opened for reading was asked for a transaction."""

    template = mark("This database was opened for reading only.")


@dataclass(eq=False)
class TransactionOver(StorageError):
    """A reader or transaction was used after its block had ended, or opened inside another."""

    template = mark("A transaction was misused: {problem}.")

    problem: Message


@dataclass(eq=False)
class QueryFailed(StorageError):
    """The database refused a statement; `kind` is the driver's name for it, never its values."""

    template = mark("The database refused a statement ({kind}).")

    kind: str


@dataclass(eq=False)
class ConstraintViolated(StorageError):
    """A row would break a rule of the schema."""

    template = mark("This would break a rule of the database: {rule}.")

    rule: str


@dataclass(eq=False)
class UnstorableText(StorageError):
    """A text holds a NUL or a lone surrogate: see `surveys.survey.cleaning.clean_text`."""

    template = mark("The text has a character that cannot be stored, at position {position}.")

    position: int


@dataclass(eq=False)
class NaiveMoment(StorageError):
    """A time without a zone."""

    template = mark("The time {moment} has no zone.")

    moment: datetime


@dataclass(eq=False)
class NotFound(StorageError):
    """There is no such row."""

    template = mark("There is no such {what}: {key}.")

    what: Message
    key: str


@dataclass(eq=False)
class AlreadyInvited(StorageError):
    """A person is invited once in a wave."""

    template = mark("Person {person_id} is already invited in wave {wave_id}.")

    wave_id: int
    person_id: int


@dataclass(eq=False)
class SheetUnknown(StorageError):
    """An anonymous sheet that is finished, or was never begun."""

    template = mark("These anonymous answers are closed; they can no longer be seen or changed.")


@dataclass(eq=False)
class SealBroken(StorageError):
    """What was sealed under a key that is not here: a copy, or a file without its keys."""

    template = mark(
        "This was sealed, and its key is not here. Put the file of keys back beside the database."
    )


@dataclass(eq=False)
class AlreadyAnswered(StorageError):
    """An anonymous survey is answered once."""

    template = mark("Invitation {invitation_id} has been answered already.")

    invitation_id: int


@dataclass(eq=False)
class ManagersUnknown(StorageError):
    """Customers of an import name managers that are in neither the list nor the database."""

    template = mark(
        "There is no manager with the id {external_ids}. Import the managers first, or with them."
    )

    external_ids: tuple[str, ...]


@dataclass(eq=False)
class DealOfAnother(StorageError):
    """A deal was told before, of another customer."""

    template = mark(
        "Deal {deal} was told before of another customer. Nothing was changed; look in the CRM "
        "whose it is."
    )

    deal: str


@dataclass(eq=False)
class LastAdmin(StorageError):
    """Nobody would be left who may do everything."""

    template = mark(
        "This is the last admin. Make somebody else one first: otklik admin add TELEGRAM_ID"
    )


OUT_OF_SERVICE = (
    DatabaseLocked,
    DatabaseLost,
    DatabaseUnwritable,
    DatabaseUnavailable,
    DatabaseCorrupt,
    NotLeading,
)
"""The request was fine: it may succeed once the database is back, or at the replica that leads."""
