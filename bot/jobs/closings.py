"""Surveys close at their time: the old message is quietly edited, its buttons go."""

from datetime import datetime

from bot.chat import screens
from bot.operations.compose import STAFF, texts_for
from storage import invitations, outbox, people, workspace
from storage.database import Database, Transaction
from storage.invitations import Invitation
from storage.outbox import Draft


async def close_due(database: Database, now: datetime) -> None:
    """Close every survey whose time is over."""
    async with database.transaction() as tx:
        for invitation in await invitations.close_due(tx, now):
            await outbox.cancel_for_invitation(tx, invitation.id, now)
            await _edit_message(tx, invitation, now)


async def _edit_message(tx: Transaction, invitation: Invitation, now: datetime) -> None:
    person = await people.by_id(tx, invitation.person_id)
    if person is None or invitation.message_id is None or invitation.telegram_id is None:
        return
    space = await workspace.get(tx)
    day = invitation.closes_at.astimezone(space.tzinfo).date()
    screen = screens.closed(texts_for(person, space), day)
    draft = Draft(
        key=f"closed:{invitation.id}",
        chat_id=invitation.telegram_id,
        person_id=person.id,
        audience="customer",
        priority=STAFF,
        due_at=now,
        method="editMessageText",
        params={**screens.parameters(screen), "message_id": invitation.message_id},
    )
    await outbox.put(tx, draft, now)
