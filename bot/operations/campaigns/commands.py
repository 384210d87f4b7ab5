"""Everything about campaigns as operations: what the command line may ask, JSON in and out."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.operations.campaigns import control
from bot.operations.campaigns.control import Status
from bot.operations.campaigns.launching import (
    Preview,
    check_worth,
    launch,
    noticeable,
    preview,
    preview_wave,
)
from bot.operations.campaigns.outside import links_of_wave
from bot.operations.campaigns.words import is_over
from bot.operations.nameless import check_named
from storage.asking import campaigns, waves
from storage.asking.campaigns import Campaign
from storage.database import Database, Reader
from storage.people import workspace
from surveys.campaign.plan import Plan, parse_plan, plan_of, plan_to_json

_LINKS = 5_000
"""About as many links as one answer holds at most."""


def _plan(text: str | None, survey: str | None, segment: str | None) -> Plan:
    """Read a plan from YAML, or make the plain one of a survey's key and a segment."""
    if text is not None:
        return parse_plan(text)
    audience = {} if segment is None else {"segments": [segment]}
    return plan_of({"survey": survey, "audience": audience})


def summary(found: Preview, zone: ZoneInfo) -> dict[str, Any]:
    """Return a preview as JSON."""
    segments = found.plan.audience.segments
    return {
        "survey": found.definition.key,
        "version": found.definition.version,
        "segment": segments[0] if len(segments) == 1 else None,
        "when": found.plan.when.how,
        "invited": len(found.decided.invited),
        "not_invited": len(found.decided.refused),
        "by_link": found.decided.by_link,
        "first_at": local_iso(found.decided.first_at, zone),
        "nobody_has": {part: list(words) for part, words in found.unknown.items()},
        "noticeable": [list(one) for one in noticeable(found)],
        "reasons": {reason.value: count for reason, count in found.decided.reasons.items()},
    }


async def preview_campaign(
    database: Database,
    now: datetime,
    /,
    survey: str | None = None,
    segment: str | None = None,
    text: str | None = None,
) -> dict[str, Any]:
    """Operation: the count before the launch."""
    plan = _plan(text, survey, segment)
    async with database.reading() as reader:
        zone = (await workspace.get(reader)).tzinfo
        return summary(await preview(reader, plan, now), zone)


async def start_campaign(
    database: Database,
    now: datetime,
    /,
    survey: str | None = None,
    segment: str | None = None,
    text: str | None = None,
) -> dict[str, Any]:
    """Operation: the launch; the wave is prepared afterwards."""
    plan = _plan(text, survey, segment)
    async with database.reading() as reader:
        found = await preview(reader, plan, now)
        space = await workspace.get(reader)
    check_named(space)
    check_worth(found)
    async with database.transaction() as tx:
        launched = await launch(tx, plan, None, now)
        campaign = await campaigns.get(tx, launched.campaign_id)
    return {
        "campaign": launched.campaign_id,
        "wave": launched.wave_id,
        "next_at": local_iso(campaign.next_due_at, space.tzinfo),
        **summary(found, space.tzinfo),
    }


async def list_campaigns(database: Database, now: datetime, /) -> dict[str, Any]:
    """Operation: every wave with its funnel, and the campaigns that wait for their moment.

    All moments are those of the company's zone.
    """
    async with database.reading() as reader:
        zone = (await workspace.get(reader)).tzinfo
        known = await campaigns.list_all(reader)
        how = {one.id: one.plan.when.how for one in known}
        rows = [
            {
                "campaign": wave.campaign_id,
                "name": wave.name,
                "wave": wave.id,
                "label": wave.label,
                "survey": wave.survey_key,
                "state": wave.state,
                "over": is_over(
                    wave.state, how.get(wave.campaign_id, "repeat"), wave.closes_at, now
                ),
                "started_at": local_iso(wave.started_at, zone),
                "closes_at": local_iso(wave.closes_at, zone),
                "progress": (await waves.funnel(reader, wave.id)).as_dict(),
            }
            for wave in await waves.latest(reader)
        ]
        everything = [_described(one, zone) for one in known]
    return {"campaigns": rows, "all": everything}


