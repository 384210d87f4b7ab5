"""Files into a table by csv.reader or calamine: ``… lists people|history FILE DATABASE``."""

import csv
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

_WIDTH = {"people": 7, "history": 4}


def rows_of(path: Path) -> Iterator[list[Any]]:
    """Yield the rows below the headings."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            yield from rows
        return
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 (only an XLSX needs it)

    yield from CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]


def main(kind: str, path: Path, database: Path) -> None:
    """Write every row."""
    width = _WIDTH[kind]
    columns = ", ".join(f"c{at} TEXT" for at in range(width))
    marks = ", ".join("?" * width)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"CREATE TABLE IF NOT EXISTS {kind} (id INTEGER PRIMARY KEY, {columns})")
        insert = f"INSERT INTO {kind} VALUES (NULL, {marks})"
        connection.executemany(insert, rows_of(path))
        connection.commit()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
