"""Everything that is said unasked: a row for each message, claimed before it is sent.

queued → sending → sent; or failed (Telegram refused for good), expired (too late to be of use),
cancelled, held (its campaign is paused), unknown (nobody knows whether it arrived), left (an admin
decided to leave an unknown one: `storage.sending.uncertain`). An unknown message to a customer is
never sent again by itself; one to staff is, once, marked `repeat`; a change to an earlier message
is, since it does nothing the second time, and so is an event, which has a key.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
    update,
)

from storage.engine.columns import Moment, is_one_of
from storage.engine.reading import Reader, Transaction, insert_into
from storage.engine.statements import brief, made_once, quiet
from storage.people.addresses import Address
from storage.sending import pauses
from storage.sending.claimable import (
    Allowed,
    due,
    first_due,
    is_withdrawn,
    lapsed,
    listed,
    queued_priorities,
    released,
)
from storage.tables.delivery import IS_CHANGE, IS_EVENT
from storage.tables.delivery import outbox as table
from storage.tables.people import people
from storage.tables.surveys import campaigns, invitations, waves

Recipients = Literal["customer", "staff"]
MessageKind = Literal["show", "change", "file", "event"]
"""A new message, a change to an earlier one, a file (`bot.says.content` says what each holds), or
what another system is told."""

LEASE: Final = timedelta(minutes=10)
"""How long a claim holds; longer than any send takes. After it nobody knows what was sent."""
_LATE_AT_ONCE: Final = 500
"""How many are put aside in one transaction, for which everybody else waits."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to come. `key` makes it once; the smaller `priority` goes first.

    `kind` and `content` are what is said, see `bot.says.content`; after `expires_at` it is not
    sent, nor to somebody who has left, or who may no longer do `for_action` with the customer
    `about_id`. `repeat`: it changes a message that had perhaps arrived before.
    """

    key: str
    address: Address
    audience: Recipients
    priority: int
    due_at: datetime
    kind: MessageKind
    content: Mapping[str, Any]
    person_id: int | None = None
    file_path: str | None = None
    invitation_id: int | None = None
    expires_at: datetime | None = None
    for_action: str | None = None
    about_id: int | None = None
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send now; `attempts` counts this one, `repeat`: it may have arrived before."""

    id: int
    key: str
    address: Address
    person_id: int | None
    audience: Recipients
    priority: int
    kind: MessageKind
    content: Mapping[str, Any]
    file_path: str | None
    invitation_id: int | None
    attempts: int
    repeat: bool
    file_id: str | None
    """The channel's name of the file, where it was uploaded before."""

    @property
    def is_change(self) -> bool:
        """Whether sending it twice is the same as once."""
        return self.kind == "change"


async def put(tx: Transaction, message: NewMessage, now: datetime) -> bool:
    """Queue a message; False: there is one of this key already, and nothing was changed."""
    return bool(await tx.run(_put(tx.dialect), _row(message, now)))


async def put_all(tx: Transaction, messages: Collection[NewMessage], now: datetime) -> None:
    """Queue messages, except those whose key is there already."""
    if messages:
        await tx.run(_put(tx.dialect), [_row(message, now) for message in messages])


@cache
def _put(dialect: str) -> Executable:
    once = insert_into(table, dialect).on_conflict_do_nothing(index_elements=["key"])
    return made_once(once)


def _row(message: NewMessage, now: datetime) -> dict[str, Any]:
    content = json.dumps(dict(message.content), ensure_ascii=False)
    values = {name: getattr(message, name) for name in NewMessage.__dataclass_fields__}
    values |= values.pop("address")._asdict()
    return values | {"content": content, "state": "queued", "created_at": now}


_MOMENT = bindparam("moment", type_=Moment())


_TAKE = brief(
    update(table)
    .where(table.c.id == bindparam("number"))
    .values(state="sending", attempts=table.c.attempts + 1, claimed_at=_MOMENT)
)
_ARRIVED = brief(
    update(table)
    .where(table.c.id == bindparam("number"))
    .values(
        state="sent",
        message_id=bindparam("message"),
        file_id=bindparam("file"),
        error=None,
        settled_at=_MOMENT,
    )
)


async def _nobody(*_: object) -> bool:
    return False


