"""What can go wrong with a move to another database."""

from dataclasses import dataclass

from storage.errors import StorageError
from surveys.messages import mark


@dataclass(eq=False)
class DatabaseUnfinished(StorageError):
    """A move to this database was interrupted: not all rows are there."""

    template = mark(
        "A move to {place} has begun and is not complete. Finish it with the former database's "
        "address in OTKLIK_DATABASE_URL: otklik migrate-to ADDRESS"
    )

    place: str


@dataclass(eq=False)
class TargetTaken(StorageError):
    """The database to move to holds another company."""

    template = mark(
        "That database holds another company's workspace. Nothing was changed; make an empty one: "
        "createdb NAME"
    )


@dataclass(eq=False)
class MoveDiffers(StorageError):
    """After a move rows or figures differ; the new database must not be used."""

    template = mark(
        "After the move these differ: {what}. The former database is unchanged; go on with it. To "
        "try again, make an empty database and move there."
    )

    what: str


@dataclass(eq=False)
class TextUnreadable(StorageError):
    """A text of the former database is no UTF-8; nothing was moved."""

    template = mark(
        "Nothing was moved: in the table {table}, {column} is no readable text where {row}. "
        "Write it anew while nothing else runs, and move again: "
        "sqlite3 {place} \"UPDATE {table} SET {column} = 'TEXT' WHERE {row}\""
    )

    place: str
    table: str
    column: str
    row: str
