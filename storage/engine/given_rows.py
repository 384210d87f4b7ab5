"""Some hundred rows as a table that a statement joins: cell by cell on SQLite, else as JSON.

Of a list as JSON SQLite reads each row again for each of its cells, which takes it ten times as
long as a parameter a cell. A statement is made for a number of rows, a power of two, so that few
are made; the rows that are lacking are about nobody.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, repeat
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Join, Select, text, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from storage.engine.columns import written
from storage.engine.listed import as_json, rows_in

Rows = Sequence[Sequence[Any]]


def room_for(rows: Rows, dialect: str) -> int:
    """Return for how many rows the statement is made that takes these; 0 where any number can."""
    return 1 << (len(rows) - 1).bit_length() if dialect == "sqlite" else 0


def rows_given(
    name: str, columns: Sequence[Column[Any]], room: int
) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """Return a table and its cells, typed like `columns`, for the parameters of `as_given`.

    The first cell is the number of whom a row is about; 0 is nobody's.
    """
    if room:
        return _of_cells(name, columns, room)
    return rows_in(name, columns, "postgresql")


def _of_cells(
    name: str, columns: Sequence[Column[Any]], room: int
) -> tuple[FromClause, list[ColumnElement[Any]]]:
    names, width = _names(name, len(columns), room), len(columns)
    starts = range(0, len(names), width)
    values = ", ".join(f"(:{', :'.join(names[start : start + width])})" for start in starts)
    types = {f"cell{at}": column.type for at, column in enumerate(columns)}
    read = ", ".join(f"column{at} AS {label}" for at, label in enumerate(types, start=1))
    query = text(f"SELECT {read} FROM (VALUES {values})")  # noqa: S608 (names of our own)
    rows = query.columns(**types).subquery(name)
    return rows, list(rows.c)


def in_their_order(query: Select[Any], rows: FromClause, table: FromClause) -> Select[Any]:
    """Return a query of such rows and what each finds in a table, in the order of the rows.

    SQLite begins a CROSS JOIN with what stands first, whatever it would think better, and so needs
    not sort.
    """
    if "key" in rows.c:
        return query.select_from(rows, table).order_by(rows.c.key)
    return query.select_from(_CrossJoin(rows, table, true()))


class _CrossJoin(Join):
    inherit_cache = True


@compiles(_CrossJoin)
def _cross_join(join: _CrossJoin, compiler: SQLCompiler, **how: Any) -> str:
    return " CROSS JOIN ".join(compiler.process(one, **how) for one in (join.left, join.right))


def as_given(name: str, rows: Rows, room: int) -> dict[str, Any]:
    """Return the parameters by which a statement gets numbers, texts, days and moments."""
    if not room:
        return {name: as_json(rows)}
    cells: Iterable[object] = map(_plain, chain.from_iterable(rows))
    # Not NULL, for which Python's driver looks for an adapter each time.
    return dict(zip(_names(name, len(rows[0]), room), chain(cells, repeat(0)), strict=False))


def _plain(value: Any) -> object:  # noqa: ANN401 (whatever `as_given` takes)
    return value if value is None or isinstance(value, int | str) else written(value)


@cache
def _names(name: str, width: int, room: int) -> Sequence[str]:
    return [f"{name}_{row}_{at}" for row in range(room) for at in range(width)]