async def claim(
    tx: Transaction,
    now: datetime,
    limit: int = 1,
    *,
    without: Collection[Address] = (),
    allowed: Allowed = _nobody,
) -> Sequence[Claimed]:
    """Take the most urgent due messages for sending, one for each address but those `without`.

    Where a message needs a right, `allowed` is asked whether its reader still has it.

    None while the queue is paused, none to customers after a restore (`restores`). Commit before
    sending. What is too late is put aside as expired, some hundreds at a time, and what its reader
    may no longer get as cancelled; either may be all that a claim finds. What another claim took
    and did not settle within its lease has an unknown fate.
    """
    lapsed_at = {"without": listed(without), "moment": now - LEASE}
    lost = await tx.scalars(lapsed(tx.dialect), lapsed_at)
    if lost:
        await _unknown(tx, table.c.id.in_(lost), "its sender was not heard of again", now)
    if await pauses.is_paused(tx, now):
        return []
    rows = await due(tx, now, limit, without)
    timely = [row for row in rows if row["expires_at"] is None or row["expires_at"] > now]
    if len(timely) < len(rows):
        found = await due(tx, now, _LATE_AT_ONCE, without)
        late = [row["id"] for row in found if row["expires_at"] and row["expires_at"] <= now]
        await _settle(tx, table.c.id.in_(late), now, state="expired")
    withdrawn = {row["id"] for row in timely if await is_withdrawn(tx, row, allowed)}
    if withdrawn:
        await _settle(tx, table.c.id.in_(withdrawn), now, state="cancelled")
        timely = [row for row in timely if row["id"] not in withdrawn]
    first: dict[tuple[str, str], RowMapping] = {}
    for row in timely:
        first.setdefault((row["channel"], row["address"]), row)
    taken = first.values()
    if taken:
        await tx.run(_TAKE, [{"number": row["id"], "moment": now} for row in taken])
    return [await _claimed(tx, dict(row)) for row in taken]


async def _claimed(tx: Transaction, row: dict[str, Any]) -> Claimed:
    if row["file_path"] is not None and row["file_id"] is None:
        uploaded = (table.c.file_path == row["file_path"]) & table.c.file_id.is_not(None)
        row["file_id"] = await tx.scalar(select(func.max(table.c.file_id)).where(uploaded))
    row["address"] = Address(row["channel"], row["address"])
    row["content"] = json.loads(row["content"])
    row["attempts"] += 1
    return Claimed(**{name: row[name] for name in Claimed.__dataclass_fields__})


async def sent(
    tx: Transaction,
    outbox_id: int,
    message_id: int | None,
    now: datetime,
    file_id: str | None = None,
) -> None:
    """Note that a message arrived, and how Telegram names the file that went with it."""
    await all_sent(tx, [(outbox_id, message_id, file_id)], now)


async def all_sent(
    tx: Transaction, arrived: Sequence[tuple[int, int | None, str | None]], now: datetime
) -> None:
    """Note that several messages arrived: row, message, file."""
    rows = [
        {"number": number, "message": message, "file": file, "moment": now}
        for number, message, file in arrived
    ]
    await tx.run(_ARRIVED, rows)


async def give_back(tx: Transaction, outbox_id: int) -> None:
    """Queue a claimed message again that was not tried, if it is still wanted."""
    again = {"state": state_again(), "attempts": table.c.attempts - 1}
    await tx.run(update(table).where(table.c.id == outbox_id).values(again))


async def failed(tx: Transaction, outbox_id: int, error: str, now: datetime) -> None:
    """Note that a message will never arrive."""
    await _settle(tx, table.c.id == outbox_id, now, state="failed", error=error)


async def retry(tx: Transaction, outbox_id: int, due_at: datetime, error: str) -> None:
    """Queue a message again that certainly did not arrive, where it is still wanted."""
    again = {"state": state_again(), "due_at": due_at, "settled_at": due_at, "error": error}
    await tx.run(update(table).where(table.c.id == outbox_id).values(again))


async def put_off_followers(tx: Transaction, key: str, due_at: datetime) -> None:
    """Let what follows a message (its key begins with that message's) wait as long as it."""
    following = (table.c.key > f"{key}:") & (table.c.key < f"{key};")
    waits = following & (table.c.state == "queued") & (table.c.due_at < due_at)
    await tx.run(update(table).where(waits).values(due_at=due_at))


async def unknown(tx: Transaction, outbox_id: int, error: str, now: datetime) -> None:
    """Note that nobody knows whether a message arrived; see the module about what follows."""
    await _unknown(tx, table.c.id == outbox_id, error, now)


async def recover(tx: Transaction, now: datetime) -> int:
    """At start: whatever was being sent has an unknown fate. Return how many there were."""
    return await _unknown(tx, table.c.state == "sending", "the program stopped", now)


async def _unknown(tx: Transaction, which: ColumnElement[bool], error: str, now: datetime) -> int:
    again = or_(IS_CHANGE, IS_EVENT)
    once_more = or_(again, and_(table.c.audience == "staff", table.c.repeat.is_(other=False)))
    lost = select(table.c.invitation_id).where(which, ~once_more)
    undelivered = (invitations.c.state == "queued") & invitations.c.id.in_(lost)
    await tx.run(update(invitations).where(undelivered).values(state="unknown"))
    return await tx.run(
        update(table)
        .where(which)
        .values(
            state=case((once_more, "queued"), else_="unknown"),
            repeat=case((again, table.c.repeat), else_=true()),
            error=error,
            settled_at=now,
        )
    )


