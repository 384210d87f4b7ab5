"""Invitations and reminders as outbox rows: who, what, when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.says import survey_screens
from bot.says.screens import Screen, parameters
from bot.says.survey_screens import View
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending.outbox import Draft, Role
from surveys.campaign.plan import Plan
from surveys.campaign.timing import Hours
from templates.texts import LANGUAGES, Texts

BROADCAST = 50
STAFF = 20
"""Priorities in the outbox: the smaller goes first."""


def texts_for(person: Person, workspace: Workspace) -> Texts:
    """Return the texts in a person's language, else the company's."""
    return texts_in(person.language, workspace)


def texts_in(chosen: str | None, workspace: Workspace) -> Texts:
    """Return the texts in the language that somebody chose, else the company's."""
    for language in LANGUAGES:
        if language == (chosen or workspace.language):
            return Texts(language)
    return Texts("ru")


def zone_of(person: Person, workspace: Workspace) -> str:
    """Return the zone whose night is a person's night."""
    return person.zone or workspace.zone


def hours_of(workspace: Workspace, plan: Plan | None = None) -> Hours:
    """Return when people may be written to: not in quiet hours, within a campaign's window."""
    window = None if plan is None or plan.window is None else (plan.window.start, plan.window.end)
    return Hours(workspace.quiet_from, workspace.quiet_until, window)


def first_screen(view: View) -> Screen:
    """Return the invitation: it is the first question already."""
    return survey_screens.invitation(view, view.survey.questions[0])


def to_staff(
    key: str,
    person: Person,
    params: Mapping[str, Any],
    now: datetime,
    file: Path | None = None,
    role: Role = "admin",
) -> Draft:
    """Return a message to somebody of the staff, to go at once: at least once, see the outbox.

    `params` with a ``message_id`` change that message; a `file` goes with a caption. Who is no
    longer of the `role` when it would go does not get it.
    """
    method = "editMessageText" if "message_id" in params else "sendMessage"
    return Draft(
        key=key,
        chat_id=person.telegram_id or 0,
        person_id=person.id,
        audience="staff",
        priority=STAFF,
        due_at=now,
        method=method if file is None else "sendDocument",
        params=params,
        file_path=None if file is None else str(file),
        for_role=role,
    )


def queued(
    key: str,
    screen: Screen,
    *,
    chat_id: int,
    person_id: int,
    invitation_id: int,
    due_at: datetime,
    closes_at: datetime,
) -> Draft:
    """Return a message about a survey that is put into the outbox, useless once that closes."""
    return Draft(
        key=key,
        chat_id=chat_id,
        person_id=person_id,
        audience="customer",
        priority=BROADCAST,
        due_at=due_at,
        method="sendMessage",
        params=parameters(screen),
        invitation_id=invitation_id,
        expires_at=closes_at - timedelta(minutes=1),
    )
