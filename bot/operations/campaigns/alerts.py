"""A low score is reported at once to the people who can do something about it.

The thanks promise a detractor that somebody will be in touch; these messages keep that promise.
Answers about the manager go to the team lead, without one to the admins, who decide what the
manager reads. A changed answer
changes the earlier message.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from secrets import token_hex

from bot.operations.campaigns.naming import names_manager
from bot.operations.compose import texts_for, to_staff
from bot.rights import Action
from bot.says.said import Change, Show
from bot.says.screens import Button, Screen
from bot.says.survey_screens import shortened
from bot.says.taps import MenuTap
from storage.answering import answers, invitations, low_scores, remarks
from storage.answering.invitations import Invitation
from storage.answering.low_scores import Alerted
from storage.asking import definitions
from storage.database import Transaction
from storage.people import circles, people, workspace
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from surveys.survey import answers as codec
from surveys.survey.answers import Answer
from surveys.survey.definition import (
    Question,
    ScaleQuestion,
    Survey,
    TextQuestion,
    YesNoQuestion,
    localized,
)
from surveys.survey.low_answers import low_answers, lowest_is_of_manager
from surveys.survey.placeholders import Placeholders, fill
from templates.texts import Texts


@dataclass(frozen=True, slots=True)
class LowScore:
    """A customer's low score as it is told, and the managers it may be about.

    `first`: the question that was reported first, or is now; its answer is `given`, and was
    `before` when it was first reported (None: it has not been). `low`: every question with an
    answer to report now, the worst first. `managers`: the customer's present one first, then the
    one of the invitation.
    """

    customer: Person
    survey: Survey
    answers: Mapping[str, Answer]
    first: Question
    before: int | None
    low: Sequence[Question]
    words: Sequence[str]
    managers: Sequence[Person]
    of_manager: bool
    names: Placeholders

    @property
    def given(self) -> int | None:
        """The answer to `first` now; None where it was taken back."""
        given = self.answers.get(self.first.key)
        return int(given) if isinstance(given, int) else None

    @property
    def promised(self) -> bool:
        """Whether the thanks told the customer that somebody will be in touch."""
        by_segment = self.survey.thanks.detractor is not None
        return by_segment and any(one.kind == "nps" for one in self.low)


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
    if told is None:
        return
    if told.before is None and told.given is not None:
        await low_scores.note(tx, invitation.id, told.first.key, told.given)
    for reader in await readers(tx, told):
        await _tell(tx, invitation, reader, told, texts_for(reader, space), now)


async def told_of(
    tx: Transaction,
    invitation: Invitation,
    survey: Survey,
    answers: Mapping[str, Answer],
    space: Workspace,
) -> LowScore | None:
    """Return what there is to tell of a named customer's answers; None where there is nothing."""
    low = low_answers(survey, answers)
    alerted = await low_scores.of_invitation(tx, invitation.id)
    first = low[0] if alerted is None and low else _alerted(survey, alerted)
    customer = await people.by_id(tx, invitation.person_id)
    if first is None or customer is None:
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
    before = None if alerted is None else alerted.score
    return LowScore(
        customer=customer,
        survey=survey,
        answers=answers,
        first=first,
        before=before,
        low=low,
        words=words,
        managers=managers,
        of_manager=of_manager,
        names=Placeholders(space.company, customer.first_name or "", invitation.manager_name or ""),
    )


def _alerted(survey: Survey, alerted: Alerted | None) -> Question | None:
    """Return the question that was reported; an alert that names none was about the NPS."""
    if alerted is None:
        return None
    return next(
        (
            one
            for one in survey.questions
            if one.key == alerted.question or (alerted.question is None and one.kind == "nps")
        ),
        None,
    )


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
        key = f"{key}:{token_hex(8)}"  # each change is a message of its own
    draft = to_staff(key, reader, said, now, Action.GET_ALERTS, told.customer.id)
    await outbox.put(tx, draft, now)