def state_again() -> ColumnElement[str]:
    """Return the state of a message that is to wait once more: its campaign may be over by now."""
    about = invitations.c.id == table.c.invitation_id
    waved = invitations.join(waves, waves.c.id == invitations.c.wave_id)
    joined = waved.join(campaigns, campaigns.c.id == waves.c.campaign_id)
    campaign = select(campaigns.c.state).select_from(joined).where(about).scalar_subquery()
    closed = select(invitations.c.closed_at).where(about).scalar_subquery()
    person = people.c.id == table.c.person_id
    stopped = select(people.c.opted_out_at).where(person, table.c.invitation_id.is_not(None))
    unwanted = stopped.scalar_subquery().is_not(None)
    over = or_(closed.is_not(None), campaign == "cancelled", unwanted)
    return case((over, "cancelled"), (campaign == "paused", "held"), else_="queued")


async def next_due(reader: Reader, *, without: Collection[Address] = ()) -> datetime | None:
    """Return when something is due to others than `without`: not before a pause is over."""
    both = _due_and_pause(reader.dialect)
    due: datetime | None
    until: datetime | None
    ((due, until),) = await reader.tuples(both, {"without": listed(without)})
    return due if due is None or until is None else max(due, until)


@cache
def _due_and_pause(dialect: str) -> Executable:
    both = first_due(dialect).scalar_subquery(), pauses.UNTIL.scalar_subquery()
    return made_once(select(*both))


@cache
def unsettled(*, staff: bool) -> Select[int]:
    """Return the query that counts what is being sent or could be sent `now`.

    Without `staff` only to customers.
    """
    now = bindparam("now", type_=Moment)
    of_any = table.c.priority.in_(queued_priorities())
    past = and_(table.c.state == "queued", of_any, table.c.due_at <= now)
    due = and_(past, released(), ~pauses.holds(now))
    which = or_(table.c.state == "sending", due)
    return select(func.count()).where(which, true() if staff else table.c.audience == "customer")


async def migrate(tx: Transaction, old: Address, new: Address) -> None:
    """Follow a group to its new address with everything not yet sent."""
    unsent = table.c.state.in_(("queued", "held", "sending"))
    here = (table.c.channel == old.channel) & (table.c.address == old.address)
    await tx.run(update(table).where(here & unsent).values(new._asdict()))


_WAITING = ("queued", "held")
_CANCEL = quiet(
    brief(
        update(table)
        .where(is_one_of(table.c.state, _WAITING), table.c.invitation_id == bindparam("invitation"))
        .values(state="cancelled", settled_at=bindparam("now", type_=Moment))
    )
)


async def cancel_for_invitation(tx: Transaction, invitation_id: int, now: datetime) -> None:
    """Send nothing more about an invitation."""
    tx.later(_CANCEL, {"invitation": invitation_id, "now": now})


async def cancel(tx: Transaction, invited: Select[Any] | Collection[int], now: datetime) -> None:
    """Send nothing more about these invitations."""
    waits = table.c.state.in_(_WAITING) & table.c.invitation_id.in_(invited)
    await _settle(tx, waits, now, state="cancelled")


async def hold(tx: Transaction, invited: Select[Any]) -> None:
    """Keep back what is queued about these invitations."""
    which = (table.c.state == "queued") & table.c.invitation_id.in_(invited)
    await tx.run(update(table).where(which).values(state="held"))


async def release(tx: Transaction, invited: Select[Any]) -> None:
    """Queue again what was held back about these invitations."""
    which = (table.c.state == "held") & table.c.invitation_id.in_(invited)
    await tx.run(update(table).where(which).values(state="queued"))


async def _settle(
    tx: Transaction, which: ColumnElement[bool], now: datetime, **values: Any
) -> None:
    await tx.run(update(table).where(which).values(settled_at=now, **values))


async def waiting(reader: Reader, person_ids: Collection[int], action: str) -> Sequence[str]:
    """Return the keys of what waits to be sent to these people for an action."""
    unsent = table.c.state.in_(("queued", "held", "sending"))
    theirs = table.c.person_id.in_(person_ids) & (table.c.for_action == action)
    return list(
        await reader.scalars(select(table.c.key).where(unsent, theirs).order_by(table.c.id))
    )


async def message_id(reader: Reader, key: str) -> int | None:
    """Return the message that a row became, None as long as it has not arrived."""
    found: int | None = await reader.scalar(select(table.c.message_id).where(table.c.key == key))
    return found
