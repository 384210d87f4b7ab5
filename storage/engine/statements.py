"""What a statement says of itself, for those who execute it."""

from typing import TypeVar

from sqlalchemy import Executable

E = TypeVar("E", bound=Executable)

_MADE_ONCE = "made once"
_BRIEF = "brief"
_QUIET = "quiet"


def made_once(statement: E) -> E:
    """Return a statement that its module keeps, and that is executed again and again.

    It is prepared (`storage.engine.prepared`): what SQLAlchemy does for each execution would cost
    as much as the database does for a hundred rows. Lists in IN are its own, not parameters.
    """
    return statement.execution_options(**{_MADE_ONCE: True})


def is_made_once(statement: Executable) -> bool:
    """Tell whether a statement is marked so."""
    return _MADE_ONCE in statement.get_execution_options()


def brief(statement: E) -> E:
    """Return a statement, made once, that finds a few rows by their keys, however many there are.

    On SQLite it is executed on the event loop, where everything else waits for it: a visit to the
    connection's thread would cost more (`storage.engine.sqlite.thread`). A test reads its plan.
    """
    return made_once(statement).execution_options(**{_BRIEF: True})


def is_brief(statement: Executable) -> bool:
    """Tell whether a statement is marked so."""
    return _BRIEF in statement.get_execution_options()


def quiet(statement: E) -> E:
    """Return a statement of which nothing falls due, so that nobody needs to look."""
    return statement.execution_options(**{_QUIET: True})


def is_quiet(statement: Executable) -> bool:
    """Tell whether a statement is marked so."""
    return _QUIET in statement.get_execution_options()
