"""Which answers are so low that the staff hears of them at once. Pure.

The rule belongs to the survey: each rated question says from which answer on, in `alert_at`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from surveys.counts.recommending import DETRACTOR_MAX
from surveys.survey import flow
from surveys.survey.answers import Answer, bounds, check, score
from surveys.survey.definition import (
    RATED,
    NpsQuestion,
    Question,
    Survey,
    TextQuestion,
    YesNoQuestion,
)

_WORST_PART: Final = 3
"""A third of a scale is low: 1–2 of 1–5, 1–3 of 1–7, 0–3 of 0–10."""


def alert_score(question: Question) -> float | None:
    """Return the best score of a question that is still reported; None: none is."""
    if not isinstance(question, RATED) or question.alert_at == "never":
        return None
    if question.alert_at is not None:
        point = bool(question.alert_at) if question.kind == "yes_no" else question.alert_at
        return score(question, check(question, point))
    match question:
        case NpsQuestion():
            return float(DETRACTOR_MAX)
        case YesNoQuestion():
            return 0.0 if question.measures else None
        case _:
            return float(question.low + (question.high - question.low) // _WORST_PART)


def is_low(question: Question, answer: Answer) -> bool:
    """Tell whether an answer is to be reported."""
    most, given = alert_score(question), score(question, answer)
    return most is not None and given is not None and given <= most


def low_answers(survey: Survey, answers: Mapping[str, Answer]) -> list[Question]:
    """Return the questions of a named customers' survey with answers to report, the worst first.

    The question of recommending goes before all others: its segment decided the thanks.
    """
    if survey.anonymous or survey.audience != "customers":
        return []
    low = [one for one in survey.questions if is_low(one, answers.get(one.key))]
    return sorted(low, key=lambda one: (one.kind != "nps", share(one, answers.get(one.key))))


def told_by(survey: Survey, answers: Mapping[str, Answer], first: str | None) -> Sequence[object]:
    """Return all that answers add to what the staff is told; the same again is nothing new.

    `first` is the key of the question that was reported first.
    """
    return (
        [(one, answers.get(one.key)) for one in low_answers(survey, answers)],
        [
            answers.get(one.key)
            for one in survey.questions
            if one.key == first or isinstance(one, NpsQuestion | TextQuestion)
        ],
        [flow.wording(one, answers) for one in survey.questions if one.variants],
        lowest_is_of_manager(survey, answers),
    )


def share(question: Question, answer: Answer) -> float | None:
    """Return how high a rating is between the ends of its scale, 0 to 1; None: it is none."""
    found, ends = score(question, answer), bounds(question)
    if found is None or ends is None or not isinstance(question, RATED):
        return None
    low, high = map(float, ends)
    return (found - low) / (high - low)


def is_of_manager(question: Question) -> bool:
    """Tell whether a question is about the manager: it has a twin in theirs, or names them."""
    return (
        getattr(question, "mirror", None) is not None
        or "{manager}" in f"{question.text.ru}{question.text.en}"
    )


def lowest_is_of_manager(survey: Survey, answers: Mapping[str, Answer]) -> bool:
    """Tell whether no rating is lower than one about the manager, each on its own scale."""
    given = [
        (found, is_of_manager(question))
        for question in survey.questions
        if (found := share(question, answers.get(question.key))) is not None
    ]
    lowest = min((found for found, _ in given), default=0.0)
    return any(found == lowest and of_manager for found, of_manager in given)
