"""Reminders and closings: which are due, and when the next one will be."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from storage.answering.invitations import Invitation, invitation_rows
from storage.engine.columns import Moment
from storage.engine.earliest import Due, earliest
from storage.engine.reading import Reader
from storage.people.addresses import IS_WRITTEN_TO
from storage.tables.people import people
from storage.tables.surveys import campaigns, waves
from storage.tables.surveys import invitations as table


def _to_be_reminded() -> ColumnElement[bool]:
    """Return who is still to be reminded: delivered, unfinished, willing, in a running campaign."""
    willing = and_(
        people.c.opted_out_at.is_(None),
        people.c.unreachable_at.is_(None),
        people.c.declined_at.is_(None),
    )
    running = (
        select(waves.c.id)
        .join(campaigns, campaigns.c.id == waves.c.campaign_id)
        .where(campaigns.c.state == "running")
    )
    return and_(
        table.c.remind_at.is_not(None),
        table.c.reminded_at.is_(None),
        table.c.closed_at.is_(None),
        table.c.state.in_(("sent", "opened", "started", "unknown")),
        IS_WRITTEN_TO,
        people.c.left_at.is_(None),
        willing,
        table.c.wave_id.in_(running),
    )


async def reminders(
    reader: Reader, now: datetime, limit: int | None = None
) -> Sequence[Invitation]:
    """Return the unfinished surveys whose one reminder is due, the oldest first."""
    person = people.c.id == table.c.person_id
    due = invitation_rows().join(people, person).where(_to_be_reminded(), _REMINDER_IS_DUE)
    oldest = due.order_by(table.c.remind_at, table.c.id).limit(limit)
    rows = await reader.all(oldest, {"now": now})
    return [Invitation(**row) for row in rows]


_NOW = bindparam("now", type_=Moment)
_REMINDER_IS_DUE = (table.c.remind_at <= _NOW) & (table.c.closes_at > _NOW)
REMINDERS_DUE = (
    select(func.count())
    .select_from(table.join(people, people.c.id == table.c.person_id))
    .where(_to_be_reminded(), _REMINDER_IS_DUE)
)
CLOSINGS_DUE = select(func.count()).where(table.c.closed_at.is_(None), table.c.closes_at <= _NOW)
_FIRST_REMINDER = (
    select(table.c.remind_at)
    .join(people, people.c.id == table.c.person_id)
    .where(_to_be_reminded())
    .order_by(table.c.remind_at)
    .limit(1)
)
_FIRST_CLOSING = select(func.min(table.c.closes_at)).where(table.c.closed_at.is_(None))
DUES = (Due(_FIRST_REMINDER), Due(_FIRST_CLOSING))


async def next_due(reader: Reader) -> datetime | None:
    """Return when the next reminder or closing is due."""
    return await earliest(reader, DUES)
