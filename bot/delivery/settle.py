"""What a send's outcome changes in the outbox and in the invitation."""

from datetime import datetime, timedelta

from bot.delivery.outcomes import (
    Delivered,
    Migrated,
    NotSent,
    Outcome,
    Rejected,
    Sent,
    SlowDown,
    Unknown,
    Unreachable,
)
from bot.operations.alerts import fate_unknown, tell_admins
from storage.answering import invitations
from storage.database import Transaction
from storage.people import people
from storage.sending import outbox
from storage.sending.outbox import Claimed

LONGEST_RETRY = timedelta(minutes=5)
TRIES = 300
"""Tries that last about a day at the longest interval, as long as Telegram keeps updates for us."""


async def settle(tx: Transaction, row: Claimed, outcome: Outcome, now: datetime) -> None:
    """Note what became of a message, in one transaction."""
    match outcome:
        case Delivered(result):
            await _delivered(tx, row, result if isinstance(result, Sent) else Sent(None), now)
        case SlowDown(seconds):
            until = now + timedelta(seconds=seconds)
            await outbox.pause(tx, until, now)
            await outbox.retry(tx, row.id, until, "slow down")
        case Migrated(address):
            await outbox.migrate(tx, row.address, address)
            await outbox.retry(tx, row.id, now, "migrated")
        case NotSent(error) if row.attempts < TRIES:
            await outbox.retry(tx, row.id, now + _wait(row), error)
        case Unknown(error) if row.is_change and row.attempts < TRIES:
            await outbox.retry(tx, row.id, now + _wait(row), error)
        case Unknown(error):
            await outbox.unknown(tx, row.id, error, now)
            if row.audience == "customer":
                await tell_admins(tx, f"unknown:{now.date()}", fate_unknown, now)
        case Unreachable(error):
            await people.unreachable(tx, row.address, now)
            await _failed(tx, row, error, now)
        case Rejected(error) | NotSent(error):
            await _failed(tx, row, error, now)


async def _delivered(tx: Transaction, row: Claimed, result: Sent, now: datetime) -> None:
    await outbox.sent(tx, row.id, result.message, now, result.file_id)
    if row.invitation_id is not None and result.message is not None:
        await invitations.sent(tx, row.invitation_id, result.message, now)


async def _failed(tx: Transaction, row: Claimed, error: str, now: datetime) -> None:
    await outbox.failed(tx, row.id, error, now)
    if row.invitation_id is not None:
        await invitations.failed(tx, row.invitation_id, now)


def _wait(row: Claimed) -> timedelta:
    return min(timedelta(seconds=2 ** min(row.attempts, 20)), LONGEST_RETRY)
