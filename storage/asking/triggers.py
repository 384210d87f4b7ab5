"""What campaigns do by themselves: slots, events, waves to prepare, boards to edit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, case, select

from storage.asking import boards, campaigns, events, preparation
from storage.engine.columns import Moment
from storage.engine.earliest import Due, earliest
from storage.engine.reading import Reader

DUES = tuple(
    Due(first)
    for first in (campaigns.FIRST_DUE, events.FIRST_DUE, preparation.FIRST_DUE, boards.FIRST_DUE)
)


async def next_due(reader: Reader) -> datetime | None:
    """Return when the next slot, event, wave or board is due."""
    return await earliest(reader, DUES)


async def count_due(reader: Reader, now: datetime, *, staff: bool = True) -> int:
    """Return how many of the four kinds have something due; boards are for staff."""
    return sum([await reader.scalar(one, {"now": now}) for one in due(staff=staff)])


def due(*, staff: bool = True) -> Sequence[Select[int]]:
    """Return a query for each kind: 1 where something is due `now`, else 0."""
    kinds = [campaigns.FIRST_DUE, events.FIRST_DUE, preparation.FIRST_DUE]
    kinds += [boards.FIRST_DUE] if staff else []
    now = bindparam("now", type_=Moment)
    return [select(case((first.scalar_subquery() <= now, 1), else_=0)) for first in kinds]
