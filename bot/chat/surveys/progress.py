"""One step of a survey: what a tap or a typed text changes, and the screen that follows.

Everything is read from the database, nothing is remembered: a restart, Back and stale buttons need
no more than this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.surveys.sheets import AnonymousSheet, AskingSheet, Handles, NamedSheet, Sheet, decoded
from bot.chat.visit import Visit
from bot.operations.campaigns.low_score_alerts import is_to_be_told, tell_low_score
from bot.operations.cases import recovering
from bot.says import survey_screens
from bot.says.screens import Screen
from bot.says.survey_screens import NOBODY, SurveyView
from storage.answering import anonymous, invitations
from storage.answering.invitations import Invitation
from storage.asking import definitions
from storage.database import Transaction
from storage.people.people import Person
from storage.people.workspace import Workspace
from surveys.errors import InvalidAnswer
from surveys.survey import flow
from surveys.survey.answers import Answer
from surveys.survey.definition import Question, Survey
from surveys.survey.low_answers import told_by
from surveys.survey.placeholders import Placeholders
from templates.texts import Texts


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody stands in a survey, and what one more answer needs.

    Without an `invitation` the survey is only tried.
    """

    tx: Transaction
    now: datetime
    invitation: Invitation | None
    survey: Survey
    sheet: Sheet
    texts: Texts
    workspace: Workspace
    placeholders: Placeholders
    begins_again: bool = False
    """Whether the survey starts anew because a restore lost its anonymous sheet."""
    channel: str = ""
    concealed: frozenset[str] = frozenset()
    """Questions whose earlier answers are not shown: see `SurveyView`."""

    @property
    def view(self) -> SurveyView:
        """Return how the person sees the survey."""
        number = NOBODY if self.invitation is None else self.invitation.id
        return SurveyView(
            self.survey,
            number,
            self.texts,
            self.placeholders,
            self.sheet.handle,
            self.concealed,
            self.channel,
        )

    @property
    def is_over(self) -> bool:
        """Whether the survey no longer takes answers."""
        if self.invitation is None:
            return False
        state = self.invitation.state
        return self.invitation.closes_at <= self.now or state in {"expired", "cancelled"}

    @property
    def has_lost_its_sheet(self) -> bool:
        """Whether an anonymous survey was begun and neither a button nor memory knows its sheet."""
        begun = self.invitation is not None and self.invitation.started_at is not None
        return self.survey.anonymous and begun and not self.sheet.handle

    async def current(self) -> Question | None:
        """Return the question now before the person."""
        key = await self.sheet.current()
        return None if key is None else self.survey.question(key)


def placeholders_for(invitation: Invitation, person: Person, workspace: Workspace) -> Placeholders:
    """Return what a survey's texts may name: the company, the person, their manager then."""
    name, manager = person.first_name or "", invitation.manager_name or ""
    return Placeholders(company=workspace.company, name=name, manager=manager)


async def load(
    visit: Visit,
    person: Person,
    invitation: Invitation,
    handle: str = "",
    given: Mapping[str, str] | None = None,
) -> Step:
    """Return what a step needs; where the anonymous sheet is lost, it is begun again."""
    step = await find(visit, person, invitation, handle, given)
    if step.begins_again:
        visit.handles.forget(invitation.id)
        await invitations.start_over(visit.tx, invitation.id)
    elif step.sheet.handle:
        visit.handles.remember(invitation.id, step.sheet.handle)
    return step


async def find(
    visit: Visit,
    person: Person,
    invitation: Invitation,
    handle: str = "",
    given: Mapping[str, str] | None = None,
) -> Step:
    """Read what a step needs; an anonymous sheet is found by `handle` or by memory.

    `given`: the invitation's answers as JSON, where they have just been read.
    """
    tx, now = visit.tx, visit.now
    survey = (await definitions.get(tx, invitation.definition_id)).survey
    handle = (handle or visit.handles.recall(invitation.id)) if survey.anonymous else ""
    lost = bool(handle) and invitation.finished_at is None
    lost = lost and not await anonymous.is_open(tx, handle)
    if lost:
        invitation, handle = replace(invitation, started_at=None), ""
    known = None if given is None else decoded(survey, given)
    sheet: Sheet = NamedSheet(tx, invitation, survey, now, known=known)
    if handle:
        sheet = AnonymousSheet(tx, invitation, survey, now, handle)
    asks = invitation.current_question == recovering.KEY
    case = await recovering.due(tx, invitation, survey) if asks else None
    if case is not None:
        sheet = AskingSheet(tx, invitation, survey, now, known=known, case=case)
        survey = recovering.with_question(survey)
    filled = placeholders_for(invitation, person, visit.workspace)
    return Step(
        tx=tx,
        now=now,
        invitation=invitation,
        survey=survey,
        sheet=sheet,
        texts=visit.texts,
        workspace=visit.workspace,
        placeholders=filled,
        begins_again=lost,
        channel=visit.who.channel,
    )


async def begin_anonymous(step: Step, handles: Handles) -> Step:
    """Open the anonymous sheet at the first answer; named surveys and trials need nothing."""
    if step.invitation is None or not step.survey.anonymous or step.sheet.handle:
        return step
    handle = await anonymous.begin(step.tx, step.invitation.id, step.now)
    handles.remember(step.invitation.id, handle)
    sheet = AnonymousSheet(step.tx, step.invitation, step.survey, step.now, handle)
    return replace(step, sheet=sheet)


