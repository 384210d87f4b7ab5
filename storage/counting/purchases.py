"""Customers by their repeat purchases, from the deals that the company's CRM told of."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from storage.asking.events import DEAL_CLOSED
from storage.engine.reading import Reader
from storage.tables.events import events
from surveys.periods import Period

ACTIVE: Final = timedelta(days=365)
"""Own rule: somebody who bought nothing for this long is a customer no more."""


async def repeat_purchases(reader: Reader, period: Period) -> Mapping[float, int]:
    """Return {repeat purchases: customers} as of a period's end, of those still active then.

    The first deal is no repeat.
    """
    known = (
        select(func.count().label("deals"), func.max(events.c.received_at).label("latest"))
        .where(events.c.name == DEAL_CLOSED, events.c.received_at < period.end)
        .group_by(events.c.person_id)
        .subquery()
    )
    counted = (
        select(known.c.deals, func.count().label("customers"))
        .where(known.c.latest >= period.end - ACTIVE)
        .group_by(known.c.deals)
        .order_by(known.c.deals)
    )
    return {row["deals"] - 1.0: row["customers"] for row in await reader.all(counted)}
