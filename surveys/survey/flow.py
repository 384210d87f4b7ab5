"""Where a respondent is in a survey: a function of the definition and the answers, nothing else.

Questions are asked in the order of the file. A question is visible when its condition holds for
the answers of the visible questions before it, so an answer whose question became irrelevant
decides nothing any more.
"""

from collections.abc import Mapping
from decimal import Decimal

from surveys.counts.recommending import nps_segment
from surveys.errors import UnknownQuestion
from surveys.survey.answers import Answer
from surveys.survey.definition import Condition, LocalText, Question, Survey

Answers = Mapping[str, Answer]
"""Question key → answer; a key with None was skipped, a missing key was not reached."""


def holds(condition: Condition, answers: Answers) -> bool:
    """Tell whether the condition is true for the answers."""
    if condition.all is not None:
        return all(holds(part, answers) for part in condition.all)
    if condition.any is not None:
        return any(holds(part, answers) for part in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, answers)
    return _passes(condition, answers.get(condition.question or ""))


def _passes(test: Condition, answer: Answer) -> bool:
    if test.answered is not None:
        return (answer is not None) is test.answered
    if isinstance(answer, int | Decimal) and test.at_least is not None:
        return answer >= test.at_least
    if isinstance(answer, int | Decimal) and test.at_most is not None:
        return answer <= test.at_most
    wanted = test.in_ or (test.is_,)
    picked = answer if isinstance(answer, tuple) else (answer,)
    return answer is not None and any(item in wanted for item in picked)


def visible(survey: Survey, answers: Answers) -> tuple[Question, ...]:
    """Return the questions this respondent is asked, in order, as far as the answers tell."""
    shown: list[Question] = []
    known: dict[str, Answer] = {}
    for question in survey.questions:
        if question.show_if is None or holds(question.show_if, known):
            shown.append(question)
            if question.key in answers:
                known[question.key] = answers[question.key]
    return tuple(shown)


def after(survey: Survey, answers: Answers, key: str | None) -> Question | None:
    """Return the visible question after `key`, or the first; None when it was the last."""
    at = -1 if key is None else place(survey, key)
    following = (item for item in visible(survey, answers) if place(survey, item.key) > at)
    return next(following, None)


def before(survey: Survey, answers: Answers, key: str) -> Question | None:
    """Return the visible question before `key`; None when it is the first."""
    at = place(survey, key)
    earlier = [item for item in visible(survey, answers) if place(survey, item.key) < at]
    return earlier[-1] if earlier else None


def progress(survey: Survey, answers: Answers, key: str) -> tuple[int, int]:
    """Return the question's 1-based position and the number of questions now visible."""
    at = place(survey, key)
    shown = visible(survey, answers)
    return sum(place(survey, item.key) <= at for item in shown), len(shown)


def irrelevant(survey: Survey, answers: Answers) -> frozenset[str]:
    """Return the keys of answers whose questions are not visible (any more)."""
    return frozenset(answers) - {question.key for question in visible(survey, answers)}


def wording(question: Question, answers: Answers) -> LocalText:
    """Choose the question's text: the first variant whose condition holds, or its plain text."""
    fitting = (item.text for item in question.variants if holds(item.if_, answers))
    return next(fitting, question.text)


def asks(survey: Survey, answers: Answers, text: LocalText) -> bool:
    """Tell whether these answers bring a question in just this wording."""
    return any(wording(question, answers) == text for question in survey.questions)


def thanks(survey: Survey, answers: Answers) -> LocalText:
    """Choose the last screen's text, by the segment of the nps answer where there is one."""
    for question in visible(survey, answers):
        answer = answers.get(question.key)
        if question.kind == "nps" and isinstance(answer, int):
            return getattr(survey.thanks, nps_segment(answer)) or survey.thanks.default
    return survey.thanks.default


def total(survey: Survey, answers: Answers) -> Decimal:
    """Return the sum of the numbers given to the visible questions that ask for one."""
    asked = (question.key for question in visible(survey, answers) if question.kind == "number")
    given = (answers.get(key) for key in asked)
    return sum((one for one in given if isinstance(one, Decimal)), Decimal(0))


def place(survey: Survey, key: str) -> int:
    """Return where a question stands in its survey, from 0; raises UnknownQuestion."""
    for number, question in enumerate(survey.questions):
        if question.key == key:
            return number
    raise UnknownQuestion(survey.key, key)
