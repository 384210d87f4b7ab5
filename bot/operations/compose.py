"""Invitations and reminders as outbox rows: who, what, when."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.rights import Action
from bot.says import survey_screens
from bot.says.content import Unasked, kept
from bot.says.said import Change, Document, Show
from bot.says.screens import Screen
from bot.says.survey_screens import SurveyView
from storage.people.addresses import Address
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending.outbox import NewMessage, Recipients
from surveys.campaign.plan import Plan
from surveys.campaign.timing import Hours
from surveys.messages import known_language
from templates.texts import Texts

BROADCAST = 50
AHEAD = 20
"""Priorities in the outbox: the smaller goes first, ahead of any broadcast."""


def texts_for(person: Person, workspace: Workspace) -> Texts:
    """Return the texts in a person's language, else the company's."""
    return texts_in(person.language, workspace)


def texts_in(chosen: str | None, workspace: Workspace) -> Texts:
    """Return the texts in the language that somebody chose, else the company's."""
    return Texts(known_language(chosen) or workspace.language)


def zone_of(person: Person, workspace: Workspace) -> str:
    """Return the zone whose night is a person's night."""
    return person.zone or workspace.zone


def hours_of(workspace: Workspace, plan: Plan | None = None) -> Hours:
    """Return when people may be written to: not in quiet hours, within a campaign's window."""
    window = None if plan is None or plan.window is None else (plan.window.start, plan.window.end)
    return Hours(workspace.quiet_from, workspace.quiet_until, window)


def first_screen(view: SurveyView) -> Screen:
    """Return the invitation: it is the first question already."""
    return survey_screens.invitation(view, view.survey.questions[0])


def to_staff(
    key: str,
    person: Person,
    said: Unasked,
    now: datetime,
    action: Action = Action.GET_REPORTS,
    about: int | None = None,
) -> NewMessage:
    """Return a message to one of the staff, to go out at once and at least once (see the outbox).

    It is not sent to somebody who may no longer do the `action` by then, with the customer whom it
    is `about`. Raises LookupError where the person cannot be written to.
    """
    file = str(said.path) if isinstance(said, Document) else None
    message = _at_once(key, person, "staff", said, now)
    return replace(message, for_action=action.name, about_id=about, file_path=file)


def to_customer(key: str, person: Person, change: Change, now: datetime) -> NewMessage:
    """Return a change to a customer's earlier message, to go at once; raises LookupError."""
    return _at_once(key, person, "customer", change, now)


def file_to(key: str, person: Person, file: Document, now: datetime) -> NewMessage:
    """Return a file for somebody who asked for it, to go at once; raises LookupError."""
    message = _at_once(key, person, "customer", file, now)
    return replace(message, file_path=str(file.path))


def _at_once(
    key: str, person: Person, audience: Recipients, said: Unasked, now: datetime
) -> NewMessage:
    kind, content = kept(said)
    return NewMessage(
        key=key,
        address=_written_to(person.address, person.id),
        person_id=person.id,
        audience=audience,
        priority=AHEAD,
        due_at=now,
        kind=kind,
        content=content,
    )


def queued(
    key: str,
    screen: Screen,
    *,
    address: Address | None,
    person_id: int,
    invitation_id: int,
    due_at: datetime,
    closes_at: datetime,
) -> NewMessage:
    """Return a message about a survey for the outbox; it is pointless after that survey closes."""
    kind, content = kept(Show(screen))
    return NewMessage(
        key=key,
        address=_written_to(address, person_id),
        person_id=person_id,
        audience="customer",
        priority=BROADCAST,
        due_at=due_at,
        kind=kind,
        content=content,
        invitation_id=invitation_id,
        expires_at=pointless_at(closes_at),
    )


def pointless_at(closes_at: datetime) -> datetime:
    """Return the moment from which a message about a survey is no longer sent."""
    return closes_at - timedelta(minutes=1)


def _written_to(address: Address | None, person_id: int) -> Address:
    if address is None:
        raise LookupError(person_id)
    return address
