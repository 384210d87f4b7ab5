"""Surveys into the database: the catalog at start, the company's own on request."""

from datetime import datetime
from typing import Any

from storage.asking import definitions
from storage.database import Database
from surveys.survey.catalog import catalog
from surveys.survey.loading import parse_survey


async def save_catalog(database: Database, now: datetime) -> None:
    """Store the catalog's surveys in versions that the database has not seen yet.

    A version it has seen is left alone, so a company's own later version stays the latest.
    """
    async with database.transaction() as tx:
        for survey in catalog().values():
            if not await definitions.is_known(tx, survey):
                await definitions.save(tx, survey, now)


async def save_survey(database: Database, now: datetime, /, text: str) -> dict[str, Any]:
    """Operation: store a survey from YAML as the newest version of its key."""
    survey = parse_survey(text)
    async with database.transaction() as tx:
        await definitions.save(tx, survey, now)
    return {"survey": survey.key, "version": survey.version}
