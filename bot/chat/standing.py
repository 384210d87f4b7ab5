"""What somebody would see now; looking at it records nothing."""

from collections.abc import Callable
from dataclasses import replace

from bot.chat.privacy import consents
from bot.chat.surveys import progress
from bot.chat.visit import Visit
from bot.operations.campaigns import arrivals
from bot.operations.privacy.consenting import must_agree_anew
from bot.says import survey_screens
from bot.says.channels import ways
from bot.says.greeting import asks_opinion
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.answering import invitations
from storage.answering.invitations import Invitation
from storage.people.people import Person
from surveys.survey.answers import to_json

Shown = Callable[[int, str, str], bool]
"""Tells whether the reader may see an answer: given its invitation, question and JSON."""


async def standing(visit: Visit, handle: str, is_shown: Shown) -> tuple[Screen, Invitation | None]:
    """Return the screen that somebody would see now, and the invitation it is about.

    `handle` is that of an anonymous sheet, "" where it is not known.
    """
    person = visit.person
    if person is None or not person.has_agreed:
        return await _consent(visit, person), None
    found = await invitations.open_of(visit.tx, person.id, visit.now)
    if found is None and person.opted_out_at is not None:
        return _stopped(visit), None
    due = None if found is not None else await arrivals.due(visit.tx, person, visit.now)
    if due is not None and due.promised is None:
        is_asked = must_agree_anew(person, visit.workspace)
        return (await _consent(visit, person) if is_asked else _begin(visit)), None
    if due is not None:
        found = due.promised
    found = found or await invitations.latest_of(visit.tx, person.id)
    if found is not None and consents.must_agree_first(visit, person, found):
        return await _consent(visit, person), None
    if found is None:
        return Screen(visit.texts(ways(visit.who.channel).nothing_now)), None
    return await _survey(visit, person, found, handle, is_shown), found


async def _consent(visit: Visit, person: Person | None) -> Screen:
    asked = replace(
        consents.first_screen(visit, person), document=await consents.present_text(visit)
    )
    if person is None or person.declined_at is None:
        return asked
    declined = visit.texts(ways(visit.who.channel).declined)
    return replace(asked, text=declined, rows=asked.rows[:1])


def _stopped(visit: Visit) -> Screen:
    again = Button(visit.texts("Ask me again"), MenuTap("return").pack())
    return Screen(visit.texts(ways(visit.who.channel).stopped), ((again,),))


def _begin(visit: Visit) -> Screen:
    asks = literal(asks_opinion(visit.texts, visit.workspace.company))
    begin = Button(visit.texts("Begin"), MenuTap("begin").pack())
    return Screen(asks, ((begin,),))


async def _survey(
    visit: Visit, person: Person, invitation: Invitation, handle: str, is_shown: Shown
) -> Screen:
    step = await progress.find(visit, person, invitation, handle)
    given = await step.sheet.answers()
    concealed = frozenset(
        key for key, value in given.items() if not is_shown(invitation.id, key, to_json(value))
    )
    step = replace(step, concealed=concealed)
    question = await step.current()
    if step.has_lost_its_sheet and not step.is_over and invitation.finished_at is None:
        return Screen(visit.texts(ways(visit.who.channel).elsewhere))
    is_first = question is not None and question == step.survey.questions[0]
    if is_first and invitation.started_at is None and not step.is_over:
        return survey_screens.invitation(step.view, step.survey.questions[0])
    return await progress.present(step)
