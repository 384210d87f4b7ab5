"""The SQL under every figure: what each respondent of a period scored on each measure, once.

A respondent counts once per measure and period, with the latest answer to each of its items, under
the manager, segment and touchpoint of the invitation that the latest of those answers came from.
Which items must be there is told by that invitation's definition. Only relationship surveys count:
transactional scores are never pooled with them.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)

from storage.tables.surveys import anonymous_answers as sheet_answers
from storage.tables.surveys import anonymous_sheets as sheets
from storage.tables.surveys import (
    answers,
    definitions,
    invitations,
    question_measures,
    questions,
)

_MEASURE = question_measures.c.measure
_IS_NPS = _MEASURE == "nps"


def _points(score: ColumnElement[float | None]) -> ColumnElement[float]:
    """Return the raw score for nps, elsewhere the score on 0–100."""
    span = cast(questions.c.high - questions.c.low, Float)
    return case((_IS_NPS, score), else_=100 * (score - questions.c.low) / span)


def _required() -> Subquery:
    """Return how many items a definition has of each measure; nps is one, however often asked."""
    return (
        select(
            questions.c.definition_id,
            _MEASURE,
            case((_IS_NPS, 1), else_=func.count()).label("item_count"),
        )
        .join(question_measures, question_measures.c.question_id == questions.c.id)
        .group_by(questions.c.definition_id, _MEASURE)
        .subquery("required")
    )


def _given(start: datetime, end: datetime) -> Subquery:
    """Return the scored answers of a period, ranked: 1 is a respondent's latest."""
    item = case((_IS_NPS, literal("")), else_=questions.c.key)
    latest_first = answers.c.answered_at.desc(), answers.c.id.desc()
    per_measure = (_MEASURE, invitations.c.person_id)
    rank = func.row_number()
    return (
        select(
            _MEASURE,
            invitations.c.person_id,
            invitations.c.definition_id,
            invitations.c.manager_id,
            invitations.c.segment,
            invitations.c.touchpoint,
            questions.c.key.label("item"),
            _points(answers.c.score).label("points"),
            rank.over(partition_by=(*per_measure, item), order_by=latest_first).label("of_item"),
            rank.over(partition_by=per_measure, order_by=latest_first).label("of_measure"),
        )
        .select_from(question_measures)
        .join(questions, questions.c.id == question_measures.c.question_id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .join(answers, answers.c.question_id == questions.c.id)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .where(
            definitions.c.kind == "relationship",
            answers.c.answered_at >= start,
            answers.c.answered_at < end,
            answers.c.score.is_not(None),
        )
        .subquery("given")
    )


def respondents(start: datetime, end: datetime) -> Subquery:
    """Return one row a respondent and measure: its groups, total, item_count, complete.

    The score is total / item_count. `complete` tells whether every item was answered.
    """
    given, required = _given(start, end), _required()
    last = select(given).where(given.c.of_measure == 1).subquery("last")
    asked = (
        select(questions.c.definition_id, _MEASURE, questions.c.key)
        .join(question_measures, question_measures.c.question_id == questions.c.id)
        .subquery("asked")
    )
    groups = (last.c.manager_id, last.c.segment, last.c.touchpoint)
    item_count = func.count()
    return (
        select(
            last.c.measure,
            last.c.person_id,
            *groups,
            func.sum(given.c.points).label("total"),
            item_count.label("item_count"),
            cast(item_count == required.c.item_count, Boolean).label("complete"),
        )
        .select_from(last)
        .join(
            given,
            and_(
                given.c.measure == last.c.measure,
                given.c.person_id == last.c.person_id,
                given.c.of_item == 1,
            ),
        )
        .join(
            asked,
            and_(
                asked.c.definition_id == last.c.definition_id,
                asked.c.measure == last.c.measure,
                # The latest nps answer is the respondent's, whatever its question was called.
                asked.c.key == case((last.c.measure == "nps", last.c.item), else_=given.c.item),
            ),
        )
        .join(
            required,
            and_(
                required.c.definition_id == last.c.definition_id,
                required.c.measure == last.c.measure,
            ),
        )
        .group_by(last.c.measure, last.c.person_id, *groups, required.c.item_count)
        .subquery("respondents")
    )


def anonymous_respondents(months: Collection[str]) -> Subquery:
    """Return the same of released anonymous sheets of these months, without a respondent.

    Their one group is the segment, where the release kept it.
    """
    required = _required()
    of_customers = definitions.c.audience == "customers"
    segment = case((of_customers, sheets.c.breakdown), else_=None)
    item_count = func.count()
    return (
        select(
            _MEASURE,
            sheets.c.id.label("sheet_id"),
            segment.label("segment"),
            func.sum(_points(sheet_answers.c.score)).label("total"),
            item_count.label("item_count"),
            cast(item_count == required.c.item_count, Boolean).label("complete"),
        )
        .select_from(sheets)
        .join(definitions, definitions.c.id == sheets.c.definition_id)
        .join(sheet_answers, sheet_answers.c.sheet_id == sheets.c.id)
        .join(
            questions,
            and_(
                questions.c.definition_id == sheets.c.definition_id,
                questions.c.key == sheet_answers.c.question_key,
            ),
        )
        .join(question_measures, question_measures.c.question_id == questions.c.id)
        .join(
            required,
            and_(required.c.definition_id == definitions.c.id, required.c.measure == _MEASURE),
        )
        .where(
            sheets.c.released,
            sheets.c.month.in_(months),
            definitions.c.kind == "relationship",
            sheet_answers.c.score.is_not(None),
        )
        .group_by(_MEASURE, sheets.c.id, segment, required.c.item_count)
        .subquery("anonymous_respondents")
    )
