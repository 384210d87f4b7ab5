"""A PostgreSQL address as asyncpg wants it, and what is wrong with one in our own words.

People write libpq's parameters (``sslmode``, ``sslrootcert``, ``connect_timeout``,
``application_name``), as every manual does. asyncpg reads them only from an address of its own, and
knows some by other names.
"""

import inspect
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import asyncpg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from storage.errors import (
    DatabaseAbsent,
    DatabaseRefuses,
    DatabaseUnavailable,
    DatabaseUrlInvalid,
)
from surveys.messages import Message

_TIMEOUTS = {
    "timeout": "timeout",
    "connect_timeout": "timeout",
    "command_timeout": "command_timeout",
}
_COUNTS = (
    "statement_cache_size",
    "max_cached_statement_lifetime",
    "max_cacheable_statement_size",
)
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_OF_SQLALCHEMY = frozenset({"prepared_statement_cache_size"})
_OF_ASYNCPG = frozenset(inspect.signature(asyncpg.connect).parameters)

_NO_DATABASE = "3D000"
_NO_ENTRY = ("28000", "28P01", "42501")
_NO_SUCH_PARAMETER = ("42704", "22023")


def for_asyncpg(url: URL) -> tuple[URL, dict[str, Any]]:
    """Return the address for asyncpg, and as arguments what its address cannot say.

    Raises DatabaseUrlInvalid.
    """
    said = {name: value for name, value in url.query.items() if isinstance(value, str)}
    arguments: dict[str, Any] = {}
    try:
        for name, of_asyncpg in _TIMEOUTS.items():
            if name in said:
                arguments[of_asyncpg] = float(said.pop(name))
        for name in _COUNTS:
            if name in said:
                arguments[name] = int(said.pop(name))
    except ValueError as error:
        raise DatabaseUrlInvalid(Message("has a parameter that must be a number")) from error
    of_libpq = {
        name: value for name, value in said.items() if name not in _OF_ASYNCPG | _OF_SQLALCHEMY
    }
    for name in _FILES:
        if name in of_libpq and not Path(of_libpq[name]).is_file():
            problem = Message("names a file that is not there: {name}", {"name": name})
            raise DatabaseUrlInvalid(problem)
    if of_libpq:
        arguments["dsn"] = f"postgresql://?{urlencode(of_libpq)}"
    kept = {name: value for name, value in said.items() if name not in of_libpq}
    several = {name: value for name, value in url.query.items() if not isinstance(value, str)}
    return url.set(query={**kept, **several}), arguments


@contextmanager
def connecting(url: URL) -> Iterator[None]:
    """Say what keeps a connection from being made; other errors pass through."""
    try:
        yield
    except DBAPIError as error:
        _judge(url, error)
        raise
    except (TypeError, ValueError) as error:
        raise _unusable(url) from error
    except ssl.SSLError as error:
        detail = Message("TLS fails: see sslmode and sslrootcert")
        raise DatabaseUnavailable(detail) from error
    except ConnectionError as error:
        if "SSL" not in str(error):
            raise
        raise DatabaseUnavailable(Message("it refuses TLS: see sslmode")) from error


def _judge(url: URL, error: DBAPIError) -> None:
    state = getattr(error.orig, "sqlstate", None)
    if state == _NO_DATABASE:
        raise DatabaseAbsent(url.database or "") from error
    if state in _NO_ENTRY:
        raise DatabaseRefuses(url.username or "") from error
    if state in _NO_SUCH_PARAMETER or isinstance(error.orig and error.orig.__cause__, ValueError):
        raise _unusable(url) from error


def _unusable(url: URL) -> DatabaseUrlInvalid:
    """Name the parameters, never their values."""
    names = ", ".join(url.query)
    return DatabaseUrlInvalid(
        Message("has a parameter that cannot be used (there are: {names})", {"names": names})
    )
