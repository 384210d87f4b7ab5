"""A long list of values as rows that a statement can join: one parameter, whatever its length."""

import json
from collections.abc import Sequence

from sqlalchemy import JSON, BindParameter, TableValuedAlias, Text, cast, func, literal

from storage.engine.reading import Reader

AT_ONCE = 20_000
"""The most values for one statement: more would fill the memory with its parameter."""


def listed(reader: Reader, values: Sequence[str | int]) -> TableValuedAlias:
    """Return a table of one column, `value`: numbers on SQLite, text everywhere else."""
    return listed_in(literal(json.dumps(values), Text), reader.dialect)


def listed_in(text: BindParameter[str], dialect: str) -> TableValuedAlias:
    """Return the same of a parameter that holds the JSON list."""
    if dialect == "sqlite":
        return func.json_each(text).table_valued("value")
    return func.json_array_elements_text(cast(text, JSON)).table_valued("value")
