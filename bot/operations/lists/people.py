"""Lists of people from a file of this machine: read, counted, taken all or nothing."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import Refused
from bot.operations.company import checked, country_of, usual_settings
from bot.operations.copies.before_import import copied_before
from bot.operations.lists.file_parts import ListOptions
from bot.operations.lists.found import ListFound, load
from bot.operations.lists.headings import FIELDS
from bot.operations.lists.lacking import ColumnsLacking
from bot.operations.lists.preview import around, counts, done
from bot.operations.lists.problems import Fault, RowProblem
from bot.operations.lists.taking import take_list
from bot.operations.lists.words import FileNotRead, problem
from bot.operations.tables.date_cells import stated_formats
from bot.operations.tables.refusals import FileRefused
from storage.database import Database
from storage.people import workspace
from storage.people.lists import list_rows
from storage.people.lists.people_import import ImportResult
from storage.people.workspace import Workspace
from surveys.messages import Language, mark
from templates.texts import Texts

_SHOWN = 20


async def _nobody_waits(_: int) -> None:
    """Progress for a caller that shows none."""


async def keep_apart(database: Database, _: datetime) -> None:
    """Keep the list out of the file, where a program works that ends with it."""
    async with database.transaction() as tx:
        await list_rows.keep_apart(tx)


async def import_people(
    database: Database,
    now: datetime,
    /,
    path: str,
    reading: Mapping[str, Any] | None = None,
    language: Language = "en",
    **wanted: bool,
) -> dict[str, Any]:
    """Operation: import a file of this machine.

    `reading` is how to read it: `chosen` (heading → field), `role`, `identity`, `encoding`,
    `skip_lines`, `date_formats`, `country`, as `ListOptions` has them; `language` that of what is
    said. Of `wanted`, `check` only says what would happen, `skip_refused` takes the other rows
    where some are refused, `new_managers` makes managers of the names that nobody knows, and by a
    `complete` list those of its roles leave who are not on it. In what is returned rows = added +
    changed + unchanged + leaving + refused + left_out; nothing was taken unless it is `imported`,
    and nothing would be after a check that is not `acceptable`. Before a list changes anything the
    database is copied, but for `no_copy`.
    """
    import_id = -1 - secrets.randbits(48)
    makes = wanted.get("new_managers", False)
    texts = Texts(language)
    async with database.reading() as reader:
        space = await workspace.get(reader)
    options = ListOptions(**_checked(reading or {}, space), zone=space.zone, now=now.isoformat())
    try:
        found = await load(
            database, import_id, Path(path), options, _nobody_waits, new_managers=makes
        )
        _require_columns(found)
        complete = wanted.get("complete", False)
        none_left = found.refused > 0 and found.refused + found.left_out == found.rows
        stays = found.refused > 0 and (complete or none_left or not wanted.get("skip_refused"))
        advice = _advice(texts, found, complete=complete, none_left=none_left) if stays else []
        usual = usual_settings(texts, space)
        if wanted.get("check"):
            if stays:
                advice = [texts("As long as rows are refused, nothing is imported."), *advice]
            foreseen = _foreseen(texts, found, usual, advice, complete=complete)
            return foreseen | {"acceptable": not stays}
        if stays:
            nothing = texts("Nothing was imported. Mend these lines:")
            return _told(texts, found, found.result, [nothing], advice)
        copies = not wanted.get("no_copy") and _changes(found, complete=complete)
        copy = await copied_before(database, now) if copies else None
        async with database.transaction() as tx:
            result = await take_list(tx, import_id, now, complete=complete)
        taken = found.counted(result)
        told = _told(texts, taken, result, [usual], [done(texts, result)])
        return told | {
            "imported": True,
            "copy": None if copy is None else str(copy),
            "is_server": database.shared is not None,
        }
    except FileRefused as refused:
        raise FileNotRead(refused) from refused
    finally:
        async with database.transaction() as tx:
            await list_rows.drop(tx, import_id)


def _foreseen(
    texts: Texts, found: ListFound, usual: str, advice: Sequence[str], *, complete: bool
) -> dict[str, Any]:
    """Return what taking the list would do."""
    result = found.result
    if complete:
        result = replace(result, left=found.left + found.missing)
    return _told(texts, found, result, [counts(texts, result), usual], advice)


def _changes(found: ListFound, *, complete: bool) -> bool:
    left = found.left + (found.missing if complete else 0)
    return bool(found.added or found.changed or found.made or left)


def _checked(reading: Mapping[str, Any], space: Workspace) -> dict[str, Any]:
    for name in reading.get("chosen", {}).values():
        if name and name not in FIELDS:
            raise Refused(
                mark("There is no field «{field}». Known: {known}."), field=name, known=list(FIELDS)
            )
    stated_formats(reading.get("date_formats", ()))
    given = reading.get("country")
    # The company's own has been looked at; all names of countries take as long as 2,000 rows.
    country = checked({"country": given})["country"] if given else country_of(space)
    return {**reading, "country": country}


def _require_columns(found: ListFound) -> None:
    if found.lacks:
        raise ColumnsLacking(found)


def _advice(texts: Texts, found: ListFound, *, complete: bool, none_left: bool) -> list[str]:
    """Return what may be done about rows for which the list is not taken."""
    advice = [] if none_left else [texts("Or take the others with --skip-refused.")]
    if complete:
        advice = [texts("Of a complete list every row must be good: a bad one is no leaver.")]
    if found.strangers:
        advice.append(texts("Or make managers of the unknown names with --new-managers."))
    if any(one.code is Fault.DATE_UNCLEAR for one in found.problems):
        advice.append(texts("Or say how the dates are written: --date-format DD/MM/YYYY."))
    return ["\n".join(advice)] if advice else []


def _told(
    texts: Texts,
    found: ListFound,
    result: ImportResult,
    before: Sequence[str],
    after: Sequence[str],
) -> dict[str, Any]:
    """Return every row of the file under what became of it, and what to say about them.

    `leaving` are the rows that say so of somebody; `left` also counts who is not on a complete
    list. What is said begins and ends with the paragraphs `before` and `after`.
    """
    return {
        "imported": False,
        "rows": found.rows,
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "leaving": found.left,
        "left": result.left,
        "refused": found.refused,
        "left_out": found.left_out,
        "problems": _said(texts, found.problems),
        "left_out_rows": _said(texts, found.left_out_rows),
        "phones_of_country": {"country": found.country, "assumed": found.assumed},
        "warned": found.warned,
        "warnings": _said(texts, found.warnings),
        "columns": {
            name: [found.headings[place] for place in places]
            for name, places in found.columns.items()
        },
        "columns_left_out": found.unused(),
        "lines_above_left_out": found.above,
        "unknown_managers": found.strangers,
        "managers_made": result.made,
        "encoding": found.encoding,
        "encoding_is_guess": found.is_guess,
        "first_as_read": found.first,
        "said": list(filter(None, [*before, *around(texts, found, shown=_SHOWN), *after])),
    }


def _said(texts: Texts, rows: list[RowProblem]) -> list[str]:
    return [problem(texts, one) for one in rows]
