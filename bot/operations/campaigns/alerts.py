"""A low score is reported at once to the people who can do something about it.

The thanks promise a detractor that somebody will be in touch; these messages keep that promise.
Answers about the manager go to the admins, who decide what the manager reads. A changed answer
changes the earlier message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from secrets import token_hex

from bot.operations.campaigns.naming import names_manager
from bot.operations.compose import texts_for, to_staff
from bot.says.said import Change, Show
from bot.says.screens import Button, Screen
from bot.says.survey_screens import shortened
from bot.says.taps import MenuTap
from storage.answering import low_scores, remarks
from storage.answering.invitations import Invitation
from storage.database import Transaction
from storage.people import people
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from surveys.counts.recommending import nps_segment
from surveys.survey.answers import Answer, bounds, score
from surveys.survey.definition import NpsQuestion, Question, Survey, TextQuestion
from templates.texts import Texts


@dataclass(frozen=True, slots=True)
class LowScore:
    """What is told: the score now and the one told first, the words, whether it is of the manager.

    `managers`: the customer's present one first, then the one of the invitation.
    """

    customer: Person
    score: int
    before: int | None
    words: Sequence[str]
    managers: Sequence[Person]
    of_manager: bool


def low_score(survey: Survey, answers: Mapping[str, Answer]) -> int | None:
    """Return a named customer's score where it is a detractor's."""
    given = _nps(survey, answers)
    return given if given is not None and nps_segment(given) == "detractor" else None


def _nps(survey: Survey, answers: Mapping[str, Answer]) -> int | None:
    if survey.anonymous or survey.audience != "customers":
        return None
    for question in survey.questions:
        given = answers.get(question.key)
        if isinstance(question, NpsQuestion) and isinstance(given, int):
            return given
    return None


def lowest_is_of_manager(survey: Survey, answers: Mapping[str, Answer]) -> bool:
    """Tell whether no answer is lower than one about the manager, each on its own scale."""
    given = [
        (share, question.mirror is not None)
        for question in survey.questions
        if (share := _share(question, answers.get(question.key))) is not None
    ]
    lowest = min((share for share, _ in given), default=0.0)
    return any(share == lowest and is_of_manager for share, is_of_manager in given)


def _share(question: Question, answer: Answer) -> float | None:
    """Return how high an answer is between the ends of its scale, 0 to 1."""
    found, ends = score(question, answer), bounds(question)
    if found is None or ends is None:
        return None
    low, high = map(float, ends)
    return (found - low) / (high - low)


async def tell_low_score(
    tx: Transaction,
    invitation: Invitation,
    survey: Survey,
    answers: Mapping[str, Answer],
    space: Workspace,
    now: datetime,
) -> None:
    """Queue a message to whoever should know, or change the one already sent about this answer."""
    before = await low_scores.alerted(tx, invitation.id)
    told = await told_of(tx, invitation, survey, answers, before)
    if told is None or not (before is not None or nps_segment(told.score) == "detractor"):
        return
    if before is None:
        await low_scores.note_alert(tx, invitation.id, told.score)
    for reader in await readers(tx, told):
        await _tell(tx, invitation, reader, told, texts_for(reader, space), now)


async def told_of(
    tx: Transaction,
    invitation: Invitation,
    survey: Survey,
    answers: Mapping[str, Answer],
    before: int | None,
) -> LowScore | None:
    """Return what there is to tell of a named customer's score; None where there is none."""
    given = _nps(survey, answers)
    customer = await people.by_id(tx, invitation.person_id)
    if given is None or customer is None:
        return None
    words = [
        answer
        for question in survey.questions
        if isinstance(question, TextQuestion)
        and isinstance(answer := answers.get(question.key), str)
    ]
    words += [one.text for one in await remarks.of_invitations(tx, [invitation.id]) if one.text]
    managers = await _managers(tx, invitation, customer)
    of_manager = bool(managers) and (
        lowest_is_of_manager(survey, answers)
        or names_manager(words, [manager.name for manager in managers])
    )
    return LowScore(customer, given, before, words, managers, of_manager)


async def _tell(
    tx: Transaction,
    invitation: Invitation,
    reader: Person,
    told: LowScore,
    texts: Texts,
    now: datetime,
) -> None:
    key = f"low:{invitation.id}:{reader.id}"
    screen = Screen(alert_text(texts, told, reader), ((card_button(texts, told),),))
    said: Show | Change = Show(screen)
    if told.before is not None:
        message = await outbox.message_id(tx, key)
        said = said if message is None else Change(screen, message)
        key = f"{key}:{token_hex(8)}"  # each change is one of its own
    await outbox.put(tx, to_staff(key, reader, said, now, role="staff"), now)


def card_button(texts: Texts, told: LowScore) -> Button:
    """Return the button that opens the customer's card."""
    return Button(texts("The customer's card"), MenuTap("card", (str(told.customer.id),)).pack())


def alert_text(texts: Texts, told: LowScore, reader: Person) -> str:
    """Return who scored low, how low, in which words, and what to do now, in our markup."""
    customer = told.customer
    who = ", ".join(filter(None, (customer.name, customer.account)))
    lines = [_headline(texts, told, escape(who, quote=False))]
    lines += [f"«{escape(shortened(said), quote=False)}»" for said in told.words]
    lines.append("")
    if customer.phone:
        lines.append(texts("Phone: {phone}", phone=escape(customer.phone, quote=False)))
    for manager in told.managers[:1]:
        if manager.id != reader.id:
            lines.append(texts("Manager: {name}", name=escape(manager.name, quote=False)))
    if nps_segment(told.score) == "detractor":
        lines += [
            texts("They were told that somebody will be in touch."),
            texts(
                "<b>What to do:</b> call today, ask what happened and what would put it right, "
                "and say by when it will be done."
            ),
        ]
    else:
        lines.append(texts("The answer was changed: thank them before anything else."))
    if told.of_manager and told.managers[0].id != reader.id:
        lines.append(
            texts("It is about the manager, who was not told: please decide who gets in touch.")
        )
    return "\n".join(lines).replace("\n\n\n", "\n\n")


def _headline(texts: Texts, told: LowScore, who: str) -> str:
    if told.before is None or told.before == told.score:
        return texts("<b>Low score: {score}</b> from {who}", score=told.score, who=who)
    return texts(
        "<b>Was {before}, now {score}</b>: {who}", before=told.before, score=told.score, who=who
    )


async def _managers(tx: Transaction, invitation: Invitation, customer: Person) -> Sequence[Person]:
    """Return the managers it may be about: the customer's present one and the invitation's."""
    found = {}
    for manager_id in (customer.manager_id, invitation.manager_id):
        manager = None if manager_id is None else await people.by_id(tx, manager_id)
        if manager is not None and manager.left_at is None:
            found[manager.id] = manager
    return list(found.values())


async def readers(tx: Transaction, told: LowScore) -> list[Person]:
    """Return the admins and the manager; of what is about the manager, the admins alone.

    Where no admin has a chat, the manager reads it: better than nobody.
    """
    admins = [person for person in await people.admins(tx) if person.address is not None]
    managers = [person for person in told.managers[-1:] if person.address is not None]
    about = {person.id for person in told.managers} if told.of_manager else set()
    first = [person for person in admins if person.id not in about]
    if about and first:
        return first
    return list({person.id: person for person in (*admins, *managers)}.values())
