"""Surveys close at their time: the old message is quietly edited, its buttons go."""

from collections.abc import Sequence
from datetime import datetime

from bot.operations.compose import texts_for, to_customer
from bot.says import survey_screens
from bot.says.said import Change
from storage.answering import invitation_batches
from storage.answering.invitations import Invitation
from storage.database import Database, Transaction
from storage.people import people, workspace
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from storage.sending.outbox import NewMessage

_CHUNK = 200
"""How many surveys one transaction closes; everybody else waits for it."""
_STEPS = 25


async def close_due(database: Database, now: datetime) -> bool:
    """Close the surveys whose time is over; tell whether more are left for another call."""
    for _ in range(_STEPS):
        async with database.reading() as reader:
            ids = await invitation_batches.over(reader, now, _CHUNK)
        if not ids:
            return False
        async with database.transaction() as tx:
            expired = await invitation_batches.close(tx, ids, now)
            await outbox.cancel(tx, [one.id for one in expired], now)
            await outbox.put_all(tx, await _changes(tx, expired, now), now)
    return True


async def _changes(
    tx: Transaction, expired: Sequence[Invitation], now: datetime
) -> list[NewMessage]:
    space = await workspace.get(tx)
    persons = await people.by_ids(tx, [one.person_id for one in expired])
    return [
        to_customer(f"closed:{one.id}", person, _closed(one, person, space), now)
        for one in expired
        if one.message_id is not None and (person := persons[one.person_id]).address is not None
    ]


def _closed(invitation: Invitation, person: Person, space: Workspace) -> Change:
    day = invitation.closes_at.astimezone(space.tzinfo).date()
    screen = survey_screens.closed(texts_for(person, space), day)
    return Change(screen, invitation.message_id)
