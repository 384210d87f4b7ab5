"""Reading a list in a process of its own, with bounds on memory and time.

So a long list keeps nobody waiting, and a file that breaks its reader breaks nothing else. The
child is `reader`.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.children import child, without_settings
from bot.operations.lists.file_parts import (
    LONGEST_LINE,
    PROBLEMS,
    Batch,
    Head,
    ListOptions,
)
from bot.operations.lists.problems import Fault, RowProblem, TwoWays
from bot.operations.tables.refusals import FileRefusal, FileRefused
from storage.engine.constant import Constant, mapped
from storage.people.lists.listed import ListedRows, PersonRow

_DAY, _LEADS = "last_purchase_on", "leads"


async def reading(path: Path, options: ListOptions) -> AsyncGenerator[Head | Batch, None]:
    """Yield what `read_list` yields, read by a process of its own; raises FileRefused."""
    async with child(
        "bot.operations.lists.reader",
        str(path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_LINE,
        env=without_settings(),
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise FileRefused(FileRefusal.DAMAGED)
        process.stdin.write(json.dumps(asdict(options)).encode())
        process.stdin.close()
        ended = False
        while not ended and (line := await process.stdout.readline()):
            if not line.endswith(b"\n"):
                raise FileRefused(FileRefusal.DAMAGED)
            told = json.loads(line)
            if "refused" in told:
                code, value, more = told["refused"]
                raise FileRefused(FileRefusal(code), value, more)
            ended = "end" in told
            if not ended:
                yield _told(told)
        if not ended:
            raise FileRefused(FileRefusal.DAMAGED)


def _told(told: dict[str, Any]) -> Head | Batch:
    if "headings" in told:
        told["encodings"] = [(name, words) for name, words in told["encodings"]]
        told["top"] = [(line, said) for line, said in told["top"]]
        told["unclear"] = [TwoWays(*ways) for ways in told["unclear"]]
        return Head(**told)
    found = {
        name: [RowProblem(line, Fault(code), value) for line, code, value in told[name]]
        for name in PROBLEMS
    }
    rows = ListedRows(_columns(told["size"], told["said"]))
    return Batch(rows, **found, assumed=told["assumed"], repeated=told["repeated"])


def _columns(size: int, said: dict[str, Any]) -> dict[str, Sequence[Any]]:
    """Return the columns that `reader` wrote."""
    columns: dict[str, Sequence[Any]] = {}
    for name in PersonRow._fields:
        match said[name]:
            case {"from": first}:
                columns[name] = list(range(first, first + size))
            case {"kinds": kinds, "rows": rows}:
                columns[name] = list(map(kinds.__getitem__, rows))
            case list(column):
                columns[name] = column
            case alike:
                columns[name] = Constant(alike, size)
    if any(len(column) != size for column in columns.values()):
        raise FileRefused(FileRefusal.DAMAGED)
    columns[_DAY] = mapped(lambda one: one and date.fromisoformat(one), columns[_DAY])
    columns[_LEADS] = mapped(lambda one: None if one is None else tuple(one), columns[_LEADS])
    return columns


def row_to_json(row: PersonRow) -> dict[str, Any]:
    """Return what a row says, without what it does not."""
    values = {name: value for name, value in row._asdict().items() if value}
    if row.last_purchase_on is not None:
        values["last_purchase_on"] = row.last_purchase_on.isoformat()
    return values
