"""What managers said in a time study: the minutes a client takes, before a change and now."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import select

from storage.counting.comparisons import baselines
from storage.engine.reading import Reader
from storage.tables.surveys import answers, campaigns, definitions, invitations, questions, waves

SURVEY: Final = "time_study"
"""The catalog's survey, whose numbers are minutes a client, an operation each."""
_TENTH: Final = Decimal("0.1")


class Studied(NamedTuple):
    """Minutes a client over all operations: the mean of `answers` managers in one wave."""

    minutes: Decimal
    answers: int
    started_at: datetime


async def studied(reader: Reader, now: datetime) -> dict[str, Studied]:
    """Return the minutes by fact: `minutes_before` of the survey's baseline wave, if it has one.

    `minutes_after` are those of the latest other wave that began after it. Only sheets that were
    finished count. A wave that nobody finished gives nothing.
    """
    before = (await baselines.waves_before(reader, now)).get(SURVEY)
    found = await _waves(reader)
    told: dict[str, Studied] = {}
    if before is not None and before in found:
        told["minutes_before"] = found[before]
    begun = None if before is None else await _started(reader, before)
    later = [
        one
        for wave, one in found.items()
        if wave != before and (begun is None or one.started_at > begun)
    ]
    if later:
        told["minutes_after"] = max(later, key=lambda one: one.started_at)
    return told


async def _started(reader: Reader, wave: int) -> datetime | None:
    moment: datetime | None = await reader.scalar(
        select(waves.c.started_at).where(waves.c.id == wave)
    )
    return moment


async def _waves(reader: Reader) -> dict[int, Studied]:
    """Return what each wave of the study came to."""
    rows = await reader.all(
        select(invitations.c.id, invitations.c.wave_id, waves.c.started_at, answers.c.value)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .join(questions, questions.c.id == answers.c.question_id)
        .join(waves, waves.c.id == invitations.c.wave_id)
        .join(campaigns, campaigns.c.id == waves.c.campaign_id)
        .join(definitions, definitions.c.id == campaigns.c.definition_id)
        .where(
            definitions.c.key == SURVEY,
            questions.c.kind == "number",
            invitations.c.finished_at.is_not(None),
        )
    )
    started: dict[int, datetime] = {}
    sums: dict[int, dict[int, Decimal]] = {}
    for row in rows:
        started[row["wave_id"]] = row["started_at"]
        told = json.loads(row["value"], parse_float=Decimal)
        of_wave = sums.setdefault(row["wave_id"], {})
        of_wave[row["id"]] = of_wave.get(row["id"], Decimal(0)) + Decimal(told or 0)
    return {
        wave: Studied(
            (sum(each.values(), Decimal(0)) / len(each)).quantize(_TENTH).normalize(),
            len(each),
            started[wave],
        )
        for wave, each in sums.items()
    }
