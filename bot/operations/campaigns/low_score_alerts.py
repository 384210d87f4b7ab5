"""A low score is reported at once to the people who can do something about it.

The thanks promise a detractor that somebody will be in touch; these messages keep that promise.
Answers about the manager go to the team lead or, where there is none, to the admins: they decide
what the manager reads. A changed answer changes the earlier message.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.operations.campaigns.low_score import LowScore, alert_text, card_button
from bot.operations.campaigns.low_score_words import said_by
from bot.operations.campaigns.naming import names_manager
from bot.operations.campaigns.telling_words import hold_alert_word
from bot.operations.cases import casework, in_place
from bot.operations.compose import texts_for
from bot.rights import Action
from bot.says.screens import Screen
from storage.answering import answers, invitations
from storage.answering.invitations import Invitation
from storage.asking import definitions
from storage.cases import cases
from storage.cases.cases import Case
from storage.database import Transaction
from storage.people import circles, people, workspace
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import errands, outbox
from surveys.survey import answers as codec
from surveys.survey.answers import Answer
from surveys.survey.definition import Question, Survey, TextQuestion
from surveys.survey.low_answers import low_answers, lowest_is_of_manager
from surveys.survey.placeholders import Placeholders
from templates.texts import Texts

AGAIN = timedelta(seconds=5)
"""When to look again at an alert that was on its way and so could not be changed."""


async def tell_low_score(
    tx: Transaction,
    invitation: Invitation,
    survey: Survey,
    answers: Mapping[str, Answer],
    space: Workspace,
    now: datetime,
) -> None:
    """Queue a message to whoever should know, or change the one already sent about this answer."""
    told = await told_of(tx, invitation, survey, answers, space)
    if told is not None:
        await tell_of(tx, invitation, told, space, now)


def is_to_be_told(
    invitation: Invitation, survey: Survey, question: Question, answer: Answer
) -> bool:
    """Tell whether an answer may open a case, or change what was told of one."""
    if survey.anonymous or survey.audience != "customers":
        return False
    if isinstance(question, TextQuestion) and survey.alert_words:
        return True
    return invitation.alerted_score is not None or bool(low_answers(survey, {question.key: answer}))


async def look_at(tx: Transaction, invitation_id: int, space: Workspace, now: datetime) -> None:
    """Tell of an invitation's low answers as they are now; nothing happens where that was done."""
    invitation = await invitations.get(tx, invitation_id)
    told = await told_now(tx, invitation, space)
    if told is not None and (told.low or told.by_words or told.before is not None):
        await tell_of(tx, invitation, told, space, now)


async def tell_of(
    tx: Transaction, invitation: Invitation, told: LowScore, space: Workspace, now: datetime
) -> None:
    """Note what there is to tell, open or follow its case, and tell each reader, once.

    A manager who was told before the words said that it is about them is told no more of it.
    """
    if told.before is None and told.given is not None and not told.by_words:
        await invitations.note_alerted(tx, invitation.id, told.first.key, told.given)
    who = await readers(tx, told)
    case = await casework.follow(tx, invitation, told, who, space, now)
    done = [await _tell(tx, invitation, reader, told, case, now) for reader in who]
    reading = {one.id for one in who}
    done += [
        await _tell_no_more(tx, invitation, manager, told, space, now)
        for manager in written_to(told.managers, reading)
    ]
    if not all(done):
        wanted = {"invitation": invitation.id}
        await errands.ask(tx, "low_score", None, now, wanted, once=True, due_at=now + AGAIN)


async def told_of(
    tx: Transaction,
    invitation: Invitation,
    survey: Survey,
    answers: Mapping[str, Answer],
    space: Workspace,
) -> LowScore | None:
    """Return what there is to tell of a named customer's answers; None where there is nothing."""
    low = low_answers(survey, answers)
    first = low[0] if invitation.alerted_score is None and low else _alerted(survey, invitation)
    if first is None and not survey.alert_words:
        return None
    said = await said_by(tx, invitation, survey, answers, first)
    words = [one.text for one in said if one.text]
    by_words = first is None and hold_alert_word(words, survey)
    if by_words:
        first = _with_alert_word(survey, answers)
    customer = await people.by_id(tx, invitation.person_id)
    if first is None or customer is None:
        return None
    managers = await _managers(tx, invitation, customer)
    of_manager = bool(managers) and (
        lowest_is_of_manager(survey, answers)
        or names_manager(words, [manager.name for manager in managers])
    )
    return LowScore(
        customer=customer,
        survey=survey,
        answers=answers,
        first=first,
        before=invitation.alerted_score,
        low=low,
        said=said,
        managers=managers,
        of_manager=of_manager,
        by_words=by_words,
        finished=invitation.finished_at is not None,
        names=Placeholders(space.company, customer.first_name or "", invitation.manager_name or ""),
    )


