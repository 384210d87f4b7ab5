"""A case follows a low score: opened with the answer, in one transaction, and never closed by it.

It belongs to the manager who may see the customer, else to the team lead, else to the admins.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.operations.campaigns.low_score import LowScore
from bot.operations.cases import crm
from bot.operations.cases.calendar import due_in
from bot.says.markup import literal
from bot.says.screens import Button
from bot.says.taps import MenuTap
from storage.answering.invitations import Invitation
from storage.cases import cases, changing
from storage.cases.cases import Case, New
from storage.database import Transaction
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import errands
from surveys.cases import CaseOutcome
from surveys.messages import mark
from templates.texts import Texts

OUTCOME_NAMES: Final[Mapping[CaseOutcome, str]] = {
    "put_right": mark("put right"),
    "not_put_right": mark("could not be put right"),
    "not_reached": mark("the customer was not reached"),
}


async def follow(
    tx: Transaction,
    invitation: Invitation,
    told: LowScore,
    readers: Sequence[Person],
    space: Workspace,
    now: datetime,
) -> Case | None:
    """Open the case of a low score, or add to its history that the answer has changed.

    `readers` are told of the score. Returns None for a score that was told of before there were
    cases.
    """
    case = await cases.of_invitation(tx, invitation.id)
    about = told.managers[0].id if told.of_manager else None
    assignee = _assignee(readers, told, invitation)
    if case is None:
        if told.before is not None or (told.given is None and not told.by_words):
            return None
        due = due_in(space, now)
        first = (told.first.key, told.given)
        new = New(invitation.id, told.customer.id, assignee, about, *first, due)
        number = await cases.open_one(tx, new, now)
        opened = await cases.of_invitation(tx, invitation.id)
        if number is not None:
            await remind_of(tx, number, due, now)
            await crm.tell(tx, opened, "case.opened", space, now, told.words)
        return opened
    if about is not None and case.about_id is None:
        accused = {one.id for one in told.managers}
        keeps = case.assignee_id not in accused or case.assignee_id == assignee
        kept = case.assignee_id if keeps else assignee
        await changing.accuse(tx, case, about, kept, now)
        case = await cases.get(tx, case.id) or case
    if await _note_answer(tx, case, told.given, now) and told.low:
        await crm.tell(tx, case, "low_score", space, now)
    if told.words:
        await crm.tell(tx, case, "case.words", space, now, told.words)
    return case


async def _note_answer(tx: Transaction, case: Case, given: int | None, now: datetime) -> bool:
    """Write a changed answer into the history, once; False where it is there already."""
    answers = [
        one.details
        for one in await cases.history(tx, case.id)
        if one.kind in {"opened", "answer_changed"}
    ]
    said = "" if given is None else str(given)
    if answers and (answers[-1] or "") == said:
        return False
    await cases.record(tx, case.id, "answer_changed", None, now, said)
    return True


def _assignee(readers: Collection[Person], told: LowScore, invitation: Invitation) -> int | None:
    """Return who gets the case: of those told, the manager or else the lead; None: the admins."""
    told_ids = {one.id for one in readers}
    of_then = [one.id for one in told.managers if one.id == invitation.manager_id]
    managers = [one for one in (*of_then, *(one.id for one in told.managers)) if one in told_ids]
    leads = [one.id for one in readers if one.leads and not one.is_admin]
    return next(iter((*managers, *leads)), None)


async def remind_of(tx: Transaction, case_id: int, due_at: datetime, now: datetime) -> None:
    """Have somebody look at a case when it is due."""
    await errands.ask(tx, "case", None, now, {"case": case_id}, due_at=due_at)


def buttons(texts: Texts, case: Case) -> list[Button]:
    """Return the ways from a message to its case."""
    shown = Button(texts("The case"), MenuTap("case", (str(case.id),)).pack())
    if case.state != "open":
        return [shown]
    return [Button(texts("Take the case"), take_tap(case)), shown]


def take_tap(case: Case) -> str:
    """Return the button that takes a case as it is now: free, or in somebody's hands."""
    holder = "" if case.state == "open" else str(case.assignee_id or "")
    return MenuTap("case_take", (str(case.id), holder)).pack()


def state(texts: Texts, case: Case) -> str:
    """Return who has a case, or how it ended, in our markup."""
    name = literal(case.assignee or "")
    if case.state == "resolved" and case.outcome is not None:
        return texts("Resolved: {outcome}", outcome=texts(OUTCOME_NAMES[case.outcome]))
    if case.state == "taken":
        return texts("Taken: {name}", name=name)
    if case.assignee is None:
        return texts("Nobody has taken it yet.")
    return texts("Nobody has taken it yet; it is for {name}", name=name)
