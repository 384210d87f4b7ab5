"""Surveys close at their time: the old message is quietly edited, its buttons go."""

from collections.abc import Sequence
from datetime import datetime

from bot.operations.compose import STAFF, texts_for
from bot.says import survey_screens
from bot.says.screens import parameters
from storage.asking import invitation_batches
from storage.asking.invitations import Invitation
from storage.database import Database, Transaction
from storage.people import people, workspace
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from storage.sending.outbox import Draft

_CHUNK = 200
"""How many are closed in one transaction, for which everybody else waits."""
_STEPS = 25


async def close_due(database: Database, now: datetime) -> bool:
    """Close the surveys whose time is over; tell whether some are left for another call."""
    for _ in range(_STEPS):
        async with database.reading() as reader:
            ids = await invitation_batches.over(reader, now, _CHUNK)
        if not ids:
            return False
        async with database.transaction() as tx:
            expired = await invitation_batches.close(tx, ids, now)
            await outbox.cancel(tx, [one.id for one in expired], now)
            await outbox.put_all(tx, await _edits(tx, expired, now), now)
    return True


async def _edits(tx: Transaction, expired: Sequence[Invitation], now: datetime) -> list[Draft]:
    space = await workspace.get(tx)
    persons = await people.by_ids(tx, [one.person_id for one in expired])
    return [
        _edit(one, persons[one.person_id], space, now)
        for one in expired
        if one.message_id is not None and one.telegram_id is not None
    ]


def _edit(invitation: Invitation, person: Person, space: Workspace, now: datetime) -> Draft:
    day = invitation.closes_at.astimezone(space.tzinfo).date()
    screen = survey_screens.closed(texts_for(person, space), day)
    return Draft(
        key=f"closed:{invitation.id}",
        chat_id=invitation.telegram_id or 0,
        person_id=person.id,
        audience="customer",
        priority=STAFF,
        due_at=now,
        method="editMessageText",
        params={**parameters(screen), "message_id": invitation.message_id},
    )
