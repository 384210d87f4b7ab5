"""By what figures that were made are known to be out of date, without counting anything."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Column, ScalarSelect, func, select

from storage.engine.reading import Reader
from storage.tables.cases import case_events
from storage.tables.facts import facts
from storage.tables.people import workspace
from storage.tables.privacy import erasures
from storage.tables.surveys import answers, definitions, invitations, questions, remarks
from storage.tables.weights import weights

_GROWING: Final[Mapping[str, Column[int]]] = {
    "answers": answers.c.id,
    "remarks": remarks.c.id,
    "invitations": invitations.c.id,
    "definitions": definitions.c.id,
    "case_events": case_events.c.id,
    "facts": facts.c.id,
    "weights": weights.c.id,
    "erasures": erasures.c.id,
}


def _last_answered() -> ScalarSelect[datetime | None]:
    """Return when somebody last answered or changed an answer: the end of each question's index."""
    of_question = answers.c.question_id == questions.c.id
    last = select(func.max(answers.c.answered_at)).where(of_question).scalar_subquery()
    return select(func.max(last)).select_from(questions).scalar_subquery()


async def of_figures(reader: Reader) -> str:
    """Return a text that differs once there is an answer, an erasure or a fact more, or a setting.

    What changes a row in its place leaves no mark: a reminder sent, a batch of anonymous answers
    released, somebody's new firm.
    """
    ends = [select(func.max(one)).scalar_subquery().label(name) for name, one in _GROWING.items()]
    numbers = await reader.first(select(*ends, _last_answered().label("answered_at")))
    settings = await reader.first(select(workspace))
    return json.dumps([dict(numbers or {}), dict(settings or {})], default=str)
