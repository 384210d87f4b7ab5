"""A long list of values as rows that a statement can join: one parameter, whatever its length."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Select,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    type_coerce,
)

from storage.engine.columns import written
from storage.engine.reading import Reader

T = TypeVar("T")
AT_ONCE = 20_000
"""How many values one statement takes at most: they are one parameter, which is held in memory."""


def listed(reader: Reader, values: Sequence[str | int]) -> TableValuedAlias:
    """Return a table of one column, `value`: numbers on SQLite, text everywhere else."""
    return listed_in(literal(json.dumps(values), Text), reader.dialect)


def listed_in(text: BindParameter[str], dialect: str) -> TableValuedAlias:
    """Return the same of a parameter that holds the JSON list."""
    if dialect == "sqlite":
        return func.json_each(text).table_valued("value")
    return func.json_array_elements_text(cast(text, JSON)).table_valued("value")


def numbers(name: str, dialect: str) -> Select[Any]:
    """Return the query of the numbers in a parameter that `as_json` has made of a list."""
    rows = listed_in(bindparam(name, type_=Text), dialect)
    return select(cast(rows.c.value, BigInteger))


def rows_in(
    name: str, columns: Sequence[Column[Any]], dialect: str
) -> tuple[TableValuedAlias, list[ColumnElement[Any]]]:
    """Return what to join and its cells, typed like `columns`, for a parameter of lists as JSON.

    Its `key` counts the lists, to sort by. Good for few cells a row: SQLite reads a row's JSON
    again for each of them.
    """
    text = bindparam(name, type_=Text)
    cells: list[ColumnElement[Any]] = []
    if dialect == "sqlite":
        rows = func.json_each(text).table_valued("value", "key")
        for at, one in enumerate(columns):
            # Not cast: a day cast to a date would be the number of its year.
            cells.append(type_coerce(func.json_extract(rows.c.value, f"$[{at}]"), one.type))
        return rows, cells
    elements = func.json_array_elements(cast(text, JSON))
    rows = elements.table_valued("value", with_ordinality="key").render_derived()
    cells.extend(cast(rows.c.value.op("->>")(at), one.type) for at, one in enumerate(columns))
    return rows, cells


def as_json(rows: Iterable[object]) -> str:
    """Return numbers, or rows of numbers, texts, days and moments, as such a parameter."""
    return json.dumps(list(rows), ensure_ascii=False, default=written)


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the values in pieces of a size."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
