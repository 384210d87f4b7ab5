"""One side of a comparison, counted: a wave's or a period's answers, by measure.

Anonymous answers of a wave know neither person nor wave, only survey and month, and are counted by
these. They are released at least five at a time, so none can be told from the named ones.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, func, select

from storage.counting.measured import measures_of
from storage.counting.pairs import Required, Scores
from storage.counting.pairs import scores as complete_scores
from storage.counting.scores import (
    OF_QUESTION,
    SurveyKind,
    Which,
    anonymous_respondents,
    counted,
    respondents,
)
from storage.engine.reading import Reader
from storage.tables.surveys import anonymous_answers as sheet_answers
from storage.tables.surveys import anonymous_sheets as sheets
from storage.tables.surveys import answers, definitions, invitations, question_measures, questions
from surveys.counts.figures import Counts, MeasureCounts


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """Where answers come from: a condition for the named ones, months for the anonymous ones.

    With a `definition_id`, anonymous answers are those to that survey version only.
    """

    named: Which
    kind: SurveyKind
    months: Collection[str] = ()
    definition_id: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureAnswers:
    """A measure's answers: complete ones, incomplete ones, which versions asked, how many hidden.

    `anonymous` are among the `counts`.
    """

    counts: Counts
    partial: int
    points: int
    versions: frozenset[int]
    anonymous: int


NOTHING = MeasureAnswers({}, 0, 0, frozenset(), 0)


async def indices(
    reader: Reader, source: AnswerSource, required: Required
) -> dict[str, MeasureAnswers]:
    """Count every index; `required`: `scores.items_of`."""
    hidden = anonymous_respondents(source.months, source.kind, source.definition_id)
    named = await reader.all(counted(respondents(source.named), groups=False))
    masked = await reader.all(counted(hidden, groups=False))
    rows = [*named, *masked]
    return {
        row.measure: _asked(row, rows, masked)
        for row in measures_of(rows, {}, required)
        if row.group_kind == "all"
    }


def _asked(
    found: MeasureCounts, rows: Sequence[RowMapping], masked: Sequence[RowMapping]
) -> MeasureAnswers:
    mine = [row for row in rows if row["measure"] == found.measure]
    return MeasureAnswers(
        counts=found.counts,
        partial=found.partial,
        points=found.points,
        versions=frozenset(row["definition_id"] for row in mine),
        anonymous=sum(row["count"] for row in masked if row["measure"] == found.measure),
    )


async def index_scores(
    reader: Reader, source: AnswerSource, required: Required, also: ColumnElement[bool]
) -> Scores:
    """Return the named respondents' complete scores; `also` narrows the respondents down."""
    return await complete_scores(reader, and_(source.named, also), required)


async def amounts(reader: Reader, source: AnswerSource) -> tuple[dict[str, MeasureAnswers], Scores]:
    """Return the numbers given to questions that measure no index, by question, and by person."""
    named = await reader.all(_amounts(source.named))
    masked = await reader.all(_anonymous_amounts(source))
    counts: dict[str, Counter[float]] = defaultdict(Counter)
    versions: dict[str, set[int]] = defaultdict(set)
    for row in (*named, *masked):
        counts[row["measure"]][row["score"]] += row["count"]
        versions[row["measure"]].add(row["definition_id"])
    hidden: Counter[str] = Counter()
    for row in masked:
        hidden[row["measure"]] += row["count"]
    found = {
        key: MeasureAnswers(
            dict(sorted(given.items())), 0, 0, frozenset(versions[key]), hidden[key]
        )
        for key, given in sorted(counts.items())
    }
    return found, {(row["measure"], row["person_id"]): row["score"] for row in named}


def _plain_number() -> ColumnElement[bool]:
    measured = exists().where(question_measures.c.question_id == questions.c.id)
    return and_(questions.c.kind == "number", ~measured)


def _amounts(which: Which) -> Select[Any]:
    latest_first = answers.c.answered_at.desc(), answers.c.id.desc()
    mine = (questions.c.key, invitations.c.person_id)
    rank = func.row_number().over(partition_by=mine, order_by=latest_first)
    given = (
        select(
            questions.c.key.label("measure"),
            invitations.c.person_id,
            invitations.c.definition_id,
            answers.c.score,
            rank.label("rank"),
        )
        .select_from(questions)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .join(answers, OF_QUESTION)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .where(which, _plain_number(), answers.c.score.is_not(None))
        .subquery()
    )
    one = func.count().label("count")
    kept = (given.c.measure, given.c.person_id, given.c.definition_id, given.c.score)
    return select(*kept, one).where(given.c.rank == 1).group_by(*kept)


def _anonymous_amounts(source: AnswerSource) -> Select[Any]:
    kept = (
        questions.c.key.label("measure"),
        sheets.c.definition_id,
        sheet_answers.c.score,
    )
    of_survey = questions.c.definition_id == sheets.c.definition_id
    statement = (
        select(*kept, func.count().label("count"))
        .select_from(sheets)
        .join(definitions, definitions.c.id == sheets.c.definition_id)
        .join(sheet_answers, sheet_answers.c.sheet_id == sheets.c.id)
        .join(questions, of_survey & (questions.c.key == sheet_answers.c.question_key))
        .where(
            sheets.c.month.in_(source.months),
            definitions.c.kind == source.kind,
            _plain_number(),
            sheet_answers.c.score.is_not(None),
        )
        .group_by(questions.c.key, sheets.c.definition_id, sheet_answers.c.score)
    )
    if source.definition_id is not None:
        statement = statement.where(sheets.c.definition_id == source.definition_id)
    return statement
