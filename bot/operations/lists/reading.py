"""Reading a list in a process of its own, with bounds on memory and time.

So a long list keeps nobody waiting, and a file that breaks its reader breaks nothing else. The
child (`python -m bot.operations.lists.reading FILE`, options as JSON on its input) writes
JSON lines: first what it found, then rows and problems in batches.
"""

import asyncio
import gc
import json
import resource
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.children import child, without_settings
from bot.operations.lists.file_parts import Batch, Head, ListOptions
from bot.operations.lists.problems import Fault, RowProblem, TwoWays
from bot.operations.tables.refusals import LARGEST_FILE, FileRefusal, FileRefused
from storage.people.lists.listed import ListedRows, PersonRow, by_column
from surveys.messages import reason_of

_MOST_MEMORY = 2_000_000_000
_MOST_SECONDS = 300
_LONGEST_LINE = 64 * 1024 * 1024
_PROBLEMS = ("problems", "left_out", "warnings")


async def reading(path: Path, options: ListOptions) -> AsyncGenerator[Head | Batch, None]:
    """Yield what `read_list` yields, read by a process of its own; raises FileRefused."""
    async with child(
        "bot.operations.lists.reading",
        str(path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LONGEST_LINE,
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
        for name in _PROBLEMS
    }
    rows = ListedRows(_columns(told["size"], told["said"]))
    return Batch(rows, **found, assumed=told["assumed"], repeated=told["repeated"])


def _columns(size: int, said: dict[str, Any]) -> dict[str, Sequence[Any]]:
    """Return the columns that `_said` wrote."""
    columns: dict[str, Sequence[Any]] = {}
    for name in PersonRow._fields:
        column = said[name]
        if isinstance(column, dict):
            column = list(map(column["kinds"].__getitem__, column["rows"]))
        columns[name] = column if isinstance(column, list) else [column] * size
    columns[_DAY] = [one and date.fromisoformat(one) for one in columns[_DAY]]
    columns[_LEADS] = [None if one is None else tuple(one) for one in columns[_LEADS]]
    return columns


def _said(rows: Sequence[PersonRow]) -> dict[str, Any]:
    """Return columns as JSON: one in which all say the same as that alone, of attributes each once.

    So hardly anything is written and read again that is the same for a whole list.
    """
    said: dict[str, Any] = dict((rows if isinstance(rows, ListedRows) else by_column(rows)).columns)
    said[_DAY] = [one and one.isoformat() for one in said[_DAY]]
    attributes = said.pop(_ATTRIBUTES)
    ids = list(map(id, attributes))
    kinds = dict(zip(ids, attributes, strict=True))
    places = {key: at for at, key in enumerate(kinds)}
    rows_of = list(map(places.__getitem__, ids))
    short = {
        name: column[0] if len(column) and column.count(column[0]) == len(column) else column
        for name, column in said.items()
    }
    return {**short, _ATTRIBUTES: {"kinds": list(kinds.values()), "rows": rows_of}}


_DAY, _LEADS, _ATTRIBUTES = "last_purchase_on", "leads", "attributes"


def row_to_json(row: PersonRow) -> dict[str, Any]:
    """Return what a row says, without what it does not."""
    values = {name: value for name, value in row._asdict().items() if value}
    if row.last_purchase_on is not None:
        values["last_purchase_on"] = row.last_purchase_on.isoformat()
    return values


def _line(told: dict[str, Any]) -> bytes:
    """Write JSON, letters as they are; half of a pair, which no text is, stays an escape."""
    return json.dumps(told, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _write_batch(batch: Batch) -> None:
    """Write a batch, or both halves of one that would be too long a line."""
    line = _line(_batch(batch))
    half = len(batch.rows) // 2
    if len(line) <= _LONGEST_LINE or not half:
        _write(line)
        return
    _write_batch(replace(batch, rows=batch.rows[:half]))
    _write_batch(Batch(rows=batch.rows[half:]))


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileRefused(FileRefusal.TOO_LARGE, str(LARGEST_FILE // 1_000_000))
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(FileRefusal.UNREADABLE, str(reason_of(error))) from error


def _head(head: Head) -> dict[str, Any]:
    return {one.name: getattr(head, one.name) for one in fields(head)}


def _batch(batch: Batch) -> dict[str, Any]:
    found = {
        name: [(one.line, one.code, one.value[:100]) for one in getattr(batch, name)]
        for name in _PROBLEMS
    }
    return {
        "size": len(batch.rows),
        "said": _said(batch.rows),
        **found,
        "assumed": batch.assumed,
        "repeated": batch.repeated,
    }


def main() -> None:
    """Read the file named on the command line; see the module's docstring."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    # Rows make no cycles, and to look for some among them took a third of the time.
    gc.disable()
    from bot.operations.lists.people_file import read_list  # noqa: PLC0415 (whoever asks reads none)

    options = ListOptions(**json.load(sys.stdin))
    try:
        for found in read_list(_content(Path(sys.argv[1])), options):
            if isinstance(found, Head):
                _write(_line(_head(found)))
            else:
                _write_batch(found)
    except FileRefused as refusal:
        _write(_line({"refused": [refusal.code, refusal.value, refusal.more]}))
        return
    except MemoryError:
        _write(_line({"refused": [FileRefusal.BOMB, "", ""]}))
        return
    _write(_line({"end": True}))


if __name__ == "__main__":
    main()
