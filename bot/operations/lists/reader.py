"""The process that reads a list: `python -m bot.operations.lists.reader FILE`.

Its input are options as JSON. It writes JSON lines: first what it found, then rows and problems in
batches; `reading` starts it and takes these. It loads as little as it can: each list waits for it.
"""

import gc
import json
import os
import resource
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from bot.operations.lists.file_parts import (
    LONGEST_LINE,
    PROBLEMS,
    Batch,
    Head,
    ListOptions,
)
from bot.operations.tables.csv_tables import NumberedRow
from bot.operations.tables.refusals import LARGEST_FILE, FileRefusal, FileRefused
from storage.people.lists.listed import ListedRows, PersonRow, by_column
from surveys.messages import reason_of

_MOST_MEMORY = 2_000_000_000
_MOST_SECONDS = 300
_DAY, _ATTRIBUTES = "last_purchase_on", "attributes"


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
    if len(line) <= LONGEST_LINE or not half:
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
        for name in PROBLEMS
    }
    return {
        "size": len(batch.rows),
        "said": _said(batch.rows),
        **found,
        "assumed": batch.assumed,
        "repeated": batch.repeated,
    }


def _said(rows: Sequence[PersonRow]) -> dict[str, Any]:
    """Return columns as JSON: one in which all say the same as that alone, of attributes each once.

    So hardly anything is written and read again that is the same for a whole list. Of lines that
    follow each other the first is told.
    """
    said: dict[str, Any] = dict((rows if isinstance(rows, ListedRows) else by_column(rows)).columns)
    said[_DAY] = [one and one.isoformat() for one in said[_DAY]]
    attributes = said.pop(_ATTRIBUTES)
    ids = list(map(id, attributes))
    kinds = dict(zip(ids, attributes, strict=True))
    places = {key: at for at, key in enumerate(kinds)}
    rows_of = list(map(places.__getitem__, ids))
    short = {name: _short(column) for name, column in said.items()}
    return {**short, _ATTRIBUTES: {"kinds": list(kinds.values()), "rows": rows_of}}


def _short(column: Sequence[Any]) -> Any:  # noqa: ANN401 (any JSON)
    first, count = (column[0], len(column)) if column else (None, 0)
    if count and not isinstance(first, tuple) and column.count(first) == count:
        return first
    if type(first) is int and column == list(range(first, first + count)):
        return {"from": first}
    return column


def main() -> None:
    """Read the file named on the command line; see the module's docstring."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    # Rows form no reference cycles, and looking for them took a third of the time.
    gc.disable()
    from bot.operations.lists.people_file import read_list  # noqa: PLC0415 (nor any among modules)

    options = ListOptions(**json.load(sys.stdin))
    kept: list[NumberedRow] = []
    try:
        for found in read_list(_content(Path(sys.argv[1])), options, kept):
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
    os._exit(0)


if __name__ == "__main__":
    main()
