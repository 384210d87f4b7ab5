"""The one reminder, only to those who have not finished."""

from datetime import datetime

from bot.chat import screens
from bot.operations.compose import hours_of, queue_reminder, view_for, zone_of
from storage import definitions, invitations, people, workspace
from storage.database import Database, Transaction
from storage.invitations import Invitation
from surveys import answers as codec
from surveys.timing import send_at


async def remind_due(database: Database, now: datetime) -> None:
    """Put a reminder into the outbox for every invitation whose moment has come."""
    async with database.reading() as reader:
        due = await invitations.due_reminders(reader, now)
    for invitation in due:
        async with database.transaction() as tx:
            await invitations.reminded(tx, invitation.id, now)
            await _remind(tx, invitation, now)


async def _remind(tx: Transaction, invitation: Invitation, now: datetime) -> None:
    person = await people.by_id(tx, invitation.person_id)
    if person is None or person.opted_out_at is not None or person.unreachable_at is not None:
        return
    survey = (await definitions.get(tx, invitation.definition_id)).survey
    space = await workspace.get(tx)
    view = await view_for(tx, invitation, person, survey, space)
    stored = await invitations.answers(tx, invitation.id)
    given = {key: codec.from_json(survey.question(key), value) for key, value in stored.items()}
    question = survey.question(invitation.current_question or survey.questions[0].key)
    due = send_at(now, zone_of(person, space), hours_of(space))
    await queue_reminder(tx, invitation, screens.reminder(view, question, given), now, due)
