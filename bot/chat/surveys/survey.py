"""Answering a survey: taps below the question, typed text, and everything that may go wrong."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.chat.surveys import progress, too_long
from bot.chat.surveys.progress import Step
from bot.chat.visit import Visit
from bot.operations.campaigns.remarks import keep, spoken_in
from bot.says.channels import ways
from bot.says.heard import Tap, Words
from bot.says.refusals import invalid_answer
from bot.says.said import Change, Reply, Said, Show, Toast, Unbutton
from bot.says.screens import Screen
from bot.says.taps import SurveyTap
from storage.answering import answers, invitations, remarks
from storage.answering.invitations import Invitation
from storage.answering.remarks import Spoken
from surveys.errors import InvalidAnswer
from surveys.survey import flow
from surveys.survey.answers import Answer, from_option, from_text, toggle
from surveys.survey.definition import ChoicesQuestion, Question


async def tapped(tap: Tap[SurveyTap], visit: Visit) -> Reply:
    """Do what a button says, if it is the sender's own and of the present question."""
    number = tap.button.invitation_id
    invitation, given = await answers.with_invitation(visit.tx, number)
    if invitation is None:
        return await _lost(tap, visit)
    if visit.person is None or invitation.person_id != visit.person.id:
        return Toast(visit.texts("This button belongs to somebody else's survey."))
    step = await progress.load(visit, visit.person, invitation, tap.button.handle, given)
    if tap.message and tap.message != invitation.message_id:
        await invitations.set_message(visit.tx, invitation.id, tap.message)
    return await go_on(tap, visit, step)


async def go_on(tap: Tap[SurveyTap], visit: Visit, step: Step) -> Sequence[Said]:
    """Do what a button says where the survey stands."""
    if step.is_over:
        closed = visit.texts("This survey is closed.")
        return [Toast(closed), Change(await progress.present(step))]
    if tap.button.action == "change":
        return await _change(step)
    return await _answered(tap, visit, step)


async def _lost(tap: Tap[SurveyTap], visit: Visit) -> Reply:
    """Answer a button of a survey that a restored database lacks: go on with the one now open."""
    if visit.person is None:
        return Toast(visit.texts(ways(visit.who.channel).no_button))
    step = await open_step(visit)
    if step is None or step.invitation is None or await step.current() is None:
        return Toast(visit.texts(ways(visit.who.channel).over))
    if tap.message:
        await invitations.set_message(visit.tx, step.invitation.id, tap.message)
    said = visit.texts("That button is out of date. Here is where we are.")
    return [Toast(said), Change(await progress.present(step))]


async def _answered(tap: Tap[SurveyTap], visit: Visit, step: Step) -> Sequence[Said]:
    current = await step.current()
    if current is None or flow.place(step.survey, current.key) != tap.button.question:
        if not tap.message and await _is_repeated(step, tap.button):
            # A form that was sent twice, as browsers do: its page shows what follows.
            return [Toast(), Change(await progress.present(step))]
        said = visit.texts("That button is out of date. Here is where we are.")
        if step.begins_again:
            said = visit.texts("Your answers were lost, sorry! Please begin again.")
        return [Toast(said), Change(await progress.present(step))]
    if step.has_lost_its_sheet:
        return [Toast(visit.texts(ways(visit.who.channel).elsewhere))]
    step = await progress.begin_anonymous(step, visit.handles)
    try:
        screen = await _act(step, current, tap.button)
    except InvalidAnswer as error:
        return [Toast(invalid_answer(visit.texts, error))]
    return [Change(screen)]


async def _is_repeated(step: Step, tap: SurveyTap) -> bool:
    """Tell whether a tap repeats the given answer, so that nothing needs to be said."""
    if tap.action != "answer" or not 0 <= tap.question < len(step.survey.questions):
        return False
    question = step.survey.questions[tap.question]
    given = (await step.sheet.answers()).get(question.key)
    if given is None or isinstance(question, ChoicesQuestion):
        return False
    with suppress(InvalidAnswer):
        return from_option(question, tap.option) == given
    return False


async def _change(step: Step) -> Sequence[Said]:
    """Ask again in a new message, and leave the thanks where they are.

    Where that was done already (a double tap, a message that did not arrive) the question stands
    here instead.
    """
    if step.survey.anonymous or await step.current() is not None:
        return [Change(await progress.present(step))]
    thanked = await progress.thanked(step)
    number = None if step.invitation is None else step.invitation.id
    return [Change(thanked), Show(await progress.reopen(step), number)]


