"""Messages of which nobody knows whether they arrived: an admin decides about each, or about all.

How a message comes to be one of them: `storage.sending.outbox`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, false, func, literal, or_, select, update
from sqlalchemy.sql.selectable import Exists

from storage.engine.reading import Reader, Transaction
from storage.people.addresses import Address
from storage.sending.outbox import Recipients, state_again
from storage.tables.delivery import outbox as table
from storage.tables.people import people
from storage.tables.surveys import invitations

_UNKNOWN = table.c.state == "unknown"


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A message whose fate is unknown, for an admin to decide."""

    id: int
    key: str
    address: Address
    person_id: int | None
    audience: Recipients
    invitation_id: int | None
    error: str | None
    settled_at: datetime

    @property
    def kind(self) -> str:
        """Return what it is: `invitation`, `reminder` and the like."""
        return self.key.partition(":")[0]


async def resend(
    tx: Transaction, due_in: Mapping[str, datetime], now: datetime, *, only: int | None = None
) -> None:
    """Send every unknown message (or `only` one) once more, except where that would be in vain.

    So it is where the survey is over or its reminder arrived, which says as much as the invitation.
    Of an invitation and its reminder, both unknown, the invitation goes: they would come together.

    `due_in`: zone (see `zones`) → the first moment at which people there may be written to.
    """
    which = _UNKNOWN if only is None else _UNKNOWN & (table.c.id == only)
    waiting = invitations.c.state.in_(("unknown", "sent", "opened", "unreachable"))
    over = select(invitations.c.id).where(~waiting | invitations.c.closed_at.is_not(None))
    gone = or_(people.c.opted_out_at.is_not(None), people.c.left_at.is_not(None))
    stopped = select(people.c.id).where(gone)
    in_vain = or_(
        table.c.invitation_id.in_(over),
        table.c.person_id.in_(stopped),
        _IS_INVITATION & _beside("reminder", "sent"),
        _IS_REMINDER & _beside("invitation", "unknown") if only is None else false(),
    )
    await _left(tx, which & in_vain, now)
    for zone, moment in due_in.items():
        first = literal(moment, table.c.due_at.type)
        later = case((table.c.due_at > moment, table.c.due_at), else_=first)
        there = which & (_zone() == zone)
        await tx.run(update(table).where(there).values(state=state_again(), due_at=later))


_IS_INVITATION, _IS_REMINDER = (
    table.c.key.like(f"{kind}:%") for kind in ("invitation", "reminder")
)


def _beside(kind: str, state: str) -> Exists:
    """Tell whether there is a message of this kind and state about the same invitation."""
    other = table.alias()
    same = other.c.invitation_id == table.c.invitation_id
    return (
        select(other.c.id)
        .where(same, other.c.key.like(f"{kind}:%"), other.c.state == state)
        .exists()
    )


async def zones(reader: Reader) -> Sequence[str]:
    """Return the zones of those who may not have got a message; "" for none of their own."""
    found = select(_zone()).where(_UNKNOWN).distinct()
    return list(await reader.scalars(found))


def _zone() -> ColumnElement[str]:
    theirs = select(people.c.zone).where(people.c.id == table.c.person_id).scalar_subquery()
    return func.coalesce(theirs, "")


async def leave(tx: Transaction, outbox_id: int, now: datetime) -> None:
    """Leave an unknown message as it is, by an admin's decision: it is listed no more."""
    await _left(tx, _UNKNOWN & (table.c.id == outbox_id), now)


async def leave_all(tx: Transaction, now: datetime) -> None:
    """Leave every unknown message as it is."""
    await _left(tx, _UNKNOWN, now)


async def _left(tx: Transaction, which: ColumnElement[bool], now: datetime) -> None:
    await tx.run(update(table).where(which).values(state="left", settled_at=now))


async def count(reader: Reader) -> int:
    """Count the messages whose fate is unknown; after a restore they may be many."""
    found: int = await reader.scalar(select(func.count()).where(_UNKNOWN))
    return found


async def listed(reader: Reader, limit: int | None = None) -> Sequence[Uncertain]:
    """Return the messages whose fate is unknown, the oldest first."""
    names = [name for name in Uncertain.__dataclass_fields__ if name != "address"]
    columns = [table.c[name] for name in names]
    found = select(*columns, table.c.channel, table.c.address).where(_UNKNOWN)
    rows = await reader.all(found.order_by(table.c.id).limit(limit))
    return [
        Uncertain(
            address=Address(row["channel"], row["address"]), **{name: row[name] for name in names}
        )
        for row in rows
    ]
