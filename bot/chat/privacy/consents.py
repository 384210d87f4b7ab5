"""Consent as people see it: the text, what they agreed to, and taking it back with one tap."""

from bot.chat import contacts
from bot.chat.privacy import consent_screens as screens
from bot.chat.visit import Visit
from bot.operations.privacy.consenting import audience_of, reader_of, refuse, text_for
from bot.says import survey_screens
from bot.says.heard import Command, Edited, File, Heard, Media, Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap, SurveyTap
from storage.people.people import Person
from storage.privacy import consents
from storage.privacy.consents import ConsentText


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
    if person is not None and person.consented_at is not None:
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


async def needed(_: Tap[SurveyTap], visit: Visit) -> Reply:
    """Ask whoever has withdrawn, and answers all the same; None for everybody else."""
    person = visit.person
    if not _has_refused(person):
        return None
    said = visit.texts("You have not agreed to be asked.")
    return [Toast(said), Show(first_screen(visit, person))]


async def needed_to_speak(heard: Heard, visit: Visit) -> Reply:
    """Keep no words and no files of whoever has withdrawn; None for everybody else."""
    speaks = isinstance(heard, Words | Media | File | Edited)
    if not speaks or not _has_refused(visit.person):
        return None
    return Show(first_screen(visit, visit.person))


def _has_refused(person: Person | None) -> bool:
    return person is not None and person.declined_at is not None and not person.is_admin


def first_screen(visit: Visit, person: Person | None) -> Screen:
    """Return the first contact with somebody who has not agreed yet."""
    said = visit.workspace.company, visit.who.channel
    return survey_screens.consent(visit.texts, *said, reader_of(person))


async def present_text(visit: Visit) -> str:
    """Return the text to agree to now, in our markup."""
    return screens.document((await _present(visit)).content)


async def _present(visit: Visit) -> ConsentText:
    audience = audience_of(visit.person)
    return await text_for(visit.tx, visit.workspace, visit.texts, audience, visit.now)
