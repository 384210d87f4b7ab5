"""Invitations and reminders as outbox rows: who, what, when."""

from datetime import datetime, timedelta

from bot.chat import screens
from bot.chat.screens import Screen, View
from storage import outbox, people
from storage.database import Reader, Transaction
from storage.invitations import Invitation
from storage.outbox import Draft
from storage.people import Person
from storage.workspace import Workspace
from surveys.definition import Survey
from surveys.placeholders import Placeholders
from surveys.plan import Plan
from surveys.timing import Hours
from templates.texts import LANGUAGES, Texts

BROADCAST = 50
STAFF = 20
"""Priorities in the outbox: the smaller goes first."""


def texts_for(person: Person, workspace: Workspace) -> Texts:
    """Return the texts in a person's language, else the company's."""
    for language in LANGUAGES:
        if language in {person.language, person.language or workspace.language}:
            return Texts(language)
    return Texts("ru")


async def view_for(
    reader: Reader, invitation: Invitation, person: Person, survey: Survey, workspace: Workspace
) -> View:
    """Return how an invited person will see the survey."""
    manager = None
    if invitation.manager_id is not None:
        manager = await people.by_id(reader, invitation.manager_id)
    filled = Placeholders(
        company=workspace.company, name=person.name, manager=manager.name if manager else ""
    )
    return View(survey, invitation.id, texts_for(person, workspace), filled)


def zone_of(person: Person, workspace: Workspace) -> str:
    """Return the zone whose night is a person's night."""
    return person.zone or workspace.zone


def hours_of(workspace: Workspace, plan: Plan | None = None) -> Hours:
    """Return when people may be written to: not in quiet hours, within a campaign's window."""
    window = None if plan is None or plan.window is None else (plan.window.start, plan.window.end)
    return Hours(workspace.quiet_from, workspace.quiet_until, window)


async def queue_invitation(
    tx: Transaction, invitation: Invitation, view: View, now: datetime, due_at: datetime
) -> None:
    """Put the first question into the outbox."""
    await _queue(tx, f"invitation:{invitation.id}", invitation, first_screen(view), now, due_at)


async def queue_reminder(
    tx: Transaction, invitation: Invitation, screen: Screen, now: datetime, due_at: datetime
) -> None:
    """Put the one reminder into the outbox."""
    await _queue(tx, f"reminder:{invitation.id}", invitation, screen, now, due_at)


def first_screen(view: View) -> Screen:
    """Return the invitation: it is the first question already."""
    return screens.invitation(view, view.survey.questions[0])


async def _queue(
    tx: Transaction,
    key: str,
    invitation: Invitation,
    screen: Screen,
    now: datetime,
    due_at: datetime,
) -> None:
    if invitation.telegram_id is None:
        return
    draft = Draft(
        key=key,
        chat_id=invitation.telegram_id,
        person_id=invitation.person_id,
        audience="customer",
        priority=BROADCAST,
        due_at=due_at,
        method="sendMessage",
        params=screens.parameters(screen),
        invitation_id=invitation.id,
        expires_at=invitation.closes_at - timedelta(minutes=1),
    )
    await outbox.put(tx, draft, now)
