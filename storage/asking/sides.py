"""Whose answers a measure of the company's own is counted from, by the surveys that ask it."""

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from storage.asking import definitions as versions
from storage.engine.reading import Reader
from storage.tables.surveys import definitions, question_measures, questions
from surveys.counts.measures import KNOWN

if TYPE_CHECKING:  # doctor parses no survey for it
    from surveys.survey.definition import Survey


async def of_both(reader: Reader) -> list[str]:
    """Return the measures that customers and managers are both asked: figures pool their answers.

    Surveys of different kinds are counted apart, so they may share one.
    """
    sides = defaultdict[tuple[str, str], set[str]](set)
    measure = question_measures.c.measure
    columns = select(measure, definitions.c.kind, definitions.c.audience)
    rows = await reader.tuples(
        columns.join(questions, questions.c.id == question_measures.c.question_id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .where(measure.not_in(KNOWN), versions.IS_ASKED)
        .distinct()
    )
    for name, kind, audience in rows:
        sides[name, kind].add(audience)
    return sorted({name for (name, _), found in sides.items() if len(found) > 1})


async def of_the_other(reader: Reader, survey: "Survey") -> set[str]:
    """Return the survey's own measures that another audience is asked, or was."""
    newest = [one.id for one in await versions.all_latest(reader)]
    measure = question_measures.c.measure
    mine = {name for one in survey.questions for name in one.measures} - KNOWN.keys()
    found = await reader.scalars(
        select(measure)
        .join(questions, questions.c.id == question_measures.c.question_id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .where(
            measure.in_(sorted(mine)),
            definitions.c.kind == survey.kind,
            definitions.c.audience != survey.audience,
            or_(definitions.c.id.in_(newest), versions.IS_ASKED),
        )
    )
    return {*found}
