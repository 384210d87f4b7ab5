"""What customers wrote, with the score it explains; named surveys only."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Label, Select, func, select

from storage.asking import definitions
from storage.counting.scores import END, EVERYBODY, PARTS, START, SurveyKind, Which
from storage.engine.reading import Reader
from storage.tables.cases import case_events, cases
from storage.tables.surveys import answers, invitations, questions, remarks
from storage.tables.surveys import definitions as surveys
from surveys.counts.figures import Comment
from surveys.messages import Language
from surveys.periods import Period, Zone, zone_info
from surveys.survey.placeholders import Placeholders, fill

_OF_CUSTOMERS = (
    surveys.c.audience == "customers",
    surveys.c.anonymous.is_(other=False),
)


def labelled(label_json: str, language: Language, company: str) -> str:
    """Return a stored question's text in one language; names of people are left open."""
    text = cast("dict[str, str]", json.loads(label_json))[language]
    return fill(text, Placeholders(company=company, name="…", manager="…"))


async def comments(
    reader: Reader,
    period: Period,
    zone: Zone,
    company: str,
    language: Language,
    kind: SurveyKind = "relationship",
    only: Which = EVERYBODY,
) -> tuple[Comment, ...]:
    """Return what customers wrote in a period in surveys of a kind, the latest first.

    `question` is the wording they wrote it under, empty where they wrote it beyond the answers.
    """
    answered = await _answered(reader, period, kind, only)
    added = await _added(reader, period, kind, only)
    latest_first = sorted((*answered, *added), key=lambda row: row["said_at"], reverse=True)
    scores = [await _score_then(reader, row) for row in latest_first]
    days = zone_info(zone)
    labels = {row["label"] for row in latest_first if row["label"] is not None}
    asked = {label: labelled(label, language, company) for label in labels}
    return tuple(
        Comment(
            text=row["text"],
            score=score,
            day=row["said_at"].astimezone(days).date(),
            question=asked.get(row["label"], ""),
            sheet=row["sheet"],
        )
        for row, score in zip(latest_first, scores, strict=True)
    )


async def _score_then(reader: Reader, row: Mapping[str, Any]) -> int | None:
    """Return the score that words were written beside; None where it has changed and is not known.

    A case knows what its score was at each time. Without a case the wording tells: words are older
    than the score where the question would now be worded otherwise.
    """
    if row["score"] is None:
        return None
    score = int(row["score"])
    if row["then"]:
        return int(row["then"])
    if row["asked"] is None:
        return score
    from surveys.survey import flow  # noqa: PLC0415 (few comments need to know the survey)
    from surveys.survey.definition import LocalText  # noqa: PLC0415 (the same)

    survey = (await definitions.get(reader, row["definition_id"])).survey
    given = {one.key: score for one in survey.questions if one.kind == "nps"}
    asked = LocalText.model_validate_json(row["asked"])
    return score if flow.asks(survey, given, asked) else None


async def _answered(
    reader: Reader, period: Period, kind: SurveyKind, only: Which
) -> list[dict[str, Any]]:
    """Return the answers to questions that ask for words, the latest first."""
    rows = await reader.all(_of_answers(kind, only), {"start": period.start, "end": period.end})
    found = [{**row, "text": json.loads(row["value"])} for row in rows]
    return [row for row in found if isinstance(row["text"], str) and row["text"]]


@lru_cache(maxsize=PARTS)
def _of_answers(kind: SurveyKind, only: Which) -> Select[Any]:
    return (
        select(
            answers.c.value,
            answers.c.answered_at.label("said_at"),
            func.coalesce(answers.c.asked, questions.c.label).label("label"),
            answers.c.invitation_id.label("sheet"),
            answers.c.asked,
            questions.c.definition_id,
            _score(answers.c.invitation_id),
            _score_of_case(answers.c.invitation_id, answers.c.answered_at),
        )
        .join(questions, questions.c.id == answers.c.question_id)
        .join(surveys, surveys.c.id == questions.c.definition_id)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .where(
            questions.c.kind == "text",
            *_OF_CUSTOMERS,
            surveys.c.kind == kind,
            only,
            answers.c.answered_at >= START,
            answers.c.answered_at < END,
        )
        .order_by(answers.c.answered_at.desc(), answers.c.id.desc())
    )


async def _added(
    reader: Reader, period: Period, kind: SurveyKind, only: Which
) -> list[dict[str, Any]]:
    """Return what was said beyond the answers, in customers' own words, the latest first."""
    span = {"start": period.start, "end": period.end}
    return [dict(row) for row in await reader.all(_of_remarks(kind, only), span)]


@lru_cache(maxsize=PARTS)
def _of_remarks(kind: SurveyKind, only: Which) -> Select[Any]:
    return (
        select(
            remarks.c.text,
            remarks.c.said_at,
            remarks.c.asked.label("label"),
            remarks.c.invitation_id.label("sheet"),
            remarks.c.asked,
            invitations.c.definition_id,
            _score(remarks.c.invitation_id),
            _score_of_case(remarks.c.invitation_id, remarks.c.said_at),
        )
        .join(invitations, invitations.c.id == remarks.c.invitation_id)
        .join(surveys, surveys.c.id == invitations.c.definition_id)
        .where(
            remarks.c.text != "",
            remarks.c.forwarded.is_(other=False),
            *_OF_CUSTOMERS,
            surveys.c.kind == kind,
            only,
            remarks.c.said_at >= START,
            remarks.c.said_at < END,
        )
        .order_by(remarks.c.said_at.desc(), remarks.c.id.desc())
    )


def _score(invitation_id: ColumnElement[int]) -> ColumnElement[float]:
    """Return the score that the same customer gave in the same survey."""
    given, asked = answers.alias(), questions.alias()
    return (
        select(given.c.score)
        .join(asked, asked.c.id == given.c.question_id)
        .where(given.c.invitation_id == invitation_id, asked.c.kind == "nps")
        .limit(1)
        .scalar_subquery()
        .label("score")
    )


def _score_of_case(invitation_id: ColumnElement[int], at: ColumnElement[datetime]) -> Label[str]:
    """Return what the score of recommending was at a moment, as the customer's case knows it."""
    asked = questions.alias()
    return (
        select(case_events.c.details)
        .join(cases, cases.c.id == case_events.c.case_id)
        .join(invitations, invitations.c.id == cases.c.invitation_id)
        .join(
            asked,
            (asked.c.definition_id == invitations.c.definition_id)
            & (asked.c.key == cases.c.question),
        )
        .where(
            cases.c.invitation_id == invitation_id,
            asked.c.kind == "nps",
            case_events.c.kind.in_(("opened", "answer_changed")),
            case_events.c.happened_at <= at,
        )
        .order_by(case_events.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("then")
    )
