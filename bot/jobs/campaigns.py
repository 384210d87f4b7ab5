"""Campaigns that wait for a moment: recurring slots, events, customers gone quiet; and boards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.chat.board import board_screen
from bot.chat.screens import parameters
from bot.operations import campaign_control as control
from bot.operations.campaigns import fire
from bot.operations.compose import STAFF, texts_for
from storage import boards, campaigns, definitions, events, outbox, people, prospects, workspace
from storage.boards import Board
from storage.campaigns import Account, Campaign
from storage.database import Database, Transaction
from storage.events import Firing
from storage.outbox import Draft
from storage.prospects import Prospect
from storage.workspace import Workspace
from surveys.periods import zone_info

log = structlog.get_logger()

EDIT_EVERY = timedelta(seconds=3)
"""How often a board is edited at most."""


async def run_due(database: Database, now: datetime) -> None:
    """Do everything about campaigns that is due now, each in a transaction of its own."""
    async with database.reading() as reader:
        slots = await campaigns.due(reader, now)
        waiting = await events.due(reader, now)
    for campaign in slots:
        async with database.transaction() as tx:
            await _fire_slot(tx, campaign, now)
    for firing in waiting:
        async with database.transaction() as tx:
            await _follow(tx, firing, now)
    async with database.reading() as reader:
        shown = await boards.due(reader, now)
    for board in shown:
        async with database.transaction() as tx:
            await _refresh(tx, board, now)


async def _fire_slot(tx: Transaction, campaign: Campaign, now: datetime) -> None:
    """Fire once for however many slots were missed: each wave looks at the same people."""
    slot = campaign.next_due_at
    if slot is None:
        return
    space = await workspace.get(tx)
    first = campaign.created_at.astimezone(space.tzinfo).date()
    following = campaign.plan.when.next_slot(space.zone, first, max(slot, now))
    if not await campaigns.advance(tx, campaign.id, slot, following):
        return
    label = slot.astimezone(zone_info(campaign.plan.when.zone or space.zone)).date().isoformat()
    known = {wave.label for wave in await campaigns.waves_of(tx, campaign.id)}
    everybody = await _gone_quiet(tx, campaign, now, space)
    if campaign.state != "running" or label in known or everybody == []:
        return
    wave_id, found = await fire(tx, campaign, label, now, everybody=everybody)
    log.info("wave_fired", campaign=campaign.id, wave=wave_id, invited=len(found.invited))


async def _gone_quiet(
    tx: Transaction, campaign: Campaign, now: datetime, space: Workspace
) -> Sequence[Prospect] | None:
    days = campaign.plan.when.inactive_days
    if days is None:
        return None
    survey = (await definitions.get(tx, campaign.definition_id)).survey
    before = now.astimezone(space.tzinfo).date() - timedelta(days=days)
    return await prospects.unseen_inactive(tx, campaign.id, survey, before)


async def _follow(tx: Transaction, firing: Firing, now: datetime) -> None:
    """Ask the event's customer, or note why not; a paused or cancelled campaign asks nobody."""
    if not await events.claim(tx, firing, now):
        return
    campaign = await campaigns.get(tx, firing.campaign_id)
    if campaign.state == "cancelled":
        return
    survey = (await definitions.get(tx, campaign.definition_id)).survey
    event = firing.event
    if any(wave.label == event.deal for wave in await campaigns.waves_of(tx, campaign.id)):
        return
    found = await prospects.candidates(tx, survey, person_id=event.person_id)
    await fire(tx, campaign, event.deal, now, everybody=found, manager_id=event.manager_id)


async def _refresh(tx: Transaction, board: Board, now: datetime) -> None:
    """Edit the board where it shows something else now, and look again when it may change."""
    owner = await people.by_telegram(tx, board.chat_id)
    if owner is None or not owner.is_admin:
        await boards.leave(tx, board.chat_id, board.message_id)
        return
    status = await control.status(tx, board.campaign_id)
    space = await workspace.get(tx)
    screen = board_screen(texts_for(owner, space), status, space)
    if screen.text != board.shown:
        draft = Draft(
            key=f"board:{board.campaign_id}:{board.chat_id}:{now.timestamp()}",
            chat_id=board.chat_id,
            person_id=owner.id,
            audience="staff",
            priority=STAFF,
            due_at=now,
            method="editMessageText",
            params={**parameters(screen), "message_id": board.message_id},
        )
        await outbox.put(tx, draft, now)
    again = _look_again(status.account, now)
    following = Board(board.campaign_id, board.chat_id, board.message_id, screen.text, again)
    await boards.follow(tx, following)


def _look_again(account: Account, now: datetime) -> datetime | None:
    if not account.waiting:
        return None
    due = account.next_at or now
    return max(due, now) + EDIT_EVERY
