"""The scale of a mirrored question in a period: points of two scales are never held together.

A survey may be edited so that customers answer on 1–10 what managers answer on 1–5. Only answers on
the scale on which customers answered last count then; where none did, managers'.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select, true

from storage.counting.scores import OF_QUESTION, Which
from storage.engine.reading import Reader
from storage.tables.surveys import answers, definitions, questions

Ends = tuple[float, float]
Scales = Mapping[str, Ends]
"""Item → the ends of its scale, of the items that were ever asked on several."""


async def scales_in(reader: Reader, start: datetime, end: datetime) -> Scales:
    """Return the scales that count in a period; one short look where each item has but one."""
    known: dict[str, set[Ends]] = defaultdict(set)
    every = select(questions.c.mirror, questions.c.low, questions.c.high).distinct()
    for item, low, high in await reader.tuples(every.where(questions.c.mirror.is_not(None))):
        known[item].add((low, high))
    several = [item for item, ends in known.items() if len(ends) > 1]
    if not several:
        return {}
    of_customers = case((definitions.c.audience == "customers", 1), else_=0)
    latest = func.max(answers.c.answered_at)
    asked = (questions.c.mirror, questions.c.low, questions.c.high)
    rows = await reader.tuples(
        select(*asked)
        .select_from(questions)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .join(answers, OF_QUESTION)
        .where(
            questions.c.mirror.in_(several),
            definitions.c.kind == "relationship",
            answers.c.answered_at >= start,
            answers.c.answered_at < end,
            answers.c.score.is_not(None),
        )
        .group_by(*asked, of_customers)
        .order_by(of_customers, latest, *asked)
    )
    return {item: (low, high) for item, low, high in rows}


def on(scales: Scales) -> Which:
    """Choose the questions of these scales, and those of any other item."""
    if not scales:
        return true()
    fits = [
        and_(questions.c.mirror == item, questions.c.low == low, questions.c.high == high)
        for item, (low, high) in sorted(scales.items())
    ]
    return or_(questions.c.mirror.not_in(sorted(scales)), *fits)
