"""Experts are invited and withdrawn, and an admin adopts what their judgements come to."""

from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.operations.compose import texts_for, to_staff
from bot.operations.leaving import tell_admins_but
from bot.operations.ways_in.links import issue_for, workspace_with_name
from bot.operations.weights import judging
from bot.operations.weights.questionnaires import CRITERIA, ExpertQuestionnaire, questionnaires
from bot.rights import Action
from bot.says.said import Show
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.database import Database, Transaction
from storage.people import leaving, people, workspace
from storage.people.people import Person
from storage.sending import outbox
from storage.weights import experts, versions
from storage.weights.experts import ExpertRow
from surveys.counts.weights import Adopted
from surveys.messages import mark
from templates.texts import Texts


async def invite(
    tx: Transaction,
    questionnaire: ExpertQuestionnaire,
    person: Person,
    by: Person | None,
    now: datetime,
) -> ExpertRow:
    """Ask one of the staff to compare; they are written to where they can be."""
    row = await experts.invite(tx, questionnaire.key, person.id, by.id if by else None, now)
    if person.address is None or (person.consented_at is None and not person.is_admin):
        return row
    texts = texts_for(person, await workspace.get(tx))
    said = texts(
        "You are asked for your judgement as an expert: {title}. It takes about ten minutes and "
        "can be left at any moment.",
        title=texts(questionnaire.title),
    )
    begin = Button(texts("Look at it"), MenuTap("comparisons", (str(row.id),)).pack())
    key = f"expert:{row.id}:{now.isoformat()}"
    draft = to_staff(key, person, Show(Screen(said, ((begin,),))), now, Action.COMPARE)
    await outbox.put(tx, draft, now)
    return row


async def invite_by_link(
    tx: Transaction, questionnaire: ExpertQuestionnaire, name: str, by: Person | None, now: datetime
) -> tuple[Person, str]:
    """Make an expert who is nobody else here; return them and their personal link."""
    person = await people.add(tx, now, name=name, is_expert=True)
    await experts.invite(tx, questionnaire.key, person.id, by.id if by else None, now)
    (row,) = await issue_for(tx, [person], await workspace_with_name(tx), now)
    return person, row["link"]


async def withdraw(tx: Transaction, row: ExpertRow, now: datetime) -> None:
    """Ask an expert no more; who was nothing else here leaves."""
    await experts.withdraw(tx, row, now)
    person = await people.get(tx, row.person_id)
    if not person.is_staff:
        await leaving.leave(tx, [person.id], now)


async def finished(
    tx: Transaction, questionnaire: ExpertQuestionnaire, row: ExpertRow, now: datetime
) -> None:
    """Note that an expert has answered everything, and tell the admins once."""
    if row.finished_at is not None:
        return
    await experts.note(tx, row.id, finished_at=now)
    person = await people.get(tx, row.person_id)

    def sentence(texts: Texts) -> str:
        return texts(
            "{name} has compared everything: {title}. See Weights.",
            name=row.name,
            title=texts(questionnaire.title),
        )

    await tell_admins_but((person,), tx, f"compared:{row.id}", sentence, now)


async def adopt(tx: Transaction, by: Person | None, now: datetime) -> Adopted:
    """Adopt the experts' joint weights as a new version; raises Refused where there are none."""
    questionnaire = questionnaires()[CRITERIA]
    known = await judging.states(tx, questionnaire)
    joint = judging.together(questionnaire, known)
    if joint is None:
        raise Refused(
            mark("No expert who does not contradict themselves has compared all criteria yet.")
        )
    used = {int(one.name): one.priorities.consistency_ratio for one in joint.experts if one.used}
    ratio = None if joint.joint is None else joint.joint.consistency_ratio
    return await versions.adopt(tx, joint.weights, ratio, used, by.id if by else None, now)


async def adopt_equal(tx: Transaction, by: Person | None, now: datetime) -> Adopted:
    """Let all criteria weigh the same from now on: a version of its own."""
    return await versions.adopt(tx, {}, None, {}, by.id if by else None, now)


async def list_weights(database: Database, now: datetime, /) -> dict[str, Any]:
    """Operation: the versions of the weights, the latest first, and who compares now."""
    del now
    questionnaire = questionnaires()[CRITERIA]
    async with database.reading() as reader:
        known = await judging.states(reader, questionnaire)
        adopted = await versions.every(reader)
        zone = (await workspace.get(reader)).zone
    return {
        "zone": zone,
        "versions": [
            {
                "version": one.version,
                "adopted_at": one.adopted_at.isoformat(),
                "weights": dict(one.weights),
                "experts": one.experts,
                "consistency_ratio": one.consistency_ratio,
            }
            for one in adopted
        ],
        "experts": [
            {
                "name": one.row.name,
                "answered": len(one.given),
                "of": one.steps,
                "consistency_ratio": None if one.own is None else one.own.consistency_ratio,
                "kept": one.row.is_kept,
            }
            for one in known
        ],
    }
