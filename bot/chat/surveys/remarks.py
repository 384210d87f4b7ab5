"""What people say beyond their answers: later words, a voice, a picture, an edited message.

Nothing of it is lost, and everybody is told what became of it. An anonymous survey takes nothing
but words typed as an answer, since anything else would show who speaks.
"""

from bot.chat.cases import correspondence
from bot.chat.surveys import progress, survey, too_long
from bot.chat.surveys.progress import Step
from bot.chat.visit import Visit
from bot.operations.campaigns.low_score_alerts import is_to_be_told, tell_low_score
from bot.operations.campaigns.remarks import keep, spoken_in
from bot.says.heard import Edited, File, Media, Words
from bot.says.refusals import invalid_answer
from bot.says.said import Reply, Show
from bot.says.screens import Screen
from storage.answering import answers, invitations, remarks
from storage.answering.remarks import Remark, Spoken, Typed
from storage.cases import cases
from surveys.errors import InvalidAnswer
from surveys.survey import answers as codec
from surveys.survey.answers import from_text
from surveys.survey.definition import TextQuestion


async def followed(words: Words, visit: Visit) -> Reply:
    """Keep words written after a survey with it; None where there is no such survey."""
    return await _add(spoken_in(words), visit)


async def passed_on(words: Words, visit: Visit) -> Reply:
    """Keep a forwarded message as somebody else's words, never as an answer; None for any other."""
    if not words.forwarded:
        return None
    asking = visit.texts("This is kept as a forwarded message. And in your own words?")
    return await _beside(spoken_in(words), visit, asking)


async def sent(media: Media | File, visit: Visit) -> Reply:
    """Keep a voice, a picture or a file; what is written below it counts as the answer."""
    step = await survey.open_step(visit)
    what = spoken_in(media)
    counts = media.caption and not media.forwarded and step and not step.survey.anonymous
    if step is not None and counts and await step.current() is not None:
        words = Words(media.who, media.message, media.when, media.caption)
        return await survey.take(words, visit, step, what)
    asking = visit.texts("This is kept and will be looked at. Now please answer the question.")
    return await _beside(what, visit, asking)


async def _beside(spoken: Spoken, visit: Visit, asking: str) -> Reply:
    """Keep it beside the open question and ask again; without one, add it to the last survey."""
    step = await survey.open_step(visit)
    if step is None or step.invitation is None or await step.current() is None:
        return await _add(spoken, visit)
    if step.survey.anonymous:
        return Show(
            Screen(
                visit.texts(
                    "This survey is anonymous and takes only words that you type here: a voice, a "
                    "picture or a forwarded message would show who you are. It was not kept."
                )
            )
        )
    await keep(visit.tx, step.invitation, spoken, visit.workspace, visit.now)
    return Show(Screen(asking))


async def _add(spoken: Spoken, visit: Visit) -> Reply:
    if visit.person is None:
        return None
    if await remarks.lately_anonymous(visit.tx, visit.person.id, visit.now):
        return Show(
            Screen(
                visit.texts(
                    "You answered an anonymous survey lately, so what you write now is not kept: "
                    "it would stand under your name."
                ),
                correspondence.write_row(visit.texts) if correspondence.may_write(visit) else (),
            )
        )
    invitation = await remarks.lately_answered(visit.tx, visit.person.id, visit.now)
    if invitation is None:
        return None
    await keep(visit.tx, invitation, spoken, visit.workspace, visit.now)
    if not correspondence.may_write(visit) or await cases.of_invitation(visit.tx, invitation.id):
        return Show(Screen(visit.texts("Thank you, this is added to your answer.")))
    await correspondence.hold(spoken, visit)
    said = visit.texts(
        "Thank you, this is added to your answer. Shall I pass it on to your manager as well?"
    )
    return Show(Screen(said, correspondence.offer_rows(visit.texts)))


async def edited(message: Edited, visit: Visit) -> Reply:
    """Change what an edited message said before, or say why it cannot be changed."""
    if visit.person is None:
        return []
    typed = await remarks.typed_in(visit.tx, visit.person.id, message.message)
    if typed is not None:
        return await _correct(typed, message, visit)
    remark = await remarks.said_in(visit.tx, visit.person.id, message.message)
    if remark is None:
        return []
    invitation = await invitations.get(visit.tx, remark.invitation_id)
    step = await progress.load(visit, visit.known, invitation)
    if await too_long.is_awaited(step, remark):
        return await _shorten(remark, message, visit, step)
    await remarks.reword(visit.tx, remark.id, message.text, visit.now)
    return []


async def _shorten(remark: Remark, message: Edited, visit: Visit, step: Step) -> Reply:
    """Take a message that was too long for an answer as one, now that it was shortened."""
    question = await step.current()
    if question is None:
        return []
    try:
        from_text(question, message.text)
    except InvalidAnswer as error:
        await remarks.reword(visit.tx, remark.id, message.text, visit.now)
        return Show(Screen(too_long.refused(visit.texts, invalid_answer(visit.texts, error))))
    words = Words(message.who, message.message, message.when, message.text)
    return await survey.take(words, visit, step)


async def _correct(typed: Typed, message: Edited, visit: Visit) -> Reply:
    invitation = await invitations.get(visit.tx, typed.invitation_id)
    step = await progress.load(visit, visit.known, invitation)
    if step.is_over:
        said = visit.texts("This survey is closed: your answer stays as it was.")
        return Show(Screen(said))
    question = step.survey.question(typed.question_key)
    try:
        given = from_text(question, message.text)
    except InvalidAnswer as error:
        problem = invalid_answer(visit.texts, error)
        said = visit.texts("Your answer stays as it was. {problem}", problem=problem)
        return Show(Screen(said))
    if not isinstance(question, TextQuestion):
        return Show(await progress.answer(step, question, given), invitation.id)
    await answers.reword(visit.tx, invitation.id, question.key, codec.to_json(given), visit.now)
    told = is_to_be_told(invitation, step.survey, question, given)
    if told or invitation.finished_at is not None:
        known = {**await step.sheet.answers(), question.key: given}
        await tell_low_score(visit.tx, invitation, step.survey, known, visit.workspace, visit.now)
    return Show(Screen(visit.texts("Your answer is changed.")))
