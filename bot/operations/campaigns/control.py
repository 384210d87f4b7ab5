"""A campaign under way: pause, resume, cancel, the next wave, its progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import Refused
from bot.operations.campaigns.waves import begin_wave
from bot.operations.campaigns.words import STATES, SUMMED
from bot.operations.compose import hours_of
from bot.operations.nameless import check_named
from storage.asking import boards, campaign_queue, campaigns, definitions, waves
from storage.asking.campaign_queue import Account
from storage.asking.campaigns import Campaign, Wave
from storage.asking.waves import WaveFunnel
from storage.database import Reader, Transaction
from storage.errors import NotFound
from storage.people import workspace
from surveys.campaign.timing import send_at
from surveys.messages import Message, mark


@dataclass(frozen=True, slots=True)
class Status:
    """A campaign with what was really sent and how far it came.

    `funnel` is the latest wave's, or for many small waves all of theirs; `waves`: how many.
    """

    campaign: Campaign
    survey_key: str
    account: Account
    wave: Wave | None
    funnel: WaveFunnel | None
    waves: int


async def known_campaign(reader: Reader, campaign_id: int) -> Campaign:
    """Return a campaign; refuses a number that is none."""
    try:
        return await campaigns.get(reader, campaign_id)
    except NotFound as error:
        raise Refused(
            mark("There is no campaign {campaign_id}: otklik campaign list."),
            campaign_id=str(campaign_id),
        ) from error


async def status(reader: Reader, campaign_id: int) -> Status:
    """Return how a campaign stands."""
    campaign = await known_campaign(reader, campaign_id)
    found = await campaigns.waves_of(reader, campaign_id)
    latest = found[0] if found else None
    definition = await definitions.get(reader, campaign.definition_id)
    account = await campaign_queue.account(reader, campaign_id)
    funnel = await far(reader, campaign, found)
    return Status(campaign, definition.key, account, latest, funnel, len(found))


async def far(reader: Reader, campaign: Campaign, found: Sequence[Wave]) -> WaveFunnel | None:
    """Return how far a campaign came: its latest wave, or all of many small ones."""
    if not found:
        return None
    if campaign.plan.when.how in SUMMED:
        return await waves.funnel_of_campaign(reader, campaign.id)
    return await waves.funnel(reader, found[0].id)


async def pause(tx: Transaction, campaign_id: int, now: datetime) -> Status:
    """Send nothing more for now; what is queued is kept."""
    await _running(tx, campaign_id)
    await campaigns.pause(tx, campaign_id)
    await boards.wake(tx, campaign_id, now)
    return await status(tx, campaign_id)


async def resume(tx: Transaction, campaign_id: int, now: datetime) -> Status:
    """Go on; what came due during the pause goes out as soon as people may be written to."""
    campaign = await known_campaign(tx, campaign_id)
    if campaign.state != "paused":
        raise Refused(mark("Only a paused campaign can be resumed."))
    await campaigns.resume(tx, campaign_id)
    await postpone(tx, now, campaign)
    await boards.wake(tx, campaign_id, now)
    return await status(tx, campaign_id)


async def postpone(tx: Transaction, now: datetime, campaign: Campaign | None = None) -> None:
    """Put off what came due while nothing was sent to an hour when people may be written to.

    After a pause this is one campaign's queue; after the program stood still, everybody's.
    """
    space = await workspace.get(tx)
    hours = hours_of(space, None if campaign is None else campaign.plan)
    number = None if campaign is None else campaign.id
    for zone in await campaign_queue.zones_overdue(tx, now, number):
        due_at = send_at(now, zone or space.zone, hours)
        if due_at > now:
            await campaign_queue.postpone(tx, zone, now, due_at, number)


async def cancel(tx: Transaction, campaign_id: int, now: datetime) -> Status:
    """End a campaign for good: unsent invitations are dropped, open surveys stay open."""
    campaign = await known_campaign(tx, campaign_id)
    if campaign.state == "cancelled":
        raise Refused(mark("This campaign was cancelled already."))
    await campaigns.cancel(tx, campaign_id, now)
    await boards.wake(tx, campaign_id, now)
    return await status(tx, campaign_id)


async def next_wave(tx: Transaction, campaign_id: int, label: str, now: datetime) -> Wave:
    """Ask the same survey of the same audience again, as `after` follows `before`."""
    campaign = await _running(tx, campaign_id)
    check_named(await workspace.get(tx))
    if any(wave.label == label for wave in await campaigns.waves_of(tx, campaign_id)):
        raise Refused(
            mark("This campaign has a wave «{label}» already; give this one another label."),
            label=label,
        )
    return await begin_wave(tx, campaign, label, now)


async def _running(tx: Transaction, campaign_id: int) -> Campaign:
    campaign = await known_campaign(tx, campaign_id)
    if campaign.state != "running":
        raise Refused(mark("This campaign {state}."), state=Message(STATES[campaign.state]))
    return campaign