async def _act(step: Step, question: Question, tap: SurveyTap) -> Screen:
    match tap.action:
        case "back":
            earlier = flow.before(step.survey, await step.sheet.answers(), question.key)
            return await progress.show(step, earlier or question)
        case "skip":
            return await progress.skip(step, question)
        case "done":
            return await progress.done(step, question)
        case "answer" if isinstance(question, ChoicesQuestion):
            chosen = (await step.sheet.answers()).get(question.key)
            present = chosen if isinstance(chosen, tuple) else ()
            return await progress.answer(
                step, question, toggle(question, present, tap.option), stay=True
            )
        case "answer":
            return await progress.answer(step, question, from_option(question, tap.option))
        case _:
            return await progress.present(step)


async def typed(words: Words, visit: Visit) -> Reply:
    """Take typed text as the answer to the question last shown; without one, pass it on."""
    if words.below is not None:
        return await _typed_below(words, words.below, visit)
    step = await open_step(visit)
    return None if step is None else await take(words, visit, step)


async def _typed_below(words: Words, below: SurveyTap, visit: Visit) -> Reply:
    """Take words as the answer to the very question that they were typed below."""
    invitation = await invitations.by_id(visit.tx, below.invitation_id)
    if visit.person is None or invitation is None or invitation.person_id != visit.person.id:
        return Toast(visit.texts("This button belongs to somebody else's survey."))
    step = await progress.load(visit, visit.person, invitation, below.handle)
    if step.is_over:
        closed = visit.texts("This survey is closed.")
        return [Toast(closed), Change(await progress.present(step))]
    current = await step.current()
    if current is None or flow.place(step.survey, current.key) != below.question:
        if await _was_typed(step, below, words.text):
            return [Toast(), Change(await progress.present(step))]
        said = visit.texts("That button is out of date. Here is where we are.")
        return [Toast(said), Change(await progress.present(step))]
    if step.has_lost_its_sheet:
        return Toast(visit.texts(ways(visit.who.channel).elsewhere))
    return await take(words, visit, step)


async def _was_typed(step: Step, below: SurveyTap, text: str) -> bool:
    """Tell whether these words are what the question was answered with."""
    if not 0 <= below.question < len(step.survey.questions):
        return False
    question = step.survey.questions[below.question]
    with suppress(InvalidAnswer):
        return (await step.sheet.answers()).get(question.key) == from_text(question, text)
    return False


async def take(
    words: Words, visit: Visit, step: Step, sent_with: Spoken | None = None
) -> Sequence[Said] | None:
    """Take words as the answer to the question that is open; None where none is.

    `sent_with`: the picture or file that they are the caption of. It is kept with them where they
    are no answer, else without: one word is kept once.
    """
    question = await step.current()
    if question is None:
        return None
    if step.has_lost_its_sheet:
        text = visit.texts("Please tap a button below the question once, then type your answer.")
        return [Show(Screen(text))]
    try:
        given: Answer = from_text(question, words.text)
    except InvalidAnswer as error:
        spoken = sent_with or spoken_in(words)
        return [Show(Screen(await _unfitting(words, spoken, visit, step, error)))]
    step = await progress.begin_anonymous(step, visit.handles)
    if step.invitation is not None and sent_with is not None:
        alone = replace(sent_with, text="")
        await keep(visit.tx, step.invitation, alone, visit.workspace, visit.now)
    await too_long.give_way(step, question, words)
    screen = await progress.answer(step, question, given)
    if step.invitation is None:
        return [Show(screen)]
    if words.message and not step.survey.anonymous:
        number = step.invitation.id
        await remarks.note_typed(visit.tx, number, question.key, words.message)
    return [Show(screen, step.invitation.id), *_unbutton(step.invitation)]


async def _unfitting(
    words: Words, spoken: Spoken, visit: Visit, step: Step, error: InvalidAnswer
) -> str:
    """Return why words are no answer; of a named survey they are kept all the same."""
    problem = invalid_answer(visit.texts, error)
    says_something = any(mark.isalpha() for mark in words.text)
    of_use = says_something or spoken.file_id is not None
    if step.invitation is None or step.survey.anonymous or not of_use:
        return problem
    question = await step.current()
    asked = None
    if error.code == "too_long" and question is not None:
        await too_long.give_way(step, question, words)
        asked = await too_long.wording(step, question)
    await keep(visit.tx, step.invitation, spoken, visit.workspace, visit.now, asked)
    if not says_something:
        return problem
    if asked is None:
        return visit.texts("{problem} Your words are kept too.", problem=problem)
    return too_long.refused(visit.texts, problem)


async def open_step(visit: Visit) -> Step | None:
    """Return where the person stands in the survey that is open before them."""
    if visit.person is None:
        return None
    invitation = await invitations.open_of(visit.tx, visit.person.id, visit.now)
    if invitation is None:
        return None
    return await progress.load(visit, visit.person, invitation)


def _unbutton(invitation: Invitation) -> Sequence[Said]:
    """Take the buttons off a question that was answered below its message."""
    return [] if invitation.message_id is None else [Unbutton(invitation.message_id)]
