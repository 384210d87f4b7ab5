"""Somebody has just agreed to be asked: a wave that misses them only for that invites them now."""

from dataclasses import replace
from datetime import datetime

from bot.operations.campaigns.deciding import judged, places_left, rules_for
from bot.operations.campaigns.inviting import TOUCHPOINT
from bot.operations.campaigns.waves import reminder_at
from storage.asking import campaigns, definitions, invitations, ledger, prospects, waves
from storage.asking.campaigns import Campaign
from storage.asking.invitations import Invitation
from storage.asking.ledger import Line
from storage.database import Transaction
from storage.people import links, workspace
from storage.people.people import Person
from surveys.campaign.eligibility import TO_COME, Reason, decide


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
    for promised in await invitations.by_link(tx, person.id, now):
        wave = await campaigns.get_wave(tx, promised.wave_id)
        campaign = await campaigns.get(tx, wave.campaign_id)
        if await _obstacle(tx, campaign, person, now) is None:
            await invitations.remind(tx, promised.id, reminder_at(campaign, now))
            await invitations.set_touchpoint(tx, promised.id, by_manager or promised.touchpoint)
            await ledger.record(tx, wave.id, [Line(person.id)], now)
            return promised
    for info in await waves.open_without(tx, person.id, TO_COME, now):
        campaign = await campaigns.get(tx, info.campaign_id)
        reason = await _obstacle(tx, campaign, person, now) or await _full(tx, campaign, now)
        await ledger.record(tx, info.id, [Line(person.id, reason)], now)
        if reason is None:
            return await invitations.create(
                tx,
                wave_id=info.id,
                person_id=person.id,
                definition_id=info.definition_id,
                touchpoint=by_manager or TOUCHPOINT,
                now=now,
                closes_at=info.closes_at,
                remind_at=reminder_at(campaign, now),
            )
    return None


async def _full(tx: Transaction, campaign: Campaign, now: datetime) -> Reason | None:
    places = await places_left(tx, campaign, now)
    return Reason.QUOTA_FULL if places is not None and places <= 0 else None


async def _obstacle(
    tx: Transaction, campaign: Campaign, person: Person, now: datetime
) -> Reason | None:
    survey = (await definitions.get(tx, campaign.definition_id)).survey
    space = await workspace.get(tx)
    found = await prospects.candidates(tx, survey, among=[person.id])
    if not found:
        return Reason.OUTSIDE_AUDIENCE
    rules = replace(rules_for(survey, space), paused=campaign.state != "running")
    today = now.astimezone(space.tzinfo).date()
    return decide(judged(found[0], campaign.plan, today), rules, now)
