"""Lists of people: read beside the bot's work, counted, taken all or nothing."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import Refused, Told
from bot.operations.leaving import take_list
from bot.operations.lists.headings import FIELDS, Identity
from bot.operations.lists.problems import Fault, FileRefused, Problem
from bot.operations.lists.reading import Head, Options, reading
from bot.operations.lists.words import FIELDS as FIELD_NAMES
from bot.operations.lists.words import FileNotRead, problem
from storage.database import Database, Transaction
from storage.people import people_import
from storage.people.people import Role
from storage.people.people_import import ImportResult, ManagerProblem
from surveys.messages import Message, mark
from templates.texts import Language, Texts

SHOWN_PROBLEMS = 20
MOST_NEW_MANAGERS = 200
_LONGEST_NAME = 100

Read = Callable[[int], Awaitable[None]]
"""Told now and then how many rows have been read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a list, and what taking it would do; `problems` are the first ones.

    `refused` counts the rows that are not taken, `strangers` are managers whom nobody knows.
    `left` leave by the list as it is, `missing` too where it is said to be complete.
    """

    headings: list[str] = field(default_factory=list)
    columns: dict[str, list[int]] = field(default_factory=dict)
    samples: list[list[str]] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    left: int = 0
    missing: int = 0

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Found":
        """Return what `as_json` wrote."""
        problems = [Problem(**{**one, "code": Fault(one["code"])}) for one in found["problems"]]
        return cls(**{**found, "problems": problems})

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        return asdict(self)


async def load(
    database: Database,
    import_id: int,
    path: Path,
    options: Options,
    read: Read,
    *,
    new_managers: bool = False,
) -> Found:
    """Read a file into the list `import_id` in small transactions, and count; raises FileRefused.

    `new_managers` makes managers of the names that nobody knows.
    """
    found, taken = Found(), 0
    async with database.transaction() as tx:
        await people_import.drop(tx, import_id)
    async for part in reading(path, options):
        if isinstance(part, Head):
            columns = {str(name): places for name, places in part.columns.items()}
            found = Found(part.headings, columns, part.samples, part.lacks)
            continue
        async with database.transaction() as tx:
            await people_import.put(tx, import_id, part.rows)
        found = _with_problems(found, part.problems)
        taken += len(part.rows) + len(part.problems)
        await read(taken)
    async with database.transaction() as tx:
        return await _counted(tx, import_id, found, new_managers=new_managers)


def _with_problems(found: Found, problems: list[Problem]) -> Found:
    shown = sorted([*found.problems, *problems], key=lambda one: one.line)[:SHOWN_PROBLEMS]
    refused = found.refused + sum(one.rows for one in problems)
    return replace(found, problems=shown, refused=refused)


async def _counted(tx: Transaction, import_id: int, found: Found, *, new_managers: bool) -> Found:
    missing = await people_import.name_managers(tx, import_id)
    strangers = [one.manager for one in missing if _may_be_made(one)][:MOST_NEW_MANAGERS]
    if new_managers and strangers:
        await people_import.make_managers(tx, import_id, strangers)
        missing = await people_import.name_managers(tx, import_id)
        strangers = []
    await people_import.leave_out(tx, import_id, [one.manager for one in missing])
    found = _with_problems(found, [_said(one) for one in missing])
    counted = await people_import.count(tx, import_id)
    goes = await people_import.leaving(tx, import_id, complete=True)
    missing_people = len(goes) - counted.left
    return replace(found, strangers=strangers, missing=missing_people, **asdict(counted))


def _may_be_made(missing: ManagerProblem) -> bool:
    return not missing.ambiguous and len(missing.manager) <= _LONGEST_NAME


def _said(missing: ManagerProblem) -> Problem:
    code = Fault.MANAGERS if missing.ambiguous else Fault.MANAGER
    return Problem(missing.first, code, missing.manager, missing.rows)


async def _nobody_waits(_: int) -> None:
    """Progress that nobody looks at."""


async def import_people(
    database: Database,
    now: datetime,
    /,
    path: str,
    chosen: dict[str, str] | None = None,
    role: Role = "customer",
    identity: Identity | None = None,
    language: Language = "en",
    **wanted: bool,
) -> dict[str, Any]:
    """Operation: import a file of this machine.

    `chosen` is heading → field for headings that are not recognised, `identity` what people are
    recognised by where there is no number of theirs, `language` that of the problems. Of `wanted`,
    `check` only says what would happen, `skip_refused` takes the other rows where some are
    refused, `new_managers` makes managers of the names that nobody knows, and by a `complete` list
    those of its roles leave who are not on it.
    """
    import_id = -1 - secrets.randbits(48)
    options = Options(_checked(chosen or {}), role, identity)
    makes = wanted.get("new_managers", False)
    texts = Texts(language)
    try:
        found = await load(
            database, import_id, Path(path), options, _nobody_waits, new_managers=makes
        )
        _require_columns(found)
        complete = wanted.get("complete", False)
        if wanted.get("check"):
            left = found.left + found.missing if complete else found.left
            counted = ImportResult(found.added, found.changed, found.unchanged, left)
            return _told(texts, found, counted)
        if found.refused and (complete or not wanted.get("skip_refused")):
            raise Told(said=_nothing_taken(texts, found, complete=complete))
        async with database.transaction() as tx:
            return _told(texts, found, await take_list(tx, import_id, now, complete=complete))
    except FileRefused as refused:
        raise FileNotRead(refused) from refused
    finally:
        async with database.transaction() as tx:
            await people_import.drop(tx, import_id)


def _checked(chosen: dict[str, str]) -> dict[str, str]:
    for name in chosen.values():
        if name and name not in FIELDS:
            raise Refused(
                mark("There is no field «{field}». Known: {known}."), field=name, known=list(FIELDS)
            )
    return chosen


def _require_columns(found: Found) -> None:
    if found.lacks:
        raise Refused(
            mark(
                "The first line must name the columns; not found: {lacks}. There are: {headings}. "
                "Say which is which with --column 'HEADING=FIELD'; fields: {known}."
            ),
            lacks=[Message(FIELD_NAMES[_field(name)]) for name in found.lacks],
            headings=list(found.headings),
            known=list(FIELDS),
        )


def _field(name: str) -> Any:  # noqa: ANN401 (a literal of FIELDS)
    return next(known for known in FIELDS if known == name)


def _nothing_taken(texts: Texts, found: Found, *, complete: bool) -> str:
    lines = [problem(texts, one) for one in found.problems]
    more = found.refused - sum(one.rows for one in found.problems)
    lines += [texts("… and {n} more", n=texts.number(more))] if more > 0 else []
    advice = [texts("Or take the others with --skip-refused.")]
    if complete:
        advice = [texts("Of a complete list every row must be good: a bad one is no leaver.")]
    if found.strangers:
        advice.append(texts("Or make managers of the unknown names with --new-managers."))
    return "\n".join([texts("Nothing was imported. Mend these lines:"), *lines, *advice])


def _told(texts: Texts, found: Found, result: ImportResult) -> dict[str, Any]:
    return {
        **asdict(result),
        "refused": found.refused,
        "problems": [problem(texts, one) for one in found.problems],
    }
