"""The one reminder, only to those who have not finished."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.operations.compose import hours_of, queued, texts_for, zone_of
from bot.says import survey_screens
from bot.says.survey_screens import SurveyView
from storage.answering import answers, deadlines, invitation_batches
from storage.answering.answers import Written
from storage.answering.invitations import Invitation
from storage.asking import campaigns, definitions
from storage.database import Database, Transaction
from storage.people import people, workspace
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from storage.sending.outbox import NewMessage
from surveys.campaign.timing import Hours, send_at
from surveys.survey import answers as codec
from surveys.survey.definition import LocalText, Survey
from surveys.survey.placeholders import Placeholders

_CHUNK = 100
"""How many reminders one transaction writes; everybody else waits for it."""
_STEPS = 50


async def remind_due(database: Database, now: datetime) -> bool:
    """Put a reminder into the outbox for everybody whose moment has come.

    Tells whether some are left for another call.
    """
    for _ in range(_STEPS):
        async with database.transaction() as tx:
            due = await deadlines.reminders(tx, now, _CHUNK)
            await invitation_batches.reminded(tx, [one.id for one in due], now)
            await outbox.put_all(tx, await _drafts(tx, due, now), now)
        if not due:
            return False
    return True


async def _drafts(tx: Transaction, due: Sequence[Invitation], now: datetime) -> list[NewMessage]:
    space = await workspace.get(tx)
    named = {one.person_id for one in due} | {one.manager_id for one in due if one.manager_id}
    persons = await people.by_ids(tx, named)
    ids = [one.id for one in due]
    given, written = await answers.given_to(tx, ids), await answers.written_to(tx, ids)
    hours = await _hours(tx, {one.wave_id for one in due}, space)
    return [
        _draft(
            one,
            (await definitions.get(tx, one.definition_id)).survey,
            persons,
            given[one.id],
            written[one.id],
            space,
            send_at(now, zone_of(persons[one.person_id], space), hours[one.wave_id]),
        )
        for one in due
    ]


async def _hours(tx: Transaction, wave_ids: set[int], space: Workspace) -> dict[int, Hours]:
    """Return when each wave may write: a campaign's window applies to reminders too."""
    found = {}
    for wave_id in wave_ids:
        wave = await campaigns.get_wave(tx, wave_id)
        campaign = await campaigns.get(tx, wave.campaign_id)
        found[wave_id] = hours_of(space, campaign.plan)
    return found


def _draft(
    invitation: Invitation,
    survey: Survey,
    persons: Mapping[int, Person],
    stored: Mapping[str, str],
    written: Mapping[str, Written],
    space: Workspace,
    due_at: datetime,
) -> NewMessage:
    person, manager = persons[invitation.person_id], persons.get(invitation.manager_id or 0)
    filled = Placeholders(space.company, person.first_name or "", manager.name if manager else "")
    view = SurveyView(survey, invitation.id, texts_for(person, space), filled)
    given = {key: codec.from_json(survey.question(key), value) for key, value in stored.items()}
    question = survey.question(invitation.current_question or survey.questions[0].key)
    asked = written[question.key].asked if question.key in written else None
    worded = None if asked is None else LocalText.model_validate_json(asked)
    if invitation.state == "unknown":
        screen = survey_screens.invitation_again(view, question)
    else:
        screen = survey_screens.reminder(view, question, given, worded)
    return queued(
        f"reminder:{invitation.id}",
        screen,
        address=person.address,
        person_id=person.id,
        invitation_id=invitation.id,
        due_at=due_at,
        closes_at=invitation.closes_at,
    )