def _with_alert_word(survey: Survey, answers: Mapping[str, Answer]) -> Question:
    """Return the question whose answer holds an alert word; the first one where a remark does."""
    for question in survey.questions:
        said = answers.get(question.key)
        if (
            isinstance(question, TextQuestion)
            and isinstance(said, str)
            and hold_alert_word([said], survey)
        ):
            return question
    return survey.questions[0]


def _alerted(survey: Survey, invitation: Invitation) -> Question | None:
    """Return the question that was reported; an alert that names no question was about the NPS."""
    if invitation.alerted_score is None:
        return None
    key = invitation.alerted_question
    fitting = (
        one for one in survey.questions if one.key == key or (key is None and one.kind == "nps")
    )
    return next(fitting, None)


async def _tell(
    tx: Transaction,
    invitation: Invitation,
    reader: Person,
    told: LowScore,
    case: Case | None,
    now: datetime,
) -> bool:
    space = await workspace.get(tx)
    screen = alert_screen(texts_for(reader, space), told, reader, case)
    return await in_place.tell(tx, _message(invitation, reader, told, screen), now)


async def _tell_no_more(
    tx: Transaction,
    invitation: Invitation,
    manager: Person,
    told: LowScore,
    space: Workspace,
    now: datetime,
) -> bool:
    texts = texts_for(manager, space)
    said = texts("Somebody else looks after this answer: nothing is asked of you.")
    return await in_place.take_back(tx, _message(invitation, manager, told, Screen(said)), now)


def _message(
    invitation: Invitation, reader: Person, told: LowScore, screen: Screen
) -> in_place.Notice:
    once = key(told, invitation.id, reader)
    return in_place.Notice(once, reader, screen, Action.GET_ALERTS, told.customer.id)


def key(told: LowScore, invitation_id: int, reader: Person) -> str:
    """Return the key of what one reader is told of a survey; a score may follow the words."""
    return f"{'words' if told.by_words else 'low'}:{invitation_id}:{reader.id}"


def alert_screen(texts: Texts, told: LowScore, reader: Person, case: Case | None) -> Screen:
    """Return the alert with the ways to act on it."""
    buttons = [] if case is None else casework.buttons(texts, case)
    rows = tuple((one,) for one in (*buttons, card_button(texts, told)))
    over = case is not None and case.state == "resolved"
    text = alert_text(texts, told, reader, over=over)
    if case is not None and case.state != "open":
        text += f"\n\n<b>{casework.state(texts, case)}</b>"
    return Screen(text, rows)


async def _managers(tx: Transaction, invitation: Invitation, customer: Person) -> Sequence[Person]:
    """Return the managers it may be about: the customer's present one and the invitation's."""
    found = {}
    for manager_id in (customer.manager_id, invitation.manager_id):
        manager = None if manager_id is None else await people.by_id(tx, manager_id)
        if manager is not None and manager.left_at is None:
            found[manager.id] = manager
    return list(found.values())


async def readers(tx: Transaction, told: LowScore) -> list[Person]:
    """Return who is told: the admins and the manager, or the team lead where no manager can be.

    What is about the manager goes to the team lead or, without one, to the admins; where neither
    has a chat, the manager reads it, which is better than nobody.
    """
    about = {person.id for person in told.managers} if told.of_manager else set[int]()
    team = await circles.team_of(tx, told.customer.id)
    leads = written_to([] if team is None else await people.leads(tx, team), about)
    admins = written_to(await people.admins(tx), about)
    if about and (leads or admins):
        return leads or admins
    present = [one for one in told.managers if one.id == told.customer.manager_id]
    return list({one.id: one for one in (*admins, *(written_to(present) or leads))}.values())


def written_to(found: Sequence[Person], but: Collection[int] = ()) -> list[Person]:
    """Return those of the people who have a chat and are not `but`."""
    return [one for one in found if one.address is not None and one.id not in but]


async def waiting_for(tx: Transaction, person_ids: Collection[int]) -> Sequence[int]:
    """Return the invitations of which these people were to be told, and have not been yet."""
    keys = await outbox.waiting(tx, person_ids, Action.GET_ALERTS.name)
    return list(dict.fromkeys(int(key.split(":")[1]) for key in keys))


async def told_now(tx: Transaction, invitation: Invitation, space: Workspace) -> LowScore | None:
    """Return what there is to tell of the answers that an invitation has by now."""
    survey = (await definitions.get(tx, invitation.definition_id)).survey
    stored = await answers.given(tx, invitation.id)
    given = {key: codec.from_json(survey.question(key), value) for key, value in stored.items()}
    return await told_of(tx, invitation, survey, given, space)


async def pass_on(tx: Transaction, numbers: Collection[int], now: datetime) -> None:
    """Tell the next in line about these invitations, in place of somebody who is not told now.

    Nobody is told twice.
    """
    space = await workspace.get(tx)
    for number in numbers:
        invitation = await invitations.get(tx, number)
        told = await told_now(tx, invitation, space)
        if told is None or not (told.low or told.by_words):
            continue
        case = await cases.of_invitation(tx, number)
        for reader in await readers(tx, told):
            await _tell(tx, invitation, reader, told, case, now)
