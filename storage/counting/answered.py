"""When somebody last answered, so that no digest is offered for a time without answers."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from storage.engine.reading import Reader
from storage.tables.surveys import anonymous_sheets, answers, definitions, questions
from surveys.periods import Zone, containing


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
