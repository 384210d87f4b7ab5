"""Words that are too long for an answer: a remark until a shorter answer takes their place.

Nothing is lost where no shorter one comes. One that does is the person's own correction, as an
edited message is.
"""

from datetime import timedelta

from bot.chat.surveys.progress import Step
from bot.says.heard import Words
from storage.answering import remarks
from storage.answering.remarks import Remark
from surveys.survey import flow
from surveys.survey.definition import Question, TextQuestion
from templates.texts import Texts

TO_SHORTEN = timedelta(seconds=5)
"""Nobody reads that words are too long, and shortens them, sooner.

Messengers split what is longer than a message: its rest follows at once and replaces nothing.
"""


async def wording(step: Step, question: Question) -> str:
    """Return the wording (JSON) of the question before the person."""
    return flow.wording(question, await step.sheet.answers()).model_dump_json()


async def give_way(step: Step, question: Question, words: Words) -> None:
    """Drop what was too long for the question, now that `words` take its place."""
    if step.invitation is None or step.survey.anonymous or not isinstance(question, TextQuestion):
        return
    asked = await wording(step, question)
    for one in await remarks.of_invitation(step.tx, step.invitation.id):
        if _is_too_long(one, question, asked) and _gives_way(one, words):
            await remarks.take_back(step.tx, one)


async def is_awaited(step: Step, remark: Remark) -> bool:
    """Tell whether a remark was too long for the question that is open now."""
    question = None if step.is_over else await step.current()
    if not isinstance(question, TextQuestion):
        return False
    return _is_too_long(remark, question, await wording(step, question))


def refused(texts: Texts, problem: str) -> str:
    """Return that words are too long, and what becomes of them."""
    return texts(
        "{problem} What you wrote is kept until a shorter answer takes its place.", problem=problem
    )


def _is_too_long(remark: Remark, question: TextQuestion, asked: str) -> bool:
    """Tell what was refused from what was an answer once: only that was within the limit."""
    return remark.asked == asked and len(remark.text) > question.max_length


def _gives_way(remark: Remark, words: Words) -> bool:
    typed_on_a_page = not words.message
    same = words.text == remark.text or words.message == remark.message
    return typed_on_a_page or same or words.when >= remark.said_at + TO_SHORTEN
