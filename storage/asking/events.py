"""What happened with customers, and the invitations that are to follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update

from storage.engine.reading import Reader, Transaction
from storage.errors import DealOfAnother
from storage.people.people import Person
from storage.tables.events import events as table
from storage.tables.events import firings
from surveys.periods import Zone, zone_info

DEAL_CLOSED = "deal-closed"
"""The event that is a purchase."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened with a customer; `manager_id` None: the customer's own manager.

    `amount` is in the company's currency, None where none was told.
    """

    id: int
    name: str
    deal: str
    person_id: int
    manager_id: int | None
    received_at: datetime
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """An event that a campaign is to follow with an invitation."""

    event: Event
    campaign_id: int
    due_at: datetime


async def add(
    tx: Transaction,
    name: str,
    deal: str,
    person_id: int,
    manager_id: int | None,
    now: datetime,
    amount: Decimal | None = None,
) -> Event | None:
    """Keep an event; None: this deal is known already, and nothing was changed.

    Raises DealOfAnother where it is known as another customer's.
    """
    told: dict[str, Any] = {
        "name": name,
        "deal": deal,
        "person_id": person_id,
        "manager_id": manager_id,
    }
    statement = tx.insert(table).values(**told, received_at=now, amount=amount)
    once = statement.on_conflict_do_nothing(index_elements=["name", "deal"])
    event_id: int | None = await tx.scalar(once.returning(table.c.id))
    if event_id is not None:
        return Event(event_id, **told, received_at=now, amount=amount)
    before = (table.c.name == name) & (table.c.deal == deal)
    if await tx.scalar(select(table.c.person_id).where(before)) != person_id:
        raise DealOfAnother(deal)
    return None


async def day_of(reader: Reader, name: str, person: Person, at: datetime, zone: Zone) -> str:
    """Return the key of an event whose deal the CRM does not name: the customer's day."""
    today = at.astimezone(zone_info(zone)).date()
    names = [_day(person, today), _day(person, today - timedelta(days=1))]
    mine = (table.c.name == name) & (table.c.person_id == person.id) & table.c.deal.in_(names)
    for row in await reader.all(select(table.c.deal, table.c.received_at).where(mine)):
        if row["received_at"].astimezone(zone_info(zone)).date() == today:
            return str(row["deal"])
    return names[0]


def is_day_of(deal: str, person: Person, at: datetime) -> bool:
    """Whether a deal is only the day that stands for one, in whatever zone."""
    return any(deal == _day(person, at.date() + timedelta(days=days)) for days in (-1, 0, 1))


def _day(person: Person, day: date) -> str:
    return f"{person.external_id or person.id}@{day}"


async def follow(tx: Transaction, event_id: int, campaign_id: int, due_at: datetime) -> None:
    """Let a campaign follow an event, once."""
    statement = tx.insert(firings).values(event_id=event_id, campaign_id=campaign_id, due_at=due_at)
    await tx.run(statement.on_conflict_do_nothing(index_elements=["event_id", "campaign_id"]))


async def begin_again(tx: Transaction, now: datetime) -> int:
    """Make events told under a clock that was ahead wait from now on; return how many."""
    ahead = firings.c.fired_at.is_(None) & (table.c.received_at > now)
    joined = firings.join(table, table.c.id == firings.c.event_id)
    columns = (firings.c.event_id, firings.c.due_at, table.c.received_at)
    rows = await tx.all(select(*columns).select_from(joined).where(ahead))
    for row in rows:
        due = max(now, row["due_at"] - (row["received_at"] - now))
        which = (firings.c.event_id == row["event_id"]) & (firings.c.due_at == row["due_at"])
        await tx.run(update(firings).where(which).values(due_at=due))
    told = table.c.id.in_([row["event_id"] for row in rows])
    await tx.run(update(table).where(told).values(received_at=now))
    return len(rows)


async def due(reader: Reader, now: datetime) -> Sequence[Firing]:
    """Return the events that are to be followed now, the oldest first."""
    waiting = firings.c.fired_at.is_(None) & (firings.c.due_at <= now)
    rows = await reader.all(
        select(table, firings.c.campaign_id, firings.c.due_at)
        .join(firings, firings.c.event_id == table.c.id)
        .where(waiting)
        .order_by(firings.c.due_at, table.c.id, firings.c.campaign_id)
    )
    return [
        Firing(
            Event(**{name: row[name] for name in Event.__dataclass_fields__}),
            row["campaign_id"],
            row["due_at"],
        )
        for row in rows
    ]


async def claim(tx: Transaction, firing: Firing, now: datetime) -> bool:
    """Take an event for a campaign; False: it was taken before."""
    mine = (firings.c.event_id == firing.event.id) & (firings.c.campaign_id == firing.campaign_id)
    waiting = mine & firings.c.fired_at.is_(None)
    return bool(await tx.run(update(firings).where(waiting).values(fired_at=now)))


FIRST_DUE = select(func.min(firings.c.due_at)).where(firings.c.fired_at.is_(None))
