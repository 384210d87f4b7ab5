"""A case that is due and not resolved: whoever has it is reminded once, a day later others are."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.operations.campaigns import low_score_alerts
from bot.operations.cases import casework, crm
from bot.operations.cases.calendar import due_in
from bot.operations.cases.people_told import people_told
from bot.operations.compose import texts_for, to_staff
from bot.rights import Action
from bot.roles import may_get
from bot.says.markup import literal
from bot.says.said import Show
from bot.says.screens import Screen
from storage.answering import invitations
from storage.cases import cases, changing
from storage.cases.cases import Case
from storage.database import Transaction
from storage.people import circles, people
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from surveys.cases import EventKind
from templates.texts import Texts


async def look_at(tx: Transaction, case_id: int, space: Workspace, now: datetime) -> None:
    """Do what is due about a case now; nothing where it is resolved or was put off."""
    case = await cases.get(tx, case_id)
    if case is None or case.state == "resolved" or case.due_at > now:
        return
    if case.nagged_at is None:
        if await changing.told_when_due(tx, case, "nagged", now):
            await casework.remind_of(tx, case.id, due_in(space, now), now)
            await crm.tell(tx, case, "case.overdue", space, now)
            await _tell(tx, case, "nagged", await responsible(tx, case, space), space, now)
        return
    a_day_late = due_in(space, case.nagged_at) <= now
    if a_day_late and await changing.told_when_due(tx, case, "escalated", now):
        await _tell(tx, case, "escalated", await above(tx, case, space), space, now)


async def responsible(tx: Transaction, case: Case, space: Workspace) -> Sequence[Person]:
    """Return who has the case, else everybody who was to be told of the low score."""
    holder = None if case.assignee_id is None else await people.by_id(tx, case.assignee_id)
    if (
        holder is not None
        and holder.address is not None
        and await may_get(tx, Action.WORK_CASES.name, holder.id, case.person_id)
    ):
        return [holder]
    if case.invitation_id is None:
        return await people_told(tx, case.person_id)
    invitation = await invitations.get(tx, case.invitation_id)
    told = await low_score_alerts.told_now(tx, invitation, space)
    return [] if told is None else await low_score_alerts.readers(tx, told)


async def above(tx: Transaction, case: Case, space: Workspace) -> Sequence[Person]:
    """Return the team's leads and the admins, but for whom it is about; else who has the case."""
    kept_from: Collection[int] = ()
    if case.about_id is not None and case.invitation_id is not None:
        invitation = await invitations.get(tx, case.invitation_id)
        kept_from = {case.about_id, invitation.manager_id or 0}
    team = await circles.team_of(tx, case.person_id)
    leads = [] if team is None else await people.leads(tx, team)
    found = {
        one.id: one
        for one in (*leads, *await people.admins(tx))
        if one.address is not None and one.id not in kept_from
    }
    return list(found.values()) or await responsible(tx, case, space)


async def _tell(
    tx: Transaction,
    case: Case,
    kind: EventKind,
    readers: Sequence[Person],
    space: Workspace,
    now: datetime,
) -> None:
    for reader in readers:
        texts = texts_for(reader, space)
        rows = tuple((one,) for one in casework.buttons(texts, case))
        screen = Screen(sentence(texts, case, kind, space, now), rows)
        once = key(case, kind, reader)
        draft = to_staff(once, reader, Show(screen), now, Action.WORK_CASES, case.person_id)
        await outbox.put(tx, draft, now)


def key(case: Case, kind: EventKind, reader: Person) -> str:
    """Return the key of what one reader is told of a case that is due."""
    return f"case:{case.id}:{kind}:{case.due_at.isoformat()}:{reader.id}"


def sentence(texts: Texts, case: Case, kind: EventKind, space: Workspace, now: datetime) -> str:
    """Return that a case is due, or for how many days it is overdue, in our markup."""
    due = texts.moment(case.due_at, space.tzinfo)
    said = texts(
        "<b>A case is due</b>: {customer}, by {moment}. It is not resolved yet.",
        customer=literal(case.customer),
        moment=due,
    )
    if kind == "escalated":
        said = texts.plural(
            "<b>A case is {n} day overdue</b>: {customer}, by {moment}. Please see to it.",
            "<b>A case is {n} days overdue</b>: {customer}, by {moment}. Please see to it.",
            _days_late(case, space, now),
            customer=literal(case.customer),
            moment=due,
        )
    if case.assignee is None:
        return f"{said}\n{texts('Nobody has taken it yet.')}"
    return f"{said}\n{texts('It is with: {name}', name=literal(case.assignee))}"


def _days_late(case: Case, space: Workspace, now: datetime) -> int:
    """Count the days by the company's calendar, until the case was resolved."""
    until = case.resolved_at or now
    late = until.astimezone(space.tzinfo).date() - case.due_at.astimezone(space.tzinfo).date()
    return max(late.days, 1)
