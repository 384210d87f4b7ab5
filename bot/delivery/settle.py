"""What a send's outcome changes in the outbox and in the invitation."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.delivery.outcomes import (
    Delivered,
    Migrated,
    NotSent,
    NotTaken,
    NotTried,
    Outcome,
    Rejected,
    Sent,
    SlowDown,
    Unknown,
    Unreachable,
)
from bot.operations.upkeep.trouble import crm_not_told, fate_unknown, tell_admins
from storage.answering import invitations
from storage.database import Transaction
from storage.people import people
from storage.sending import groups, outbox, pauses
from storage.sending.outbox import Claimed

LONGEST_RETRY = timedelta(minutes=5)
TRIES = 300
"""This many tries take about a day: as long as Telegram keeps updates for us."""


async def settle(tx: Transaction, row: Claimed, outcome: Outcome, now: datetime) -> None:
    """Note what became of a message, in one transaction."""
    match outcome:
        case Delivered():
            await settle_delivered(tx, [(row, outcome)], now)
        case NotTried():
            await outbox.give_back(tx, row.id)
        case SlowDown(seconds):
            until = now + timedelta(seconds=seconds)
            await pauses.pause(tx, until, now)
            await _retry(tx, row, until, "slow down")
        case Migrated(address):
            await outbox.migrate(tx, row.address, address)
            await groups.migrate(tx, row.address, address)
            await outbox.retry(tx, row.id, now, "migrated")
        case NotTaken(error):
            await _not_taken(tx, row, error, now)
        case NotSent(error) | Unknown(error) if _is_tried_again(row, outcome):
            await _retry(tx, row, now + _wait(row), error)
        case Unknown(error):
            await _unknown(tx, row, error, now)
        case Unreachable(error):
            await people.unreachable(tx, row.address, now)
            await groups.gone(tx, row.address)
            await _failed(tx, row, error, now)
        case Rejected(error) | NotSent(error):
            await _failed(tx, row, error, now)


async def settle_delivered(
    tx: Transaction, arrived: Sequence[tuple[Claimed, Delivered]], now: datetime
) -> None:
    """Note that messages arrived."""
    kept = [
        (row, outcome.result if isinstance(outcome.result, Sent) else Sent(None))
        for row, outcome in arrived
    ]
    await outbox.all_sent(tx, [(row.id, sent.message, sent.file_id) for row, sent in kept], now)
    invited = [
        (row.invitation_id, sent.message)
        for row, sent in kept
        if row.invitation_id is not None and sent.message is not None
    ]
    if invited:
        await invitations.all_sent(tx, invited, now)


async def _unknown(tx: Transaction, row: Claimed, error: str, now: datetime) -> None:
    await outbox.unknown(tx, row.id, error, now)
    if row.audience == "customer":
        await tell_admins(tx, f"unknown:{now.date()}", fate_unknown, now)


async def _not_taken(tx: Transaction, row: Claimed, error: str, now: datetime) -> None:
    """Try an event again for about a day; then give it up and tell the admins."""
    if row.attempts < TRIES:
        await outbox.retry(tx, row.id, now + _wait(row), error)
        return
    await outbox.failed(tx, row.id, error, now)
    await tell_admins(tx, f"crm:{now.date()}", crm_not_told, now)


async def _failed(tx: Transaction, row: Claimed, error: str, now: datetime) -> None:
    await outbox.failed(tx, row.id, error, now)
    if row.invitation_id is not None:
        await invitations.failed(tx, row.invitation_id, now)


async def _retry(tx: Transaction, row: Claimed, due_at: datetime, error: str) -> None:
    """Try again later; what was to follow a file in its chat does not overtake it."""
    await outbox.retry(tx, row.id, due_at, error)
    if row.file_path is not None:
        await outbox.put_off_followers(tx, row.key, due_at)


def _is_tried_again(row: Claimed, outcome: NotSent | Unknown) -> bool:
    return row.attempts < TRIES and (isinstance(outcome, NotSent) or row.is_change)


def _wait(row: Claimed) -> timedelta:
    return min(timedelta(seconds=2 ** min(row.attempts, 20)), LONGEST_RETRY)