def card_button(texts: Texts, told: LowScore) -> Button:
    """Return the button that opens the customer's card."""
    return Button(texts("The customer's card"), MenuTap("card", (str(told.customer.id),)).pack())


def alert_text(texts: Texts, told: LowScore, reader: Person) -> str:
    """Return who scored low, how low, in which words, and what to do now, in our markup."""
    customer = told.customer
    who = ", ".join(filter(None, (customer.name, customer.account)))
    lines = [_headline(texts, told, escape(who, quote=False)), *_ratings(texts, told)]
    lines += [texts.quoted(escape(shortened(said), quote=False)) for said in told.words]
    lines.append("")
    if customer.phone:
        lines.append(texts("Phone: {phone}", phone=escape(customer.phone, quote=False)))
    for manager in told.managers[:1]:
        if manager.id != reader.id:
            lines.append(texts("Manager: {name}", name=escape(manager.name, quote=False)))
    if told.low:
        if told.promised:
            lines.append(texts("They were told that somebody will be in touch."))
        lines.append(
            texts(
                "<b>What to do:</b> call today, ask what happened and what would put it right, "
                "and say by when it will be done."
            )
        )
    else:
        lines.append(texts("The answer was changed: thank them before anything else."))
    if told.of_manager and told.managers[0].id != reader.id:
        lines.append(
            texts("It is about the manager, who was not told: please decide who gets in touch.")
        )
    return "\n".join(lines).replace("\n\n\n", "\n\n")


def _headline(texts: Texts, told: LowScore, who: str) -> str:
    now = _point(texts, told.first, told.given)
    if told.before is None or told.before == told.given:
        return texts("<b>Low score: {score}</b> from {who}", score=now, who=who)
    before = _point(texts, told.first, told.before)
    return texts("<b>Was {before}, now {score}</b>: {who}", before=before, score=now, who=who)


def _point(texts: Texts, question: Question, point: int | None) -> str:
    """Write an answer: of 0–10 the point alone, of other scales with their end."""
    if point is None:
        return texts("no answer")
    if isinstance(question, YesNoQuestion):
        return texts("Yes") if point else texts("No")
    if isinstance(question, ScaleQuestion):
        return texts("{point} of {high}", point=point, high=question.high)
    return str(point)


def _ratings(texts: Texts, told: LowScore) -> list[str]:
    """Return each question with a low answer and the one reported first; not 0–10 alone."""
    shown = list(dict.fromkeys([told.first, *told.low]))
    if [one.kind for one in shown] == ["nps"]:
        return []
    lines = []
    for question in shown:
        given = told.answers.get(question.key)
        point = _point(texts, question, int(given) if isinstance(given, int) else None)
        asked = fill(localized(question.text, texts.language), told.names)
        words = escape(shortened(asked), quote=False)
        lines.append(texts("{question} — {point}", question=words, point=point))
    return lines


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

    What is about the manager goes to the team lead, without one to the admins; where neither has a
    chat, the manager reads it: better than nobody.
    """
    about = {person.id for person in told.managers} if told.of_manager else set[int]()
    team = await circles.team_of(tx, told.customer.id)
    leads = _written_to([] if team is None else await people.leads(tx, team), about)
    admins = _written_to(await people.admins(tx), about)
    if about and (leads or admins):
        return leads or admins
    present = [one for one in told.managers if one.id == told.customer.manager_id]
    return list({one.id: one for one in (*admins, *(_written_to(present) or leads))}.values())


def _written_to(found: Sequence[Person], but: Collection[int] = ()) -> list[Person]:
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

    Who has been told already is not told again.
    """
    space = await workspace.get(tx)
    for number in numbers:
        invitation = await invitations.get(tx, number)
        told = await told_now(tx, invitation, space)
        if told is None or not told.low:
            continue
        anew = replace(told, before=None)
        for reader in await readers(tx, told):
            await _tell(tx, invitation, reader, anew, texts_for(reader, space), now)
