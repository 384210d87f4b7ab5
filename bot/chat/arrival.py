"""First contact: the personal link, the consent, and what follows."""

from collections.abc import Sequence

from bot.chat import contacts, menus
from bot.chat.privacy import consents
from bot.chat.surveys import progress
from bot.chat.visit import Visit
from bot.operations.campaigns import arrivals, stopping
from bot.operations.privacy.consenting import agree, refuse
from bot.operations.staff import tell_of_admin
from bot.says import survey_screens
from bot.says.channels import ways
from bot.says.heard import Command, Heard, Tap, Words
from bot.says.said import Change, Reply, Said, Show
from bot.says.screens import Screen
from bot.says.taps import MenuTap, SurveyTap
from storage.answering import invitations
from storage.people import links, people, wishes
from storage.people.link_errors import AccountTaken, LinkExpired, LinkTaken, LinkUnknown, LinkUsedUp
from storage.people.people import Person


async def started(command: Command, visit: Visit) -> Reply:
    """Bind who comes by a link; show others where they stand."""
    return await (_came_by_link(command.rest, visit) if command.rest else _came_back(visit))


async def _came_by_link(token: str, visit: Visit) -> Reply:
    """Bind the sender to the record that the link stands for."""
    texts = visit.texts
    if await links.too_many_failures(visit.tx, visit.address, visit.now):
        return Show(Screen(texts("Too many wrong links. Please try again tomorrow.")))
    try:
        redeemed = await links.redeem(
            visit.tx,
            token,
            visit.address,
            visit.who.name,
            texts.language,
            visit.now,
        )
    except LinkUnknown:
        await links.note_failure(visit.tx, visit.address, visit.now)
        return Show(Screen(texts("This link is not known. Please ask for a new one.")))
    except LinkUsedUp:
        text = texts("This link has been used as often as it may be. Please ask for a new one.")
        return Show(Screen(text))
    except LinkExpired:
        return Show(Screen(texts("This link has expired. Please ask for a new one.")))
    except (LinkTaken, AccountTaken) as conflict:
        await contacts.note_conflict(visit, conflict)
        text = texts("This link belongs to somebody else. Please ask for one of your own.")
        return Show(Screen(text))
    if redeemed.kind == "admin" and not (visit.person and visit.person.is_admin):
        await tell_of_admin(visit.tx, redeemed.person, redeemed.person, visit.now)
    return [
        *await contacts.without_button(visit),
        *await _welcome(visit, redeemed.person),
    ]


async def _came_back(visit: Visit) -> Reply:
    """Show where the person stands: the open question, the menu, or how to get in."""
    if visit.person is None:
        return await contacts.stranger(visit)
    if visit.person.is_admin:
        await people.show_commands(visit.tx, visit.person.id, visit.now)
    welcome = await _welcome(visit, visit.person)
    if not await wishes.opt_in(visit.tx, visit.person.id, visit.now):
        return welcome
    text = visit.texts("Invitations are on again. To end them, send /stop.")
    return [Show(Screen(text)), *welcome]


async def _welcome(visit: Visit, person: Person) -> Sequence[Said]:
    if not person.has_agreed:
        return [Show(consents.first_screen(visit, person))]
    invitation = await invitations.open_of(visit.tx, person.id, visit.now)
    if invitation is not None:
        step = await progress.load(visit, person, invitation)
        screen = await progress.present(step)
        return [Show(screen, invitation_id=invitation.id)]
    return [Show(menus.home(visit.texts, person))]


async def decided(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Note the decision; whoever agrees and is due gets the first question at once."""
    person = visit.person
    if person is None:
        return Change(menus.stranger(visit.texts))
    said = visit.workspace, visit.texts, visit.who.channel, visit.now
    if tap.button.arguments[:1] != ("yes",):
        await refuse(visit.tx, person, *said)
        return Change(Screen(visit.texts(ways(visit.who.channel).declined)))
    await agree(visit.tx, person, *said)
    return await _first_question(tap, visit, person.id)


async def accepted(heard: Heard, visit: Visit) -> bool:
    """Begin the survey that a link promised, at its first answer; False where it may not begin."""
    match heard:
        case Tap(button=SurveyTap() as tap) | Words(below=SurveyTap() as tap):
            found = await invitations.by_id(visit.tx, tap.invitation_id)
        case _:
            return True
    person = visit.person
    if person is None or found is None or found.state != "queued":
        return True
    begun = await arrivals.invite_if_due(visit.tx, person, visit.now)
    if begun is None or begun.id != found.id:
        return False
    await invitations.sent(visit.tx, found.id, None, visit.now)
    return True


async def begun(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask somebody who agreed before and has come on their own."""
    if visit.person is None:
        return Change(menus.stranger(visit.texts))
    return await _first_question(tap, visit, visit.person.id)


async def returned(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Resume invitations for somebody who had stopped them and changed their mind."""
    if visit.person is not None:
        await wishes.opt_in(visit.tx, visit.person.id, visit.now)
    return await begun(tap, visit)


async def _first_question(tap: Tap[MenuTap], visit: Visit, person_id: int) -> Reply:
    person = await people.by_id(visit.tx, person_id)
    if person is None:
        return []
    invitation = await arrivals.invite_if_due(visit.tx, person, visit.now)
    if invitation is None:
        return Change(menus.settled(visit.texts, person))
    await invitations.sent(visit.tx, invitation.id, tap.message or None, visit.now)
    step = await progress.load(visit, person, invitation)
    question = step.survey.questions[0]
    return Change(survey_screens.invitation(step.view, question))


async def stopped(_: Command, visit: Visit) -> Reply:
    """End invitations; one word brings them back."""
    if visit.person is None:
        return Show(menus.stranger(visit.texts))
    await stopping.stop_asking(visit.tx, visit.person.id, visit.now)
    return Show(Screen(visit.texts(ways(visit.who.channel).stopped)))
