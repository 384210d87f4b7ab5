"""Consent as people see it: the text, what they agreed to, and taking it back with one tap."""

from dataclasses import replace

from bot.chat import contacts
from bot.chat.privacy import consent_screens as screens
from bot.chat.visit import Visit
from bot.operations.privacy.consenting import (
    audience_of,
    must_agree_anew,
    reader_of,
    refuse,
    text_for,
)
from bot.says import survey_screens
from bot.says.heard import Command, Edited, File, Heard, Media, Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap, SurveyTap
from storage.answering import invitations
from storage.answering.invitations import Invitation
from storage.people.people import Person
from storage.privacy import consents
from storage.privacy.consents import ConsentText
from surveys.messages import mark

_ANEW = mark("The text of the consent has changed: please agree once more, then answer.")


async def shown(_: Command, visit: Visit) -> Reply:
    """Say what the sender agreed to and when, and how to take it back."""
    person = visit.person
    if person is None:
        return await contacts.stranger(visit)
    text = await consents.text_of(visit.tx, person.consent_version or "")
    return Show(screens.standing(visit.texts, person, text, visit.workspace.tzinfo))


async def read(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the text: the one that was agreed to, or the one to agree to now."""
    person = visit.person
    agreed = person is not None and person.consented_at is not None
    if person is not None and agreed and not must_agree_anew(person, visit.workspace):
        text = await consents.text_of(visit.tx, person.consent_version or "")
        if text is not None:
            return Change(screens.agreed(visit.texts, person, text))
    return Change(screens.to_agree(visit.texts, await _present(visit)))


async def withdrawn(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Take a consent back; a second tap changes nothing."""
    person = visit.person
    if person is None:
        return await contacts.stranger(visit)
    if person.consented_at is not None:
        await refuse(visit.tx, person, visit.workspace, visit.texts, visit.who.channel, visit.now)
    return Change(screens.withdrawn(visit.texts))


async def needed(tap: Tap[SurveyTap], visit: Visit) -> Reply:
    """Ask whoever has withdrawn or must agree anew, and answers; None for everybody else."""
    person = visit.person
    if _has_refused(person):
        said = visit.texts("You do not agree to be asked now. Nothing was taken down.")
        return [Toast(said), Show(first_screen(visit, person))]
    if person is None or not must_agree_anew(person, visit.workspace):
        return None
    begins = await invitations.by_id(visit.tx, tap.button.invitation_id)
    if begins is None or not must_agree_first(visit, person, begins):
        return None
    return [Toast(visit.texts(_ANEW)), Change(first_screen(visit, person))]


async def needed_to_speak(heard: Heard, visit: Visit) -> Reply:
    """Keep nothing said by whoever has withdrawn or must agree anew; None for everybody else."""
    person = visit.person
    if person is None or not isinstance(heard, Words | Media | File | Edited):
        return None
    if not _has_refused(person):
        if not must_agree_anew(person, visit.workspace):
            return None
        begins = await invitations.open_of(visit.tx, person.id, visit.now)
        if begins is None or not must_agree_first(visit, person, begins):
            return None
    return Show(first_screen(visit, person))


def must_agree_first(visit: Visit, person: Person, invitation: Invitation) -> bool:
    """Tell whether somebody must agree anew before a survey; one that was begun goes on."""
    is_begun = invitation.started_at is not None or invitation.finished_at is not None
    return not is_begun and must_agree_anew(person, visit.workspace)


def _has_refused(person: Person | None) -> bool:
    return person is not None and person.declined_at is not None and not person.is_admin


def first_screen(visit: Visit, person: Person | None) -> Screen:
    """Return the first contact with somebody who has not agreed, or not to the present text."""
    said = visit.workspace.company, visit.who.channel
    screen = survey_screens.consent(visit.texts, *said, reader_of(person))
    if person is None or not must_agree_anew(person, visit.workspace):
        return screen
    return replace(screen, text=f"{visit.texts(_ANEW)}\n\n{screen.text}")


async def present_text(visit: Visit) -> str:
    """Return the text to agree to now, in our markup."""
    return screens.document((await _present(visit)).content)


async def _present(visit: Visit) -> ConsentText:
    audience = audience_of(visit.person)
    return await text_for(visit.tx, visit.workspace, visit.texts, audience, visit.now)
