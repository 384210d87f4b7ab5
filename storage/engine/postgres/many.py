"""Many rows for one statement: an INSERT takes each column as an array.

Row by row the server plans, checks and answers for each, and SQLAlchemy looks at each value.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from storage.engine.prepared import Prepared

_INSERT = re.compile(
    r"(INSERT INTO \w+ \([\w, ]+\)) VALUES \(([^()]+)\)((?: ON CONFLICT [^$]+?)?)"
    r"(?: RETURNING [\w.]+)?"
)
_CELL = re.compile(r"\$(\d+)::([A-Z ]+)")


class Arrays(NamedTuple):
    """A statement for all rows, and its parameters: an array of each column."""

    sql: str
    columns: Sequence[Sequence[Any]]


def as_arrays(statement: Prepared, columns: Mapping[str, Sequence[Any]]) -> Arrays | None:
    """Return one statement for all rows; None where it is no such INSERT."""
    sql = _of_arrays(statement.sql)
    if sql is None:
        return None
    rows = len(next(iter(columns.values())))
    return Arrays(
        sql,
        [
            [value] * rows
            if name is None
            else list(columns[name] if write is None else map(write, columns[name]))
            for name, write, value in statement.given
        ],
    )


@lru_cache(maxsize=64)
def _of_arrays(sql: str) -> str | None:
    insert = _INSERT.fullmatch(sql)
    if insert is None:
        return None
    into, cells, on_conflict = insert.groups()
    kinds = dict(_CELL.findall(cells))
    cells = _CELL.sub(r"cell_\1", cells)
    if "$" in cells:  # of what kind its array is, nobody says
        return None
    numbers = sorted(kinds, key=int)
    arrays = ", ".join(f"${number}::{kinds[number].strip()}[]" for number in numbers)
    names = ", ".join(f"cell_{number}" for number in numbers)
    each = f"unnest({arrays}) AS each ({names})"
    return f"{into} SELECT {cells} FROM {each}{on_conflict}"  # noqa: S608 (it is our own)
