"""What is in a list of people, and what taking it would do: every row of the file is counted."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from bot.operations.lists.file_parts import Batch, Head, ListOptions
from bot.operations.lists.problems import Fault, RowProblem, TwoWays
from bot.operations.lists.reading import reading, row_to_json
from storage.database import Database, Transaction
from storage.people.lists import list_rows, people_import, people_matching
from storage.people.lists.list_rows import ManagerProblem
from storage.people.lists.managers import name_key
from storage.people.lists.people_import import ImportResult
from storage.people.lists.people_matching import shared_emails, shared_phones

SHOWN_PROBLEMS = 200
MOST_NEW_MANAGERS = 200
_SHOWN_ROWS = 3
_LONGEST_NAME = 100
_PROBLEMS = ("problems", "left_out_rows", "warnings")

Read = Callable[[int], Awaitable[None]]
"""Called now and then with the number of rows that have been read."""


@dataclass(frozen=True, slots=True)
class ListFound(Head):
    """A list: `rows` of the file = added + changed + unchanged + left + refused + left_out.

    `left_out` counts rows that are no people, `warned` rows that are taken without a cell or shared
    a phone; of these and of the refused ones the first are listed. `first` are the first people as
    read. `assumed` counts phones that name no country and are read as those of `country`.
    `strangers` are managers whom nobody knows, `made` counts those made of such names. `left` leave
    by the list as it is, `missing` too where it is said to be complete.
    """

    first: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    left_out: int = 0
    warned: int = 0
    made: int = 0
    assumed: int = 0
    country: str = ""
    left: int = 0
    missing: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    left_out_rows: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "ListFound":
        """Return what `as_json` wrote, of this version or an earlier one."""
        lists = {
            name: [RowProblem(**{**one, "code": Fault(one["code"])}) for one in found.get(name, [])]
            for name in _PROBLEMS
        }
        unclear = [TwoWays(*one) for one in found.get("unclear", [])]
        return cls(**{**found, **lists, "unclear": unclear})

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        lists = {
            name: [
                {"line": one.line, "code": one.code, "value": one.value, "rows": one.rows}
                for one in told[name]
            ]
            for name in _PROBLEMS
        }
        return {**told, **lists}

    def unused(self) -> list[str]:
        """Return the headings of the columns that are left out."""
        used = {place for places in self.columns.values() for place in places}
        return [
            heading for place, heading in enumerate(self.headings) if heading and place not in used
        ]

    @property
    def result(self) -> ImportResult:
        """Return the people that are, or would be, new, changed or unchanged."""
        return ImportResult(self.added, self.changed, self.unchanged, self.left, self.made)

    def counted(self, result: ImportResult) -> "ListFound":
        """Return this with what the database counted."""
        return replace(
            self,
            added=result.added,
            changed=result.changed,
            unchanged=result.unchanged,
            made=result.made,
        )


async def load(
    database: Database,
    import_id: int,
    path: Path,
    options: ListOptions,
    read: Read,
    *,
    new_managers: bool = False,
) -> ListFound:
    """Read a file into the list `import_id` in small transactions, and count; raises FileRefused.

    `new_managers` makes managers of the names that nobody knows.
    """
    found, repeated = ListFound(), set[str]()
    async with database.transaction() as tx:
        await list_rows.drop(tx, import_id)
    async with aclosing(reading(path, options)) as parts:
        async for part in parts:
            if isinstance(part, Head):
                head = {one.name: getattr(part, one.name) for one in fields(part)}
                found = ListFound(**head, country=options.country)
                continue
            async with database.transaction() as tx:
                await list_rows.put(tx, import_id, part.rows)
            found = _with_batch(found, part)
            repeated.update(part.repeated)
            await read(found.rows)
    async with database.transaction() as tx:
        return await _counted(tx, import_id, found, repeated, new_managers=new_managers)


def _with_batch(found: ListFound, batch: Batch) -> ListFound:
    lacking = _SHOWN_ROWS - len(found.first)
    return replace(
        _refusing(found, batch.problems),
        rows=found.rows + batch.size,
        first=[*found.first, *(row_to_json(row) for row in batch.rows[: max(0, lacking)])],
        left_out=found.left_out + len(batch.left_out),
        left_out_rows=_listed(found.left_out_rows, batch.left_out),
        warned=found.warned + len(batch.warnings),
        warnings=_listed(found.warnings, batch.warnings),
        assumed=found.assumed + len(batch.assumed),
    )


def _refusing(found: ListFound, problems: Iterable[RowProblem]) -> ListFound:
    more = list(problems)
    refused = found.refused + sum(one.rows for one in more)
    return replace(found, problems=_listed(found.problems, more), refused=refused)


def _listed(known: list[RowProblem], more: Iterable[RowProblem]) -> list[RowProblem]:
    """Return the first problems; equal ones are merged, with their rows counted."""
    same = {(one.code, one.value): one for one in known}
    for one in more:
        before = same.get((one.code, one.value))
        rows = one.rows if before is None else before.rows + one.rows
        first = one if before is None or one.line < before.line else before
        if before is not None or len(same) < SHOWN_PROBLEMS:
            same[one.code, one.value] = replace(first, rows=rows)
    return sorted(same.values(), key=lambda one: one.line)


async def _counted(
    tx: Transaction,
    import_id: int,
    found: ListFound,
    repeated: Collection[str],
    *,
    new_managers: bool,
) -> ListFound:
    ambiguous = await people_matching.match_people(tx, import_id)
    found = _refusing(
        found, (RowProblem(one.line, Fault.CANDIDATES, one.said) for one in ambiguous)
    )
    missing = await list_rows.name_managers(tx, import_id)
    strangers = _strangers(missing)[:MOST_NEW_MANAGERS]
    if new_managers and strangers:
        await list_rows.make_managers(tx, import_id, strangers)
        missing = await list_rows.name_managers(tx, import_id)
        strangers = []
    await list_rows.leave_out(tx, import_id, [one.manager for one in missing])
    found = _refusing(found, map(_unknown_manager, missing))
    said = [
        RowProblem(one.line, code, one.said, one.rows)
        for code, shared in (
            (Fault.SHARED_PHONE, await shared_phones(tx, import_id, repeated="phone" in repeated)),
            (Fault.SHARED_EMAIL, await shared_emails(tx, import_id, repeated="email" in repeated)),
        )
        for one in shared
    ]
    found = replace(
        found,
        warned=found.warned + sum(one.rows for one in said),
        warnings=_listed(found.warnings, said),
        strangers=strangers,
    )
    counted = await people_import.count(tx, import_id)
    goes = await people_import.leaving(tx, import_id, complete=True)
    return replace(found.counted(counted), left=counted.left, missing=len(goes) - counted.left)


def _strangers(missing: Iterable[ManagerProblem]) -> list[str]:
    """Return the names of managers who may be made: each once, as most rows spell it."""
    may_be = (one for one in missing if not one.ambiguous and len(one.manager) <= _LONGEST_NAME)
    common = sorted(may_be, key=lambda one: one.rows)
    return sorted({name_key(one.manager): one.manager for one in common}.values())


def _unknown_manager(missing: ManagerProblem) -> RowProblem:
    code = Fault.MANAGERS if missing.ambiguous else Fault.MANAGER
    return RowProblem(missing.first, code, missing.manager, missing.rows)
