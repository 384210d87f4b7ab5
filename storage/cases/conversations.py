"""What customers and staff write to each other in cases."""

from datetime import datetime

from sqlalchemy import func, select

from storage.cases.cases import Case, get
from storage.engine.reading import Reader
from storage.tables.cases import case_events
from storage.tables.cases import cases as table


async def open_of(reader: Reader, person_id: int) -> Case | None:
    """Return the unresolved case into which a customer's words go, the newest; None: none."""
    mine = (table.c.person_id == person_id) & (table.c.state != "resolved")
    found = select(table.c.id).where(mine).order_by(table.c.id.desc()).limit(1)
    number: int | None = await reader.scalar(found)
    return None if number is None else await get(reader, number)


async def last_said(reader: Reader, case_id: int) -> datetime | None:
    """Return when the customer last wrote in a case."""
    return await _last(reader, case_id, "said")


async def last_replied(reader: Reader, case_id: int) -> datetime | None:
    """Return when staff last wrote to the customer in a case."""
    return await _last(reader, case_id, "replied")


async def _last(reader: Reader, case_id: int, kind: str) -> datetime | None:
    which = (case_events.c.case_id == case_id) & (case_events.c.kind == kind)
    latest = select(func.max(case_events.c.happened_at)).where(which)
    found: datetime | None = await reader.scalar(latest)
    return found


async def last_line(reader: Reader, case_id: int) -> int:
    """Return the number of the newest line of a case's history."""
    latest = select(func.max(case_events.c.id)).where(case_events.c.case_id == case_id)
    found: int | None = await reader.scalar(latest)
    return found or 0


async def file(reader: Reader, event_id: int) -> tuple[int, str, str] | None:
    """Return the case, the kind and the channel's name of a file sent in it."""
    columns = (case_events.c.case_id, case_events.c.file_kind, case_events.c.file_id)
    row = await reader.first(
        select(*columns).where(case_events.c.id == event_id, case_events.c.file_id.is_not(None))
    )
    return None if row is None else (row["case_id"], row["file_kind"], row["file_id"])
