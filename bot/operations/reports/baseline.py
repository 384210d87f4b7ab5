"""The wave with which a survey's later figures are compared: shown, chosen, taken back."""

from datetime import datetime
from typing import Any

from bot.errors import Refused
from storage.asking import campaigns, definitions
from storage.counting.comparisons import baselines
from storage.database import Database, Reader, Transaction
from storage.errors import NotFound
from storage.people import workspace
from surveys.messages import mark


async def choose(tx: Transaction, wave_id: int, now: datetime) -> str:
    """Make a wave its survey's baseline; return the survey's key. Refuses an unknown number."""
    survey = await _survey_of(tx, wave_id)
    if survey.survey.kind != "relationship":
        raise Refused(
            mark(
                "«{survey}» follows events: the digest does not show it, so it has no baseline. "
                "Compare periods: otklik campaign compare --survey {survey} BEFORE AFTER."
            ),
            survey=survey.key,
        )
    return await baselines.choose(tx, wave_id, now)


async def take_back(tx: Transaction, wave_id: int) -> bool:
    """Take a choice back; False: another wave, or none, was chosen."""
    survey = await _survey_of(tx, wave_id)
    chosen = (await baselines.chosen(tx)).get(survey.key)
    return chosen == wave_id and await baselines.forget(tx, survey.key)


async def baseline(
    database: Database, now: datetime, /, wave: int | None = None, *, forget: bool = False
) -> dict[str, Any]:
    """Operation: choose a wave or take the choice back, and show what is chosen."""
    if wave is not None:
        async with database.transaction() as tx:
            await (take_back(tx, wave) if forget else choose(tx, wave, now))
    async with database.reading() as reader:
        return {"baselines": await _listed(reader)}


async def _survey_of(reader: Reader, wave_id: int) -> definitions.StoredDefinition:
    try:
        wave = await campaigns.get_wave(reader, wave_id)
    except NotFound as error:
        raise Refused(
            mark("There is no wave {wave}: otklik campaign list."), wave=str(wave_id)
        ) from error
    campaign = await campaigns.get(reader, wave.campaign_id)
    return await definitions.get(reader, campaign.definition_id)


async def _listed(reader: Reader) -> list[dict[str, Any]]:
    rows = []
    zone = (await workspace.get(reader)).tzinfo
    for survey, number in sorted((await baselines.chosen(reader)).items()):
        wave = await campaigns.get_wave(reader, number)
        campaign = await campaigns.get(reader, wave.campaign_id)
        rows.append(
            {
                "survey": survey,
                "name": campaign.name,
                "wave": wave.id,
                "label": wave.label,
                "started_at": wave.started_at.astimezone(zone).isoformat(),
            }
        )
    return rows
