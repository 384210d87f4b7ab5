"""A customer's words, each with the question and the answer that it was written beside."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.operations.campaigns.low_score import SaidThen
from storage.answering import answers as answer_rows
from storage.answering import remarks
from storage.answering.invitations import Invitation
from storage.answering.remarks import RemarkKind
from storage.cases import cases
from storage.cases.cases import CaseEvent
from storage.database import Transaction
from surveys.survey import flow
from surveys.survey.answers import Answer
from surveys.survey.definition import LocalText, Question, Survey, TextQuestion


async def said_by(
    tx: Transaction,
    invitation: Invitation,
    survey: Survey,
    answers: Mapping[str, Answer],
    first: Question | None,
) -> list[SaidThen]:
    """Return what was said about a survey: the answers, then what was added, voices included.

    `first` is the question whose answer is reported; None: none is.
    """
    typed = [
        (question.key, given)
        for question in survey.questions
        if isinstance(question, TextQuestion)
        and isinstance(given := answers.get(question.key), str)
    ]
    found: list[tuple[str, datetime, str | None, RemarkKind, bool]] = []
    if typed:
        written = (await answer_rows.written_to(tx, [invitation.id]))[invitation.id]
        found = [
            (given, written[key].at, written[key].asked, "words", False)
            for key, given in typed
            if key in written
        ]
    added = await remarks.of_invitation(tx, invitation.id)
    found += [(one.text, one.said_at, one.asked, one.kind, one.forwarded) for one in added]
    if not found:
        return []
    case = await cases.of_invitation(tx, invitation.id)
    history: Sequence[CaseEvent] = []
    if case is not None and first is not None and case.question == first.key:
        history = await cases.history(tx, case.id)
    now = None if first is None else answers.get(first.key)
    return [
        SaidThen(text, _otherwise(survey, answers, asked), _then(history, at, now), kind, forwarded)
        for text, at, asked, kind, forwarded in found
    ]


def _otherwise(
    survey: Survey, answers: Mapping[str, Answer], asked: str | None
) -> LocalText | None:
    """Return the wording that words were written under, None where it is still asked so."""
    if asked is None:
        return None
    worded = LocalText.model_validate_json(asked)
    return None if flow.asks(survey, answers, worded) else worded


def _then(history: Sequence[CaseEvent], at: datetime, now: Answer) -> int | None:
    """Return what the answer was at a moment, None where it is the same now or not known."""
    before = list(_scores(history, at))
    return before[-1] if before and before[-1] != now else None


def _scores(history: Sequence[CaseEvent], until: datetime) -> Iterator[int]:
    for one in history:
        of_answer = one.kind in {"opened", "answer_changed"} and one.happened_at <= until
        if of_answer and one.details:
            yield int(one.details)
