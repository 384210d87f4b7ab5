"""Surveys into the database: the catalog at start, the company's own on request."""

from datetime import datetime
from typing import Any

from storage import definitions
from storage.database import Database
from surveys.catalog import catalog
from surveys.loading import parse_survey


async def save_catalog(database: Database, now: datetime) -> None:
    """Store the catalog's surveys that the database does not have in any version yet."""
    async with database.transaction() as tx:
        known = {item.key for item in await definitions.all_latest(tx)}
        for key, survey in catalog().items():
            if key not in known:
                await definitions.save(tx, survey, now)


async def save_survey(database: Database, now: datetime, /, text: str) -> dict[str, Any]:
    """Operation: store a survey from YAML as the newest version of its key."""
    survey = parse_survey(text)
    async with database.transaction() as tx:
        await definitions.save(tx, survey, now)
    return {"survey": survey.key, "version": survey.version}
