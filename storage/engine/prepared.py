"""Statements that are made once: the driver is handed their text and their values, and no more.

Between a statement that finds a row by its key and SQLite, SQLAlchemy takes three times as long as
SQLite: each time it looks the statement up by its structure and makes a context, a cursor and a
result that anybody might alter. Of a statement that is made once it is asked once: for its text,
for how values are written and read, and for its columns. What comes back is a result of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Dialect, Executable, IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler
from sqlalchemy.types import TypeEngine, UserDefinedType

Process = Callable[[Any], Any]

_MOST = 512
_NUMERIC = 1700
"""PostgreSQL's number of its NUMERIC. A float's reader wants to know what the server sends, which
nobody has asked it yet: the one for NUMERIC makes a float of all that it may send."""


class RowsGiven(UserDefinedType[Sequence[Sequence[Any]]]):
    """The type of a parameter that holds rows; it stands as the one row of VALUES.

    SQLite gets as many rows as there are, with a parameter for each cell.
    """

    cache_ok = True


class PreparedValue(NamedTuple):
    """A value, in the driver's order: a parameter's by its name, or else always the same."""

    name: str | None
    process: Process | None
    value: Any


class PreparedResult(IteratorResult[Any]):
    """What a prepared statement found: its `cells`; `rowcount` is how many rows it changed."""

    rowcount = -1
    cells: Sequence[Sequence[Any]] = ()


class Prepared(NamedTuple):
    """What the driver is handed; `read` are the places of the cells that are read in a way.

    `rows`: the place of the parameter that holds rows, if there is one.
    """

    sql: str
    given: Sequence[PreparedValue]
    columns: SimpleResultMetaData
    read: Sequence[tuple[int, Process]]
    rows: int | None

    def row(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Return the values that the driver is handed for these parameters."""
        return [
            value
            if name is None
            else (parameters[name] if write is None else write(parameters[name]))
            for name, write, value in self.given
        ]

    def with_rows(self, parameters: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """Return the text for as many rows as these parameters hold, and all values."""
        values = self.row(parameters)
        if self.rows is None:
            return self.sql, values
        rows = values[self.rows]
        values[self.rows : self.rows + 1] = chain.from_iterable(rows)
        return _of_rows(self.sql, len(rows[0]), len(rows)), values

    def result(self, rows: list[Any], changed: int) -> PreparedResult:
        """Return what the driver found, and how many rows were changed, as SQLAlchemy would."""
        if rows and self.read:
            rows = [self._read(list(row)) for row in rows]
        found = PreparedResult(self.columns, iter(rows))
        found.cells, found.rowcount = rows, changed
        return found

    def _read(self, cells: list[Any]) -> tuple[Any, ...]:
        for place, process in self.read:
            cells[place] = process(cells[place])
        return tuple(cells)


_ONE_ROW = "(VALUES (?))"


@lru_cache(maxsize=_MOST)
def _of_rows(sql: str, width: int, count: int) -> str:
    values = ", ".join([f"({', '.join('?' * width)})"] * count)
    return sql.replace(_ONE_ROW, f"(VALUES {values})")


@lru_cache(maxsize=_MOST)
def prepared(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Prepared | None:
    """Return what the driver is handed for a statement that is given parameters of these names.

    None: SQLAlchemy makes its text, or a value, anew each time. Raises what SQLAlchemy raises.
    """
    made: Any = statement
    compiled: SQLCompiler = made.compile(dialect=dialect, column_keys=list(names))
    if compiled.insert_prefetch or compiled.update_prefetch or _is_rendered_anew(compiled, names):
        return None
    if forgotten := [one.key for one in compiled.binds.values() if _lacks(one, names)]:
        problem = f"nothing was given for the parameter {forgotten[0]!r}"
        raise InvalidRequestError(problem)
    # A list that stands in the statement itself is always the same, so it is rendered here.
    whole = compiled.construct_expanded_state(dict.fromkeys(names), escape_names=False)
    columns = compiled._result_columns  # noqa: SLF001 (what is exported has other names, in part)
    places = whole.positiontup or ()
    types = [one if one is None else one.type for one in map(compiled.binds.get, places)]
    rows = [place for place, kind in enumerate(types) if isinstance(kind, RowsGiven)]
    readers = [_kind(one.type, dialect).result_processor(dialect, _NUMERIC) for one in columns]
    return Prepared(
        whole.statement,
        tuple(_given(name, compiled, whole, names) for name in places),
        SimpleResultMetaData([column.keyname for column in columns]),
        tuple((place, read) for place, read in enumerate(readers) if read is not None),
        rows[0] if rows else None,
    )


def _is_rendered_anew(compiled: SQLCompiler, names: Sequence[str]) -> bool:
    """Tell whether the text depends on a parameter, or a value on the moment."""
    late = compiled.post_compile_params | compiled.literal_execute_params
    anew = any(one.key in names for one in late)
    return anew or any(one.callable for one in compiled.binds.values())


def _lacks(parameter: BindParameter[Any], names: Sequence[str]) -> bool:
    return parameter.required and parameter.key not in names


def _given(
    name: str, compiled: SQLCompiler, whole: ExpandedState, names: Sequence[str]
) -> PreparedValue:
    parameter = compiled.binds.get(name)
    if parameter is None:
        write = whole.processors.get(name)
    else:
        write = _kind(parameter.type, compiled.dialect).bind_processor(compiled.dialect)
    if name in names:
        return PreparedValue(name, write, None)
    value = whole.parameters[name]
    return PreparedValue(None, None, value if write is None else write(value))


def _kind(of: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return of.dialect_impl(dialect)
