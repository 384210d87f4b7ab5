"""Cases of a period: named surveys and letters only, so nobody anonymous is among them."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from storage.engine.reading import Reader
from storage.tables.cases import cases as table
from surveys.counts.casework import CaseCounts
from surveys.periods import Period

_HOUR: Final = timedelta(hours=1)


async def counted(reader: Reader, period: Period, now: datetime) -> CaseCounts:
    """Count the cases opened in a period, and those that were open at its end, or are now.

    What was done to a case after the period's end is not told of it.
    """
    until = min(period.end, now)
    columns = table.c
    opened = and_(columns.opened_at >= period.start, columns.opened_at < period.end)
    unresolved = and_(
        columns.opened_at < until,
        or_(columns.resolved_at.is_(None), columns.resolved_at >= until),
    )
    asked = and_(columns.asked_at >= period.start, columns.asked_at < period.end)
    row = await reader.first(
        select(
            _count(opened, "opened"),
            _count(and_(opened, columns.resolved_at < until), "resolved"),
            _count(unresolved, "open"),
            _count(and_(unresolved, columns.due_at <= until), "overdue"),
            _count(asked, "asked"),
            _count(and_(asked, columns.recovered == "yes"), "recovered"),
            _count(and_(asked, columns.recovered == "no"), "not_recovered"),
        )
    )
    answered = select(columns.opened_at, columns.first_response_at).where(
        opened, columns.first_response_at < until
    )
    waits = [
        (one["first_response_at"] - one["opened_at"]) / _HOUR for one in await reader.all(answered)
    ]
    return CaseCounts(until=until, waits=tuple(sorted(waits)), **dict(row or {}))


def _count(which: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.count().filter(which).label(name)
