"""Somebody has just agreed: a wave that left them out for lack of consent invites them now."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.operations.campaigns.deciding import judged, places_left, rules_for
from bot.operations.campaigns.inviting import TOUCHPOINT
from bot.operations.campaigns.waves import reminder_at
from storage.answering import invitations
from storage.answering.invitations import BY_OPEN_LINK, Invitation
from storage.asking import campaigns, definitions, ledger, prospects, waves
from storage.asking.campaigns import Campaign
from storage.asking.ledger import Line
from storage.asking.waves import WaveInfo
from storage.database import Reader, Transaction
from storage.people import links, workspace
from storage.people.people import Person
from surveys.campaign.eligibility import TO_COME, Reason, decide


@dataclass(frozen=True, slots=True)
class Due:
    """What a newcomer may be asked at once: a promised invitation, or a wave's."""

    campaign: Campaign
    promised: Invitation | None = None
    wave: WaveInfo | None = None


async def due(reader: Reader, person: Person, now: datetime) -> Due | None:
    """Return what `invite_if_due` would ask somebody without an open survey; change nothing."""
    async for found, reason in _chances(reader, person, now):
        if reason is None:
            return found
    return None


async def invite_if_due(tx: Transaction, person: Person, now: datetime) -> Invitation | None:
    """Return the invitation a newcomer may answer at once: an open one, or one just made.

    The message that asked for the consent becomes the first question; nothing is queued. The
    ledger says then why a wave that waited for them does not ask them after all. The invitation
    keeps it when a manager's own link brought them, since that manager chose whom to ask.
    """
    already = await invitations.open_of(tx, person.id, now)
    if already is not None:
        return already
    by_manager = await links.came_by(tx, person.id)
    async for found, reason in _chances(tx, person, now):
        if reason is None:
            return await _invited(tx, found, person, by_manager, now)
        if found.wave is not None:
            await ledger.record(tx, found.wave.id, [Line(person.id, reason)], now)
    return None


async def _chances(
    reader: Reader, person: Person, now: datetime
) -> AsyncIterator[tuple[Due, Reason | None]]:
    """Yield what could be asked, and why not: promised invitations, then waves that waited.

    No wave has looked at people who came by an open link, so the latest one may ask them.
    """
    for promised in await invitations.by_link(reader, person.id, now):
        wave = await campaigns.get_wave(reader, promised.wave_id)
        campaign = await campaigns.get(reader, wave.campaign_id)
        yield Due(campaign, promised), await _obstacle(reader, campaign, person, now)
    waited = await waves.open_without(reader, person.id, TO_COME, now)
    if not waited and await _came_by_open_link(reader, person):
        waited = await waves.open_for_newcomers(reader, now)
    for info in waited:
        campaign = await campaigns.get(reader, info.campaign_id)
        reason = await _obstacle(reader, campaign, person, now)
        yield Due(campaign, wave=info), reason or await _full(reader, campaign, now)


async def _came_by_open_link(reader: Reader, person: Person) -> bool:
    unlisted = person.is_customer and person.external_id is None
    return unlisted and not await ledger.count_of_person(reader, person.id)


async def _invited(
    tx: Transaction, found: Due, person: Person, by_manager: str | None, now: datetime
) -> Invitation:
    remind_at = reminder_at(found.campaign, now)
    promised, wave = found.promised, found.wave
    if promised is not None:
        await invitations.remind(tx, promised.id, remind_at)
        await invitations.set_touchpoint(tx, promised.id, by_manager or promised.touchpoint)
        await ledger.record(tx, promised.wave_id, [Line(person.id)], now)
        return promised
    if wave is None:
        raise ValueError(found)
    by_open_link = await _came_by_open_link(tx, person)
    await ledger.record(tx, wave.id, [Line(person.id)], now)
    return await invitations.create(
        tx,
        wave_id=wave.id,
        person_id=person.id,
        definition_id=wave.definition_id,
        touchpoint=BY_OPEN_LINK if by_open_link else by_manager or TOUCHPOINT,
        now=now,
        closes_at=wave.closes_at,
        remind_at=remind_at,
    )


async def _full(reader: Reader, campaign: Campaign, now: datetime) -> Reason | None:
    places = await places_left(reader, campaign, now)
    return Reason.QUOTA_FULL if places is not None and places <= 0 else None


async def _obstacle(
    reader: Reader, campaign: Campaign, person: Person, now: datetime
) -> Reason | None:
    """Return why not to ask somebody who is here this very moment."""
    survey = (await definitions.get(reader, campaign.definition_id)).survey
    space = await workspace.get(reader)
    found = await prospects.candidates(reader, survey, among=[person.id])
    if not found:
        return Reason.OUTSIDE_AUDIENCE
    rules = replace(rules_for(survey, space), paused=campaign.state != "running")
    today = now.astimezone(space.tzinfo).date()
    here = replace(judged(found[0], campaign.plan, today), has_telegram=True, reachable=True)
    return decide(here, rules, now)
