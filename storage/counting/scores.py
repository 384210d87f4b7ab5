"""The SQL under every figure: what each respondent of a period scored on each measure, once.

A respondent counts once per measure and period, with the latest answer to each of its items, under
the manager, segment, touchpoint and channel of the invitation that the latest of those answers came
from.
A score is complete when the respondent answered every item in that invitation's definition. The
caller chooses the answers, a period's or a wave's, by a condition (`Which`) on `answers`,
`invitations`, `questions` and `definitions`.

It is one pass with window functions. A join of big results depends on the planner: after SQLite's
ANALYZE one took 180 seconds instead of one.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Label,
    RowMapping,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
)

from storage.engine.reading import Reader
from storage.tables.surveys import anonymous_answers as sheet_answers
from storage.tables.surveys import anonymous_sheets as sheets
from storage.tables.surveys import (
    answers,
    definitions,
    invitations,
    question_measures,
    questions,
)
from surveys.counts.measures import NPS
from surveys.counts.recommending import SCORES

SurveyKind = Literal["relationship", "transactional"]
Which = ColumnElement[bool]
EVERYBODY: Which = true()
"""No narrower choice: the whole company."""
OF_QUESTION = answers.c.question_id == questions.c.id + 0
"""Joins questions with their answers.

The sum makes SQLite's planner begin with the questions. Without it the planner began with the
answers: it read every one and looked up its question.
"""
_MEASURE = question_measures.c.measure
IS_NPS = _MEASURE == NPS
START, END = [bindparam(name, type_=answers.c.answered_at.type) for name in ("start", "end")]
"""Parameters of statements that are kept, for any span of time: see `counted_within`."""
PARTS = 32
"""Choices, the company's parts among them, for which such a statement is kept."""


class Items(NamedTuple):
    """How many items a complete respondent answered, and how many values the score can take."""

    required: int
    points: int


_OF_NPS = Items(1, len(SCORES))


async def items_of(reader: Reader) -> Mapping[tuple[int, str], Items]:
    """Return (definition, measure) → its items; nps has one, however often it is asked.

    Questions of n points add n - 1 steps to those that the mean of all can take.
    """
    steps = func.sum(questions.c.high - questions.c.low).label("steps")
    rows = await reader.all(
        select(questions.c.definition_id, _MEASURE, func.count().label("count"), steps)
        .join(question_measures, question_measures.c.question_id == questions.c.id)
        .group_by(questions.c.definition_id, _MEASURE)
    )
    return {(row["definition_id"], row["measure"]): _items(row) for row in rows}


def _items(row: RowMapping) -> Items:
    if row["measure"] == NPS:
        return _OF_NPS
    return Items(row["count"], max(round(row["steps"] or 0), 1) + 1)


def _points(score: ColumnElement[float | None]) -> ColumnElement[float]:
    """Return the raw score for nps, elsewhere the score on 0–100."""
    span = cast(questions.c.high - questions.c.low, Float)
    return case((IS_NPS, score), else_=100 * (score - questions.c.low) / span)


def within(
    start: datetime | ColumnElement[datetime],
    end: datetime | ColumnElement[datetime],
    kind: SurveyKind = "relationship",
    only: Which = EVERYBODY,
) -> Which:
    """Choose a period's answers to one kind of survey; the two kinds are never pooled.

    `only` those to invitations that it chooses.
    """
    given = and_(answers.c.answered_at >= start, answers.c.answered_at < end)
    return and_(definitions.c.kind == kind, given, only)


def given(which: Which, *carried: Label[Any]) -> Subquery:
    """Return scored answers with their rank (1: the respondent's latest to that item).

    Every row also names the definition and the groups of the respondent's latest answer, and
    what is `carried` along of its own invitation.
    """
    latest_first = answers.c.answered_at.desc(), answers.c.id.desc()
    respondent = (_MEASURE, invitations.c.person_id)
    # An answer to any nps question replaces the earlier one, whatever their keys.
    item = case((IS_NPS, ""), else_=questions.c.key)
    rank = func.row_number().over(partition_by=(*respondent, item), order_by=latest_first)
    columns = select(
        *respondent,
        questions.c.key.label("item"),
        _points(answers.c.score).label("points"),
        rank.label("rank"),
        *carried,
        *(
            func.first_value(column)
            .over(partition_by=respondent, order_by=latest_first)
            .label(column.name)
            for column in _GROUPS
        ),
    )
    return of_scored(columns, which).subquery("given")


def respondents(which: Which) -> Subquery:
    """Return one row a respondent and measure of the answers told by `which`.

    Columns: measure, person_id, definition_id, manager_id, segment, touchpoint, channel, total,
    item_count.
    The score is total / item_count; it is complete with all `items_of` its definition.

    Most respondents answered once, and a sum over their invitation is all there is to them. Only
    the others need ranks: windows over everybody took three times as long.
    """
    once = _by_invitation(which)
    measure, person_id = once.c.measure, once.c.person_id
    several = or_(func.count() > 1, and_(measure == NPS, func.max(once.c.item_count) > 1))
    again = select(person_id).group_by(measure, person_id).having(several).cte("again")
    # The sum keeps the planner from beginning with the people and reading the period for each.
    ranked = _ranked(and_(which, (invitations.c.person_id + 0).in_(select(again))))
    single = person_id.not_in(select(again))
    return union_all(select(once).where(single), ranked).subquery("respondents")


