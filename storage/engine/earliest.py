"""When something is due first, of many kinds, asked of the database in one visit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, select

from storage.engine.connection import Parameters
from storage.engine.reading import Reader
from storage.engine.statements import made_once


class Due(NamedTuple):
    """A query of one moment or none: something is due so much `after` it.

    It stands in its module and is made once: the queries asked together are told by it.
    """

    moment: Select[Any]
    after: timedelta = timedelta()


async def earliest(
    reader: Reader, dues: Sequence[Due], parameters: Parameters = None
) -> datetime | None:
    """Return when the first of them is due; None: nothing ever is."""
    (moments,) = await reader.tuples(_together(tuple(due.moment for due in dues)), parameters)
    found = zip(moments, dues, strict=True)
    return min((at + due.after for at, due in found if at is not None), default=None)


@cache
def _together(moments: tuple[Select[Any], ...]) -> Executable:
    return made_once(select(*(moment.scalar_subquery() for moment in moments)))
