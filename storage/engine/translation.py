"""The database's errors as ours; no SQLAlchemy type leaves this package."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    PendingRollbackError,
    SQLAlchemyError,
    StatementError,
)

from storage.engine.sqlite.files import not_written
from storage.errors import (
    ConstraintViolated,
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseLocked,
    DatabaseUnavailable,
    DatabaseUnwritable,
    QueryFailed,
    StorageError,
)
from surveys.messages import Message

_PLACE = Message("the database")
_IDLE_TOO_LONG = "25P03"
"""The program stood still in mid-transaction, and the server ended its session."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the database raises as a `StorageError`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _translation(error) from error
    except OSError as error:
        raise DatabaseUnavailable(type(error).__name__) from error


def _translation(error: SQLAlchemyError) -> StorageError:
    original = error.orig if isinstance(error, StatementError) else None
    if isinstance(original, StorageError):
        return original
    if isinstance(error, IntegrityError):
        return ConstraintViolated(_rule(str(original)))
    if isinstance(error, PendingRollbackError):  # the connection was lost by an earlier statement
        return DatabaseUnavailable(type(error).__name__)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return DatabaseUnavailable(type(original).__name__)
    state = getattr(original, "sqlstate", None)
    known = _by_message(str(original).lower()) if state is None else _by_state(state)
    return known or QueryFailed(type(original or error).__name__)


def _by_state(state: str) -> StorageError | None:
    """Read PostgreSQL's code; the words of its messages may hold people's names and values."""
    if state == "42501":
        return DatabaseUnwritable(_PLACE, Message("the user may not do this"))
    if state == "53100":
        return DatabaseUnwritable(_PLACE, Message("the disk is full"))
    if state in {"55P03", "40P01"}:
        return DatabaseLocked(_PLACE)
    if state.startswith(("08", "57P", "53")) or state == _IDLE_TOO_LONG:
        return DatabaseUnavailable(state)
    return None


def _rule(message: str) -> str:
    """Return the rule's name without the row's values, which PostgreSQL adds in later lines."""
    return message.splitlines()[0].split(": ", maxsplit=1)[-1]


def _by_message(message: str) -> StorageError | None:
    if "locked" in message or "busy" in message:
        return DatabaseLocked(_PLACE)
    if "malformed" in message or "corrupt" in message:
        return DatabaseCorrupt(_PLACE)
    if "not a database" in message:
        return DatabaseForeign(_PLACE)
    reason = not_written(message)
    return None if reason is None else DatabaseUnwritable(_PLACE, reason)
