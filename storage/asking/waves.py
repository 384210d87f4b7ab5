"""Waves as their readers see them: with the campaign's survey and audience, and their funnel."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, exists, func, select

from storage.answering import stages
from storage.asking import preparation
from storage.engine.reading import Reader
from storage.tables.surveys import campaigns, decisions, definitions, invitations, waves
from surveys.counts.stages import STAGES, Stages


@dataclass(frozen=True, slots=True)
class WaveInfo:
    """A wave with what it asks: `survey_key`."""

    id: int
    campaign_id: int
    definition_id: int
    survey_key: str
    name: str
    label: str
    state: str
    started_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class WaveFunnel(Stages[int]):
    """How far a wave's invitations came.

    `not_asked`: people by reason. `preparing`: who is to be asked and has no invitation yet.
    """

    not_asked: Mapping[str, int]
    preparing: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a wave's one reminder brought."""

    reminded: int = 0
    began_afterwards: int = 0


async def latest(reader: Reader, limit: int = 50) -> Sequence[WaveInfo]:
    """Return the waves, the latest first, without those of imported answers."""
    imported = exists().where(
        invitations.c.wave_id == waves.c.id, invitations.c.import_key.is_not(None)
    )
    newest = (
        _waves()
        .where(~imported)
        .order_by(waves.c.started_at.desc(), waves.c.id.desc())
        .limit(limit)
    )
    return [WaveInfo(**row) for row in await reader.all(newest)]


async def of_survey(reader: Reader, survey_key: str, limit: int) -> Sequence[WaveInfo]:
    """Return a survey's waves, the latest first, except those of one person after an event."""
    known = (definitions.c.key == survey_key) & campaigns.c.event.is_(None)
    newest = _waves().where(known).order_by(waves.c.started_at.desc(), waves.c.id.desc())
    return [WaveInfo(**row) for row in await reader.all(newest.limit(limit))]


@cache
def _left_out() -> Select[Any]:
    """Return the query of waves that left a person out; it is built once."""
    return (
        _waves()
        .join(decisions, decisions.c.wave_id == waves.c.id)
        .where(
            decisions.c.person_id == bindparam("person"),
            decisions.c.reason.in_(bindparam("reasons", expanding=True)),
            waves.c.closes_at > bindparam("moment"),
            campaigns.c.state != "cancelled",
        )
        .order_by(waves.c.started_at.desc(), waves.c.id.desc())
    )


async def open_without(
    reader: Reader, person_id: int, reasons: Collection[str], now: datetime
) -> Sequence[WaveInfo]:
    """Return waves neither over nor cancelled that left a person out for one of these reasons."""
    asked = {"person": person_id, "reasons": list(reasons), "moment": now}
    return [WaveInfo(**row) for row in await reader.all(_left_out(), asked)]


async def open_for_newcomers(reader: Reader, now: datetime) -> Sequence[WaveInfo]:
    """Return the customers' waves that people may still join, the latest first.

    Waves of one person after an event are left out, and those still being decided.
    """
    joinable = (
        _waves()
        .where(
            definitions.c.audience == "customers",
            campaigns.c.event.is_(None),
            campaigns.c.state == "running",
            waves.c.stage != "deciding",
            waves.c.closes_at > now,
        )
        .order_by(waves.c.started_at.desc(), waves.c.id.desc())
    )
    return [WaveInfo(**row) for row in await reader.all(joinable)]


async def funnel(reader: Reader, wave_id: int) -> WaveFunnel:
    """Count a wave's invitations by stage, and the people not asked by reason."""
    preparing = await preparation.count_of_wave(reader, wave_id)
    return await _funnel(reader, select(waves.c.id).where(waves.c.id == wave_id), preparing)


async def funnel_of_campaign(reader: Reader, campaign_id: int) -> WaveFunnel:
    """Count the same for all waves of a campaign."""
    preparing = await preparation.count_of_campaign(reader, campaign_id)
    of_campaign = select(waves.c.id).where(waves.c.campaign_id == campaign_id)
    return await _funnel(reader, of_campaign, preparing)


async def _funnel(reader: Reader, of: Select[Any], preparing: int) -> WaveFunnel:
    counted = select(*stages.counted())
    row = await reader.first(counted.where(invitations.c.wave_id.in_(of)))
    refused = await reader.all(
        select(decisions.c.reason, func.count().label("people"))
        .where(decisions.c.wave_id.in_(of), decisions.c.reason.is_not(None))
        .group_by(decisions.c.reason)
        .order_by(func.count().desc(), decisions.c.reason)
    )
    not_asked = {one["reason"]: one["people"] for one in refused}
    counts = dict(row) if row else dict.fromkeys(STAGES, 0)
    return WaveFunnel(**counts, not_asked=not_asked, preparing=preparing)


async def reminded(reader: Reader, wave_id: int) -> Reminded:
    """Count a wave's reminders, and those who began only then."""
    late = invitations.c.started_at >= invitations.c.reminded_at
    statement = select(
        func.count().label("reminded"), func.count(case((late, 1))).label("began_afterwards")
    ).where(invitations.c.wave_id == wave_id, invitations.c.reminded_at.is_not(None))
    return Reminded(**(await reader.first(statement) or {}))


def _waves() -> Select[Any]:
    return (
        select(
            waves.c.id,
            waves.c.campaign_id,
            campaigns.c.definition_id,
            definitions.c.key.label("survey_key"),
            campaigns.c.name,
            waves.c.label,
            campaigns.c.state,
            waves.c.started_at,
            waves.c.closes_at,
        )
        .join(campaigns, campaigns.c.id == waves.c.campaign_id)
        .join(definitions, definitions.c.id == campaigns.c.definition_id)
    )
