"""Answering a survey: taps below the question, typed text, and everything that may go wrong."""

from typing import Any

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.methods import EditMessageReplyMarkup
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.chat import progress
from bot.chat.progress import Step
from bot.chat.say import edit, say, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies, Reply
from bot.says.refusals import invalid_answer
from bot.says.screens import Screen
from bot.says.taps import SurveyTap, unpack
from storage.asking import invitations
from surveys.errors import InvalidAnswer
from surveys.survey import flow
from surveys.survey.answers import Answer, from_option, from_text, toggle
from surveys.survey.definition import ChoicesQuestion, Question


def is_survey_tap(query: CallbackQuery) -> dict[str, Any] | bool:
    """Filter: a button of a survey; hands its reference on as `tap`."""
    tap = unpack(query.data)
    return {"tap": tap} if isinstance(tap, SurveyTap) else False


async def tapped(query: CallbackQuery, tap: SurveyTap, visit: Visit) -> Replies:
    """Do what a button says, if it is the sender's own and still the present one."""
    invitation = await invitations.by_id(visit.tx, tap.invitation_id)
    if invitation is None:
        return await _lost(query, visit)
    if visit.person is None or invitation.person_id != visit.person.id:
        return [toast(query, visit.texts("This button belongs to somebody else's survey."))]
    step = await progress.load(visit, visit.person, invitation, tap.handle)
    if query.message is not None:
        await invitations.set_message(visit.tx, invitation.id, query.message.message_id)
    if step.is_over:
        return _turn_into(
            query, await progress.present(step), visit.texts("This survey is closed.")
        )
    if tap.action == "change":
        return _turn_into(query, await _change(step), "")
    return await _answered(query, tap, visit, step)


async def _lost(query: CallbackQuery, visit: Visit) -> Replies:
    """Answer for a survey that a restored database does not know: go on with the one now open."""
    if visit.person is None:
        return [toast(query, visit.texts("This button no longer works. Please send /start."))]
    step = await _open_step(visit)
    if step is None or await step.current() is None:
        said = visit.texts("This survey is over. Thank you! We will write when there is another.")
        return [toast(query, said)]
    if query.message is not None:
        await invitations.set_message(visit.tx, step.invitation.id, query.message.message_id)
    said = visit.texts("That button is out of date. Here is where we are.")
    return _turn_into(query, await progress.present(step), said)


async def _answered(query: CallbackQuery, tap: SurveyTap, visit: Visit, step: Step) -> Replies:
    current = await step.current()
    if current is None or step.survey.questions.index(current) != tap.question:
        said = visit.texts("That button is out of date. Here is where we are.")
        return _turn_into(query, await progress.present(step), said)
    if step.has_lost_its_sheet:
        return [toast(query, visit.texts("Please go on in the newer message."))]
    step = await progress.begin_anonymous(step, visit.handles)
    try:
        screen = await _act(step, current, tap)
    except InvalidAnswer as error:
        return [toast(query, invalid_answer(visit.texts, error))]
    return _turn_into(query, screen, "")


async def _change(step: Step) -> Screen:
    if step.survey.anonymous or await step.current() is not None:
        return await progress.present(step)
    return await progress.reopen(step)


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


def _turn_into(query: CallbackQuery, screen: Screen, said: str) -> Replies:
    return [toast(query, said), edit(query, screen)]


async def typed(message: Message, visit: Visit) -> Replies:
    """Take typed text as the answer to the question last shown; without one, pass it on."""
    step = await _open_step(visit)
    question = None if step is None else await step.current()
    if step is None or question is None:
        raise SkipHandler
    if step.has_lost_its_sheet:
        text = visit.texts("Please tap a button below the question once, then type your answer.")
        return [say(visit, Screen(text))]
    try:
        given: Answer = from_text(question, message.text or "")
    except InvalidAnswer as error:
        return [say(visit, Screen(invalid_answer(visit.texts, error)))]
    step = await progress.begin_anonymous(step, visit.handles)
    screen = await progress.answer(step, question, given)
    return [say(visit, screen, invitation_id=step.invitation.id), *_strip_buttons(step, visit)]


async def sent_something_else(_: Message, visit: Visit) -> Replies:
    """Ask for words where something else came while a question is open."""
    step = await _open_step(visit)
    if step is None or await step.current() is None:
        raise SkipHandler
    return [say(visit, Screen(visit.texts("Please answer with a button or in words.")))]


async def _open_step(visit: Visit) -> Step | None:
    if visit.person is None:
        return None
    invitation = await invitations.open_of(visit.tx, visit.person.id, visit.now)
    if invitation is None:
        return None
    return await progress.load(visit, visit.person, invitation)


def _strip_buttons(step: Step, visit: Visit) -> Replies:
    """Take the buttons off a question that was answered below its message."""
    if step.invitation.message_id is None:
        return []
    return [
        Reply(
            EditMessageReplyMarkup(
                chat_id=visit.chat_id,
                message_id=step.invitation.message_id,
                reply_markup=InlineKeyboardMarkup(inline_keyboard=[]),
            )
        )
    ]


def build_router() -> Router:
    """Return a new router with the handlers of this module."""
    router = Router(name="survey")
    router.callback_query.register(tapped, is_survey_tap)
    router.message.register(typed, F.text, ~F.text.startswith("/"))
    router.message.register(
        sent_something_else,
        F.voice | F.photo | F.video | F.video_note | F.audio | F.document | F.sticker,
    )
    return router
