"""The measures of a company's own, as the surveys that ask them describe them."""

from collections.abc import Iterable

from sqlalchemy import func, select

from storage.asking.definitions import get
from storage.counting.scores import SurveyKind
from storage.engine.reading import Reader
from storage.tables.surveys import definitions, question_measures, questions
from surveys.counts.measures import KNOWN, Measure, own_measure
from surveys.messages import Language


async def own_measures(
    reader: Reader, measures: Iterable[str], language: Language, kind: SurveyKind = "relationship"
) -> tuple[Measure, ...]:
    """Return the company's own among `measures`, each as the latest survey that asks it says."""
    names = sorted(set(measures) - KNOWN.keys())
    if not names:
        return ()
    latest = func.max(definitions.c.id).label("definition_id")
    measure = question_measures.c.measure
    rows = await reader.all(
        select(measure, latest)
        .join(questions, questions.c.id == question_measures.c.question_id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .where(measure.in_(names), definitions.c.kind == kind)
        .group_by(measure)
        .order_by(measure)
    )
    return tuple(
        [
            own_measure(row["measure"], (await get(reader, row["definition_id"])).survey, language)
            for row in rows
        ]
    )