async def answer(step: Step, question: Question, given: Answer, *, stay: bool = False) -> Screen:
    """Keep an answer and return the next screen (`stay`: the same one, for a toggled option).

    With the last option taken back the question is unanswered again. Answers to questions that it
    makes irrelevant go at once: whoever leaves here leaves none that would be counted.
    """
    before = {} if step.survey.anonymous else await step.sheet.answers()
    if given == ():
        await step.sheet.forget(frozenset({question.key}))
    else:
        await step.sheet.answer(question, given)
        await _note_channel(step)
    if stay:
        return await show(step, question)
    await _forget_irrelevant(step)
    following = flow.after(step.survey, await step.sheet.answers(), question.key)
    if following is None:
        return await _end(step, question)
    await _tell(step, question, before)
    return await show(step, following)


async def _tell(step: Step, question: Question, before: Mapping[str, Answer]) -> None:
    """Tell of a low answer at once; what follows changes what was told, where it adds to it."""
    answers, survey, invitation = await step.sheet.answers(), step.survey, step.invitation
    if invitation is None or not is_to_be_told(
        invitation, survey, question, answers.get(question.key)
    ):
        return
    first = invitation.alerted_question
    if told_by(survey, before, first) != told_by(survey, answers, first):
        await tell_low_score(step.tx, invitation, survey, answers, step.workspace, step.now)


async def _note_channel(step: Step) -> None:
    """Keep the channel of the first answer; nothing is kept of anonymous ones."""
    invitation = step.invitation
    if invitation is None or invitation.started_at is not None or step.survey.anonymous:
        return
    if invitation.channel != step.channel:
        await invitations.answered_by(step.tx, invitation.id, step.channel)


async def skip(step: Step, question: Question) -> Screen:
    """Note that an optional question was passed over; an earlier answer to it goes."""
    if not question.optional:
        code = "use_buttons"
        raise InvalidAnswer(code)
    return await answer(step, question, None)


async def done(step: Step, question: Question) -> Screen:
    """Go on from a question whose options are ticked, never from another."""
    if not (await step.sheet.answers()).get(question.key):
        code = "use_buttons"
        raise InvalidAnswer(code)
    return await move_on(step, question)


async def _forget_irrelevant(step: Step) -> None:
    stale = flow.irrelevant(step.survey, await step.sheet.answers())
    if stale:
        await step.sheet.forget(stale)


async def move_on(step: Step, question: Question) -> Screen:
    """Return the screen after a question: the next one, or the thanks."""
    await _forget_irrelevant(step)
    following = flow.after(step.survey, await step.sheet.answers(), question.key)
    return await _end(step, question) if following is None else await show(step, following)


async def _end(step: Step, question: Question) -> Screen:
    given = await step.sheet.answers()
    screen = survey_screens.thanks(step.view, given, step.workspace.review_url)
    await step.sheet.finish()
    if step.invitation is not None and question.key != recovering.KEY:
        answered = replace(step.invitation, finished_at=step.invitation.finished_at or step.now)
        await tell_low_score(step.tx, answered, step.survey, given, step.workspace, step.now)
        asking = await _asking(step, step.invitation)
        if asking is not None:
            return await show(asking, asking.survey.questions[-1])
    return screen if not step.sheet.handle else Screen(screen.text)


async def _asking(step: Step, invitation: Invitation) -> Step | None:
    """Return the step that asks whether an earlier case was put right; None where none is due.

    The survey is finished by then: whoever leaves here has answered it.
    """
    case = await recovering.due(step.tx, invitation, step.survey)
    if case is None:
        return None
    sheet = AskingSheet(step.tx, invitation, step.survey, step.now, case=case)
    return replace(step, survey=recovering.with_question(step.survey), sheet=sheet)


async def show(step: Step, question: Question) -> Screen:
    """Put a question before the person."""
    await step.sheet.show(question)
    return await _put(step, question)


async def _put(step: Step, question: Question) -> Screen:
    given, asked = await step.sheet.answers(), await step.sheet.asked(question)
    return survey_screens.question_screen(step.view, question, given, asked)


async def present(step: Step) -> Screen:
    """Return the screen where the survey stands, changing nothing."""
    if step.invitation is not None and step.is_over:
        day = step.invitation.closes_at.astimezone(step.workspace.tzinfo).date()
        return survey_screens.closed(step.texts, day)
    given = await step.sheet.answers()
    question = await step.current()
    if question is None:
        screen = survey_screens.thanks(step.view, given, step.workspace.review_url)
        return Screen(screen.text) if step.survey.anonymous else screen
    return await _put(step, question)


async def thanked(step: Step) -> Screen:
    """Return the thanks as they stay in the chat while the answers are being changed."""
    given = await step.sheet.answers()
    return survey_screens.thanks(step.view, given, step.workspace.review_url, may_change=False)


async def reopen(step: Step) -> Screen:
    """Return the first question again, so that answers can be changed until the survey closes."""
    return await show(step, step.survey.questions[0])
