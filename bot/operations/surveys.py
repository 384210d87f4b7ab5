"""Surveys into the database: the catalog at start, the company's own on request."""

from datetime import datetime
from typing import Any, Final

from storage.asking import definitions, sides
from storage.database import Database, Transaction
from surveys.errors import Problem, SurveyInvalid
from surveys.messages import Message, mark
from surveys.survey.catalog import catalog
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey, survey_to_json

_OTHERS: Final = {
    "customers": mark(
        "{measure} is counted from managers' answers by another survey: give this one a name of "
        "its own, or customers and managers come into one figure."
    ),
    "managers": mark(
        "{measure} is counted from customers' answers by another survey: give this one a name of "
        "its own, or customers and managers come into one figure."
    ),
}


async def save_catalog(database: Database, now: datetime) -> None:
    """Store the catalog's surveys in versions that the database has not seen yet.

    A version it has seen is left alone, so a company's own later version stays the latest.
    """
    async with database.transaction() as tx:
        for survey in await definitions.not_kept(tx, catalog().values()):
            await definitions.save(tx, survey, now)


async def save_survey(database: Database, now: datetime, /, text: str) -> dict[str, Any]:
    """Operation: store a survey from YAML as the newest version of its key."""
    survey = parse_survey(text)
    async with database.transaction() as tx:
        await publish(tx, survey, now)
    return {"survey": survey.key, "version": survey.version}


async def own_surveys(database: Database, now: datetime, /) -> dict[str, Any]:
    """Operation: the company's own surveys and versions, as new campaigns ask them."""
    del now
    async with database.reading() as reader:
        asked = {one.id for one in await definitions.asked(reader)}
        rows = [
            {"content": survey_to_json(one.survey), "is_asked": one.id in asked}
            for one in await definitions.all_latest(reader)
            if _is_own(one.survey)
        ]
    return {"surveys": rows}


async def own_survey(database: Database, now: datetime, /, key: str) -> dict[str, Any]:
    """Operation: a survey of the company's own, None where that key has none."""
    del now
    async with database.reading() as reader:
        found = await definitions.latest(reader, key)
    is_own = found is not None and _is_own(found.survey)
    return {"content": survey_to_json(found.survey) if found is not None and is_own else None}


def _is_own(survey: Survey) -> bool:
    """Tell whether a survey is another than the program's of that key."""
    known = catalog().get(survey.key)
    return known is None or known.version != survey.version


async def publish(tx: Transaction, survey: Survey, now: datetime) -> None:
    """Store a company's survey as the newest version of its key; raises SurveyInvalid.

    A measure of the company's own is counted from customers or from managers, like the program's:
    a figure never pools both.
    """
    others = await sides.of_the_other(tx, survey)
    problems = [
        Problem(1, 1, f"questions.{one.key}.measures", Message(_OTHERS[survey.audience], values))
        for one in survey.questions
        for values in ({"measure": name} for name in one.measures if name in others)
    ]
    if problems:
        raise SurveyInvalid(tuple(problems))
    await definitions.save(tx, survey, now)
