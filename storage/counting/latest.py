"""How old the answers are that a figure rests on."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from storage.counting.scores import of_scored, within
from storage.engine.reading import Reader
from storage.tables.surveys import answers, question_measures
from surveys.periods import Period


async def latest_answers(reader: Reader, period: Period) -> Mapping[str, datetime]:
    """Return measure → when the latest of a period's named answers to it was given.

    Anonymous answers are known by month only.
    """
    latest = func.max(answers.c.answered_at).label("latest")
    found = of_scored(
        select(question_measures.c.measure, latest), within(period.start, period.end)
    ).group_by(question_measures.c.measure)
    return {row["measure"]: row["latest"] for row in await reader.all(found)}
