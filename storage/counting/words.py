"""What customers wrote, with the score it explains; named surveys only."""

import json
from typing import cast

from sqlalchemy import select

from storage.counting.scores import SurveyKind
from storage.engine.reading import Reader
from storage.tables.surveys import answers, definitions, questions
from surveys.counts.figures import Comment
from surveys.periods import Period, Zone, zone_info
from surveys.survey.definition import Language
from surveys.survey.placeholders import Placeholders, fill


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
) -> tuple[Comment, ...]:
    """Return the texts given in a period to customers' surveys of a kind, the latest first."""
    nps_answers, nps_questions = answers.alias(), questions.alias()
    score = (
        select(nps_answers.c.score)
        .join(nps_questions, nps_questions.c.id == nps_answers.c.question_id)
        .where(
            nps_answers.c.invitation_id == answers.c.invitation_id, nps_questions.c.kind == "nps"
        )
        .limit(1)
        .scalar_subquery()
    )
    rows = await reader.all(
        select(answers.c.value, answers.c.answered_at, questions.c.label, score.label("score"))
        .join(questions, questions.c.id == answers.c.question_id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .where(
            questions.c.kind == "text",
            definitions.c.audience == "customers",
            definitions.c.kind == kind,
            definitions.c.anonymous.is_(other=False),
            answers.c.answered_at >= period.start,
            answers.c.answered_at < period.end,
        )
        .order_by(answers.c.answered_at.desc(), answers.c.id.desc())
    )
    found = [(row, json.loads(row["value"])) for row in rows]
    return tuple(
        Comment(
            text=text,
            score=None if row["score"] is None else int(row["score"]),
            day=row["answered_at"].astimezone(zone_info(zone)).date(),
            question=labelled(row["label"], language, company),
        )
        for row, text in found
        if isinstance(text, str) and text
    )
