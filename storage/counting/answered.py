"""When somebody answered first and last, and what tells that figures are out of date.

So no digest is offered for a time without answers, and none is shown again that does not hold.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, ScalarSelect, func, select

from storage.engine.reading import Reader
from storage.tables.cases import case_events
from storage.tables.facts import facts
from storage.tables.people import workspace
from storage.tables.privacy import erasures
from storage.tables.surveys import (
    anonymous_sheets,
    answers,
    definitions,
    invitations,
    questions,
    remarks,
)
from storage.tables.weights import weights
from surveys.periods import Zone, containing

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


async def first_answered(reader: Reader) -> datetime | None:
    """Return when somebody first answered: it reads the beginning of each question's index."""
    of_question = answers.c.question_id == questions.c.id
    first = select(func.min(answers.c.answered_at)).where(of_question).scalar_subquery()
    found: datetime | None = await reader.scalar(select(func.min(first)).select_from(questions))
    return found


async def latest_month(reader: Reader, before: datetime, zone: Zone) -> str | None:
    """Return the key of the last month with an answer before a moment; None: there is none.

    It reads nothing but the end of each question's index of answers.
    """
    of_question = (answers.c.question_id == questions.c.id) & (answers.c.answered_at < before)
    last = select(func.max(answers.c.answered_at)).where(of_question).scalar_subquery()
    moment: datetime | None = await reader.scalar(select(func.max(last)).select_from(questions))
    named = None if moment is None else containing(moment, "month", zone).key
    last_moment = before - timedelta(microseconds=1)
    end = containing(last_moment, "month", zone).key
    of_survey = anonymous_sheets.c.definition_id == definitions.c.id
    heap = select(func.max(anonymous_sheets.c.month)).where(
        of_survey, anonymous_sheets.c.month <= end
    )
    month: str | None = await reader.scalar(
        select(func.max(heap.scalar_subquery())).select_from(definitions)
    )
    return max((one for one in (named, month) if one is not None), default=None)


def _last_answered() -> ScalarSelect[datetime | None]:
    """Return when somebody last answered or changed an answer: the end of each question's index."""
    of_question = answers.c.question_id == questions.c.id
    last = select(func.max(answers.c.answered_at)).where(of_question).scalar_subquery()
    return select(func.max(last)).select_from(questions).scalar_subquery()


async def figures_version(reader: Reader) -> str:
    """Return a text that differs once there is an answer, an erasure or a fact more, or a setting.

    What changes a row in its place leaves no mark: a reminder sent, a batch of anonymous answers
    released, somebody's new firm.
    """
    ends = [select(func.max(one)).scalar_subquery().label(name) for name, one in _GROWING.items()]
    numbers = await reader.first(select(*ends, _last_answered().label("answered_at")))
    settings = await reader.first(select(workspace))
    return json.dumps([dict(numbers or {}), dict(settings or {})], default=str)
