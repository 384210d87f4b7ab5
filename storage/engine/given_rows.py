"""Some hundred rows as a table that a statement joins: cell by cell on SQLite, else as JSON.

Of a list as JSON SQLite reads each row again for each of its cells, which takes it ten times as
long as a parameter a cell.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Join,
    Select,
    bindparam,
    text,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from storage.engine.columns import written
from storage.engine.listed import as_json, rows_in
from storage.engine.prepared import RowsGiven


def rows_given(
    name: str, columns: Sequence[Column[Any]], dialect: str
) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """Return a table and its cells, typed like `columns`, for what `as_given` makes of rows."""
    if dialect != "sqlite":
        return rows_in(name, columns, dialect)
    types = {f"cell{at}": column.type for at, column in enumerate(columns)}
    read = ", ".join(f"column{at} AS {label}" for at, label in enumerate(types, start=1))
    query = text(f"SELECT {read} FROM (VALUES (:{name}))")  # noqa: S608 (names of our own)
    rows = query.bindparams(bindparam(name, type_=RowsGiven())).columns(**types).subquery(name)
    return rows, list(rows.c)


def as_given(rows: Iterable[Sequence[Any]], dialect: str) -> object:
    """Return one or more rows of numbers, texts, days and moments as the parameter of a table."""
    if dialect != "sqlite":
        return as_json(rows)
    return [tuple(map(_plain, row)) for row in rows]


def _plain(value: Any) -> object:  # noqa: ANN401 (whatever `as_given` takes)
    return value if value is None or isinstance(value, int | str) else written(value)


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
