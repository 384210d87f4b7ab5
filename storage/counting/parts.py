"""The words by which a part of the company is named: those that somebody has, or had when asked."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from storage.counting.attributes import value_of
from storage.engine.reading import Reader
from storage.tables.people import people
from storage.tables.surveys import invitations

_TABLES: Final = (people, invitations)


async def was_manager(reader: Reader, number: int) -> bool:
    """Tell whether customers of this person were asked, whatever the person is now."""
    return await _any(reader, [table.c.manager_id == number for table in _TABLES])


async def has(reader: Reader, name: str, value: str) -> bool:
    """Tell whether somebody has or had this segment or team; `name` is the column's."""
    return await _any(reader, [table.c[name] == value for table in _TABLES])


async def of(reader: Reader, name: str, most: int) -> Sequence[str]:
    """Return so many of the segments or teams at most: those of now, else of the past."""
    return await _some(reader, [table.c[name] for table in _TABLES], most)


async def has_value(reader: Reader, name: str, value: str) -> bool:
    """Tell whether somebody has or had an attribute of this value."""
    return await _any(reader, [one == value for one in _values(reader, name)])


async def values_of(reader: Reader, name: str, most: int) -> Sequence[str]:
    """Return so many values of an attribute at most: those of now, else of the past."""
    return await _some(reader, _values(reader, name), most)


def _values(reader: Reader, name: str) -> list[ColumnElement[Any]]:
    return [value_of(reader.dialect, name, table.c.attributes) for table in _TABLES]


async def _any(reader: Reader, fitting: Sequence[ColumnElement[bool]]) -> bool:
    for table, which in zip(_TABLES, fitting, strict=True):
        if await reader.scalars(select(table.c.id).where(which).limit(1)):
            return True
    return False


async def _some(reader: Reader, columns: Sequence[ColumnElement[Any]], most: int) -> Sequence[str]:
    for table, column in zip(_TABLES, columns, strict=True):
        wanted = select(column).select_from(table).where(column.is_not(None))
        found = await reader.scalars(wanted.distinct().order_by(column).limit(most))
        if found:
            return [str(one) for one in found]
    return ()
