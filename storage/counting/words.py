"""What customers wrote, with the score it explains; named surveys only."""

import json
from typing import Any, cast

from sqlalchemy import ColumnElement, func, select

from storage.counting.scores import EVERYBODY, SurveyKind, Which
from storage.engine.reading import Reader
from storage.tables.surveys import answers, definitions, invitations, questions, remarks
from surveys.counts.figures import Comment
from surveys.messages import Language
from surveys.periods import Period, Zone, zone_info
from surveys.survey.placeholders import Placeholders, fill

_OF_CUSTOMERS = (
    definitions.c.audience == "customers",
    definitions.c.anonymous.is_(other=False),
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
    return tuple(
        Comment(
            text=row["text"],
            score=None if row["score"] is None else int(row["score"]),
            day=row["said_at"].astimezone(zone_info(zone)).date(),
            question="" if row["label"] is None else labelled(row["label"], language, company),
            sheet=row["sheet"],
        )
        for row in latest_first
    )


async def _answered(
    reader: Reader, period: Period, kind: SurveyKind, only: Which
) -> list[dict[str, Any]]:
    """Return the answers to questions that ask for words, the latest first."""
    said = (
        select(
            answers.c.value,
            answers.c.answered_at.label("said_at"),
            func.coalesce(answers.c.asked, questions.c.label).label("label"),
            answers.c.invitation_id.label("sheet"),
            _score(answers.c.invitation_id),
        )
        .join(questions, questions.c.id == answers.c.question_id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .where(
            questions.c.kind == "text",
            *_OF_CUSTOMERS,
            definitions.c.kind == kind,
            only,
            answers.c.answered_at >= period.start,
            answers.c.answered_at < period.end,
        )
        .order_by(answers.c.answered_at.desc(), answers.c.id.desc())
    )
    found = [{**row, "text": json.loads(row["value"])} for row in await reader.all(said)]
    return [row for row in found if isinstance(row["text"], str) and row["text"]]


async def _added(
    reader: Reader, period: Period, kind: SurveyKind, only: Which
) -> list[dict[str, Any]]:
    """Return what was said beyond the answers, in customers' own words, the latest first."""
    said = (
        select(
            remarks.c.text,
            remarks.c.said_at,
            remarks.c.asked.label("label"),
            remarks.c.invitation_id.label("sheet"),
            _score(remarks.c.invitation_id),
        )
        .join(invitations, invitations.c.id == remarks.c.invitation_id)
        .join(definitions, definitions.c.id == invitations.c.definition_id)
        .where(
            remarks.c.text != "",
            remarks.c.forwarded.is_(other=False),
            *_OF_CUSTOMERS,
            definitions.c.kind == kind,
            only,
            remarks.c.said_at >= period.start,
            remarks.c.said_at < period.end,
        )
        .order_by(remarks.c.said_at.desc(), remarks.c.id.desc())
    )
    return [dict(row) for row in await reader.all(said)]


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
