"""A manager's questionnaires and card, a team lead's team: each sees what is their own."""

from datetime import timedelta

from bot.chat.own import screens
from bot.chat.surveys import progress
from bot.chat.visit import Visit
from bot.rights import Action
from bot.roles import circle
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.answering import invitations, own
from storage.database import Reader
from storage.people import people, teams
from storage.people.people import Person
from storage.sending import digests, schedules
from surveys.reports.as_json import own_card
from surveys.reports.own import OwnCard

FUNNEL = timedelta(days=90)
_DONE = 6


async def questionnaires(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the questionnaires to answer and the latest that were answered."""
    found = await own.questionnaires(visit.tx, visit.known.id)
    due = [one for one in found if one.is_open and one.closes_at > visit.now]
    done = [one for one in found if one.finished_at is not None]
    return Change(screens.questionnaires(visit.texts, due, done[:_DONE], visit.workspace))


async def resume(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Go on with a questionnaire where the manager stopped."""
    invitation = await invitations.open_of(visit.tx, visit.known.id, visit.now)
    if invitation is None:
        return Toast(visit.texts("That button is out of date."))
    step = await progress.load(visit, visit.known, invitation)
    return Show(await progress.present(step), invitation_id=invitation.id)


async def card(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the manager's own card."""
    return Change(await own_screen(visit))


async def own_screen(visit: Visit) -> Screen:
    """Return the manager's card, and when it comes by itself."""
    found = await _figures(visit, visit.known)
    shown = screens.card(visit.texts, visit.known, found, own=True)
    planned = await schedules.of(visit.tx, "own_card", visit.known.id)
    return screens.with_schedule(visit.texts, shown, planned)


async def _figures(visit: Visit, person: Person) -> OwnCard | None:
    return own_card(await digests.latest(visit.tx), person.id)


async def cards(reader: Reader, person: Person) -> list[tuple[Person, OwnCard | None]]:
    """Return one's own card, and those of the managers whom one leads."""
    shown = [person] if person.is_manager else []
    led = [one.id for one in await teams.members(reader, person.leads)]
    known = await people.by_ids(reader, led)
    shown += [known[one] for one in led if one != person.id]
    sent = await digests.latest(reader) if shown else []
    return [(one, own_card(sent, one.id)) for one in shown]


async def team(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a lead's team and its funnel."""
    lead = visit.known
    members = await teams.members(visit.tx, lead.leads)
    whose = circle(Action.SEE_TEAM, lead)
    funnel = await own.funnel(visit.tx, whose, visit.now - FUNNEL)
    return Change(screens.team(visit.texts, lead, members, funnel, FUNNEL.days))


async def team_card(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the card of a manager of the lead's team."""
    one = await people.by_id(visit.tx, tap.button.number(0) or 0)
    if one is None or one.team not in visit.known.leads or not one.is_manager:
        return Toast(visit.texts("That button is out of date."))
    return Change(screens.card(visit.texts, one, await _figures(visit, one), own=False))
