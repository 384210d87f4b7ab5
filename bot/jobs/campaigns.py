"""Campaigns that wait for a moment: recurring slots, events, customers gone quiet; and boards."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.chat.campaigns.board import board_screen
from bot.operations.campaigns import control
from bot.operations.campaigns.deciding import is_anybody_quiet, setting_of
from bot.operations.campaigns.inviting import ask_one
from bot.operations.campaigns.preparing import prepare_some
from bot.operations.campaigns.waves import begin_wave
from bot.operations.compose import texts_for, to_staff
from bot.operations.upkeep.trouble import tell_admins
from bot.rights import Action, may
from bot.roles import roles_of
from bot.says.said import Change
from storage.asking import boards, campaigns, events
from storage.asking.boards import Board
from storage.asking.campaign_queue import Account
from storage.asking.campaigns import Campaign
from storage.asking.events import Firing
from storage.database import Database, Transaction
from storage.people import people, workspace
from storage.people.workspace import Workspace
from storage.sending import outbox
from surveys.periods import zone_info
from templates.texts import Texts

log = structlog.get_logger()

EDIT_EVERY = timedelta(seconds=3)
"""How often a board is edited at most."""


async def run_due(database: Database, now: datetime) -> bool:
    """Do everything about campaigns that is due; tell whether a wave needs another call."""
    async with database.reading() as reader:
        slots = await campaigns.due(reader, now)
        waiting = await events.due(reader, now)
    for campaign in slots:
        await _fire_slot(database, campaign, now)
    for firing in waiting:
        async with database.transaction() as tx:
            await _follow(tx, firing, now)
    more = await prepare_some(database, now)
    async with database.reading() as reader:
        shown = await boards.due(reader, now)
    for board in shown:
        await _refresh(database, board, now)
    return more


async def _fire_slot(database: Database, campaign: Campaign, now: datetime) -> None:
    """Fire once, however many slots were missed: each wave would look at the same people."""
    slot = campaign.next_due_at
    if slot is None:
        return
    async with database.reading() as reader:
        space = await workspace.get(reader)
        label = slot.astimezone(zone_info(campaign.plan.when.zone or space.zone)).date().isoformat()
        setting = await setting_of(reader, campaign, label, now)
        anybody = campaign.plan.when.how != "inactivity" or await is_anybody_quiet(reader, setting)
    first = campaign.created_at.astimezone(space.tzinfo).date()
    following = campaign.plan.when.next_slot(space.zone, first, max(slot, now))
    async with database.transaction() as tx:
        if not await campaigns.advance(tx, campaign.id, slot, following):
            return
        known = {wave.label for wave in await campaigns.waves_of(tx, campaign.id)}
        state = (await campaigns.get(tx, campaign.id)).state
        before_it = label < first.isoformat() and campaign.created_at <= now
        passed = before_it or _was_asked(label, known, now, space)
        if state != "running" or not anybody or passed:
            return
        if not space.company:
            await _tell_nobody_was_asked(tx, campaign, now)
        else:
            wave = await begin_wave(tx, campaign, label, now)
            log.info("wave_begun", campaign=campaign.id, wave=wave.id)


def _was_asked(label: str, known: set[str], now: datetime, space: Workspace) -> bool:
    """Whether a day's slot, or a later one, already had its wave: the clock may have gone back.

    A wave's label is its day. Days that are still to come do not count: a clock that was ahead made
    those waves.
    """
    today = now.astimezone(space.tzinfo).date().isoformat()
    return label in known or any(label < one <= today for one in known)


async def _follow(tx: Transaction, firing: Firing, now: datetime) -> None:
    """Ask the event's customer, or note why not; a paused or cancelled campaign asks nobody.

    Nor does a company without a name: an event of long ago is not asked about once it has one.
    """
    if not await events.claim(tx, firing, now):
        return
    campaign = await campaigns.get(tx, firing.campaign_id)
    if campaign.state == "cancelled":
        return
    event = firing.event
    if any(wave.label == event.deal for wave in await campaigns.waves_of(tx, campaign.id)):
        return
    if not (await workspace.get(tx)).company:
        await _tell_nobody_was_asked(tx, campaign, now)
        return
    manager = None if event.manager_id is None else await people.by_id(tx, event.manager_id)
    await ask_one(tx, campaign, event.deal, event.person_id, manager, now)


async def _tell_nobody_was_asked(tx: Transaction, campaign: Campaign, now: datetime) -> None:
    """Tell the admins, once a campaign, that its moment came and nobody was asked."""

    def sentence(texts: Texts) -> str:
        return texts(
            "«{campaign}» was due and asked nobody: the company has no name yet. Set it: Data and "
            "consent in the menu. From then on the campaign asks again by itself.",
            campaign=campaign.name,
        )

    await tell_admins(tx, f"nameless:{campaign.id}", sentence, now)


async def _refresh(database: Database, board: Board, now: datetime) -> None:
    """Edit the board where it shows something else now, and look again when it may change."""
    async with database.reading() as reader:
        owner = await people.by_id(reader, board.person_id)
        status = await control.status(reader, board.campaign_id)
        space = await workspace.get(reader)
    async with database.transaction() as tx:
        allowed = may(Action.RUN_CAMPAIGNS, *roles_of(owner))
        if owner is None or owner.address is None or not allowed:
            await boards.leave(tx, board.person_id, board.message_id)
            return
        screen = board_screen(texts_for(owner, space), status, space, now)
        again = _look_again(status.account, now)
        following = replace(board, shown=screen.text, next_edit_at=again)
        if await boards.refreshed(tx, following) and screen.text != board.shown:
            key = f"board:{board.campaign_id}:{board.person_id}:{now.timestamp()}"
            change = Change(screen, board.message_id)
            await outbox.put(tx, to_staff(key, owner, change, now), now)


def _look_again(account: Account, now: datetime) -> datetime | None:
    if not account.waiting and not account.preparing:
        return None
    due = account.next_at or now
    return max(due, now) + EDIT_EVERY