def counted(scored: Subquery, *, groups: bool) -> Select[Any]:
    """Return how many respondents have each score, by group where `groups` are wanted."""
    wanted = ("manager_id", "segment", "touchpoint", "channel") if groups else ()
    columns = [scored.c[name] for name in wanted if name in scored.c]
    score = (scored.c.measure, scored.c.definition_id, scored.c.total, scored.c.item_count)
    count = func.count().label("count")
    return select(*score, *columns, count).group_by(*score, *columns)


@lru_cache(maxsize=PARTS)
def counted_within(kind: SurveyKind, *only: Which, groups: bool) -> Select[Any]:
    """Return `counted` for the answers between the parameters `start` and `end`.

    A digest counts a dozen and a half spans alike, and a small company's is counted in less time
    than its statement takes to make.
    """
    answered = and_(within(START, END, kind), *only)
    return counted(respondents(answered), groups=groups)


def given_by(which: Which) -> Select[Any]:
    """Return the people who gave scored answers told by `which`."""
    return of_scored(select(invitations.c.person_id), which).correlate(None)


_GROUPS = (
    invitations.c.definition_id,
    invitations.c.manager_id,
    invitations.c.segment,
    invitations.c.touchpoint,
    invitations.c.channel,
)


def _by_invitation(which: Which) -> CTE:
    """Return the columns of `respondents`, one row an invitation and measure."""
    groups = (_MEASURE, invitations.c.person_id, *_GROUPS)
    total = func.sum(_points(answers.c.score)).label("total")
    columns = select(*groups, total, func.count().label("item_count"))
    return of_scored(columns, which).group_by(_MEASURE, invitations.c.id).cte("once")


def _ranked(which: Which) -> Select[Any]:
    """Return `respondents` by the latest answer to each item, whatever invitation it came from."""
    scored = given(which)
    groups = (scored.c.measure, scored.c.person_id, *(scored.c[one.name] for one in _GROUPS))
    return (
        select(*groups, func.sum(scored.c.points).label("total"), func.count().label("item_count"))
        .where(counts(scored))
        .group_by(*groups)
    )


def of_scored(columns: Select[Any], *which: Which) -> Select[Any]:
    """Return these columns of the scored answers, a row for each answer and measure."""
    return (
        columns.select_from(question_measures)
        .join(questions, questions.c.id == question_measures.c.question_id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .join(answers, OF_QUESTION)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .where(*which, answers.c.score.is_not(None))
    )


def counts(scored: Subquery) -> ColumnElement[bool]:
    """Choose the answers that count among those `given`: the latest to each item still asked."""
    asked_by_latest = exists().where(
        questions.c.definition_id == scored.c.definition_id,
        questions.c.key == scored.c.item,
        question_measures.c.question_id == questions.c.id,
        question_measures.c.measure == scored.c.measure,
    )
    return and_(scored.c.rank == 1, or_(scored.c.measure == NPS, asked_by_latest))


def anonymous_respondents(
    months: Collection[str], kind: SurveyKind = "relationship", definition_id: int | None = None
) -> Subquery:
    """Return the same of the released anonymous sheets of these months, without a person.

    A survey version, where given, narrows them down. Their one group is the segment, where the
    release kept it.
    """
    sheet = anonymous_given(months, kind, definition_id)
    groups = (sheet.c.measure, sheet.c.definition_id, sheet.c.segment)
    return (
        select(
            *groups,
            func.sum(sheet.c.points).label("total"),
            func.count().label("item_count"),
        )
        .group_by(*groups, sheet.c.sheet_id)
        .subquery("anonymous_respondents")
    )


def anonymous_given(
    months: Collection[str], kind: SurveyKind = "relationship", definition_id: int | None = None
) -> Subquery:
    """Return the scored answers of the released anonymous sheets of these months."""
    of_survey = true() if definition_id is None else sheets.c.definition_id == definition_id
    of_customers = definitions.c.audience == "customers"
    return (
        select(
            _MEASURE,
            sheets.c.id.label("sheet_id"),
            sheets.c.definition_id,
            sheets.c.month,
            case((of_customers, sheets.c.breakdown), else_=None).label("segment"),
            questions.c.key.label("item"),
            _points(sheet_answers.c.score).label("points"),
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
        .where(
            sheets.c.month.in_(months),
            of_survey,
            definitions.c.kind == kind,
            sheet_answers.c.score.is_not(None),
        )
        .subquery("anonymous_given")
    )


def by_item(items: Sequence[str], scores: Sequence[float | None]) -> dict[str, float]:
    """Return item → score of what was answered, given a cell an item."""
    both = zip(items, scores, strict=True)
    return {item: score for item, score in both if score is not None}