def _described(campaign: Campaign, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "campaign": campaign.id,
        "name": campaign.name,
        "survey": campaign.plan.survey,
        "state": campaign.state,
        "when": campaign.plan.when.how,
        "created_at": local_iso(campaign.created_at, zone),
        "next_at": local_iso(campaign.next_due_at, zone),
    }


async def campaign_status(database: Database, now: datetime, /, campaign: int) -> dict[str, Any]:
    """Operation: how a campaign stands."""
    async with database.reading() as reader:
        return await _status(reader, await control.status(reader, campaign), now)


async def pause_campaign(database: Database, now: datetime, /, campaign: int) -> dict[str, Any]:
    """Operation: send nothing more for now."""
    async with database.transaction() as tx:
        return await _status(tx, await control.pause(tx, campaign, now), now)


async def resume_campaign(database: Database, now: datetime, /, campaign: int) -> dict[str, Any]:
    """Operation: go on."""
    async with database.transaction() as tx:
        return await _status(tx, await control.resume(tx, campaign, now), now)


async def cancel_campaign(database: Database, now: datetime, /, campaign: int) -> dict[str, Any]:
    """Operation: end it; what was sent stays sent."""
    async with database.transaction() as tx:
        return await _status(tx, await control.cancel(tx, campaign, now), now)


async def next_wave(
    database: Database, now: datetime, /, campaign: int, label: str
) -> dict[str, Any]:
    """Operation: the same survey and audience once more, as `after` follows `before`."""
    async with database.reading() as reader:
        zone = (await workspace.get(reader)).tzinfo
        known = await control.known_campaign(reader, campaign)
        found = await preview_wave(reader, known, label, now)
    async with database.transaction() as tx:
        wave = await control.next_wave(tx, campaign, label, now)
    return {"campaign": campaign, "wave": wave.id, "label": label, **summary(found, zone)}


async def wave_links(
    database: Database, now: datetime, /, wave: int, after: int = 0
) -> dict[str, Any]:
    """Operation: personal links for those of a wave who are not in Telegram yet.

    Some thousand at a time; `after` in the result, where it is not null, asks for the next ones.
    """
    rows: list[dict[str, str]] = []
    async for last, some in links_of_wave(database, wave, now, after):
        rows += some
        if len(rows) >= _LINKS:
            return {"wave": wave, "links": rows, "after": last}
    return {"wave": wave, "links": rows, "after": None}


async def _status(reader: Reader, found: Status, now: datetime) -> dict[str, Any]:
    return as_json(found, (await workspace.get(reader)).tzinfo, now)


def as_json(found: Status, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Return how a campaign stands as JSON; `account` is what was really sent."""
    account = found.account
    closes_at = None if found.wave is None else found.wave.closes_at
    return {
        **_described(found.campaign, zone),
        "plan": plan_to_json(found.campaign.plan),
        "account": {
            "sent": account.sent,
            "waiting": account.waiting,
            "held": account.held,
            "failed": account.failed,
            "unknown": account.unknown,
            "cancelled": account.cancelled,
            "preparing": account.preparing,
            "next_at": local_iso(account.next_at, zone),
        },
        "waves": found.waves,
        "wave": None if found.wave is None else found.wave.id,
        "label": None if found.wave is None else found.wave.label,
        "stage": None if found.wave is None else found.wave.stage,
        "over": is_over(found.campaign.state, found.campaign.plan.when.how, closes_at, now),
        "progress": None if found.funnel is None else found.funnel.as_dict(),
    }


def local_iso(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """Return a moment as the clocks of a zone show it."""
    return None if moment is None else moment.astimezone(zone).isoformat()
