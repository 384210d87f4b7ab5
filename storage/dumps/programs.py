"""pg_dump, pg_restore and psql: where they are, and how they are run.

They get the connection in their environment, which only this account can read; their command line,
which every account can, names no server, no user and no password. What they say goes into errors
without the password, and without lines that may quote rows.
"""

import asyncio
import os
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, quote_plus

from sqlalchemy import URL

from storage.dumps.errors import ProgramFailed, ProgramsMissing, ProgramsOlder

_NAMES = ("pg_dump", "pg_restore", "psql")
_USUAL = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/*/bin")
"""Where Debian, Red Hat and Homebrew put those of a version; `*` comes last there."""
_VERSION = re.compile(rb"\(PostgreSQL\) (\d+)")
_VARIABLES: Final[Mapping[str, str]] = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "database": "PGDATABASE",
    "dbname": "PGDATABASE",
    "ssl": "PGSSLMODE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "options": "PGOPTIONS",
    "timeout": "PGCONNECT_TIMEOUT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "krbsrvname": "PGKRBSRVNAME",
}
"""What an address may say, and by which variable libpq hears it."""
_SAID = re.compile(r"^(?:psql:\S*: )?(?:pg_dump|pg_restore|psql)?:? ?(?:error|ERROR|FATAL): .*")
_MOST_SAID = 300


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with PostgreSQL's client programs, all of one major version."""

    folder: Path
    version: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


async def found(needed: int) -> Programs:
    """Return the programs for a server of a major version: of that one, else of a later one.

    Raises ProgramsMissing or ProgramsOlder.
    """
    there = [Programs(folder, version) async for folder, version in _there()]
    able = [one for one in there if one.version >= needed]
    if able:
        return min(able, key=lambda one: one.version)
    if there:
        raise ProgramsOlder(max(one.version for one in there), needed)
    raise ProgramsMissing(needed)


async def _there() -> AsyncIterator[tuple[Path, int]]:
    for folder in dict.fromkeys(_folders()):
        if all(os.access(folder / name, os.X_OK) for name in _NAMES):
            version = await _version(folder / "pg_dump")
            if version is not None:
                yield folder, version


def _folders() -> Iterator[Path]:
    yield from map(Path, filter(None, os.get_exec_path()))
    for pattern in _USUAL:
        yield from Path("/").glob(pattern.removeprefix("/"))


async def _version(program: Path) -> int | None:
    with suppress(OSError):
        async with running(
            str(program), "--version", env=plain_environment(), stdout=PIPE
        ) as process:
            said, _ = await process.communicate()
        if (known := _VERSION.search(said)) is not None:
            return int(known[1])
    return None


def environment(url: URL) -> dict[str, str]:
    """Return a child's environment that leads it to the database, and speaks English."""
    said = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "database": url.database,
        **url.query,
    }
    led = {
        _VARIABLES[name]: _joined(value)
        for name, value in said.items()
        if value is not None and name in _VARIABLES
    }
    return {**plain_environment(), **led, "PGAPPNAME": "otklik-copy"}


def _joined(value: Any) -> str:  # noqa: ANN401 (a number, a text, or several)
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def plain_environment() -> dict[str, str]:
    """Return a child's environment without our settings, which hold the bot's token."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("OTKLIK_")}
    return {**ours, "LC_ALL": "C", "TZ": "UTC"}


@asynccontextmanager
async def running(program: str, *arguments: str, **options: Any) -> AsyncIterator[Process]:
    """Run a program; it is killed where it still runs when the block is left."""
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        **{"stdin": DEVNULL, "stderr": PIPE, **options},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()


def failure(program: str, code: int | None, said: bytes, url: URL | None = None) -> ProgramFailed:
    """Return what a program's end means; its words lose the password and what may quote rows."""
    lines = said.decode(errors="replace").splitlines()
    told = " ".join([line for line in lines if _SAID.match(line)][:3]) or f"exit code {code}"
    return ProgramFailed(program, without_password(told, url)[:_MOST_SAID])


def without_password(said: str, url: URL | None) -> str:
    """Take out an address's password, however it is written."""
    secrets = {str(url.password)} if url is not None and url.password else set()
    if url is not None:
        secrets |= {str(value) for name, value in url.query.items() if "pass" in name}
    for secret in secrets:
        for form in {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}:
            said = said.replace(form, "…")
    return said
