"""Somebody wants no more invitations: what waits for them is taken back."""

from datetime import datetime

from storage.answering import invitations
from storage.asking import ledger
from storage.asking.ledger import Line
from storage.database import Transaction
from storage.people import wishes
from storage.sending import outbox
from surveys.campaign.eligibility import Reason


async def stop_asking(tx: Transaction, person_id: int, now: datetime) -> None:
    """End invitations; unsent ones are taken back, and the ledger says why."""
    await wishes.opt_out(tx, person_id, now)
    for one in await invitations.of_person(tx, person_id):
        if one.closed_at is not None:
            continue
        await outbox.cancel_for_invitation(tx, one.id, now)
        if one.state == "queued":
            await invitations.take_back(tx, one.id, now)
            await ledger.record(tx, one.wave_id, [Line(person_id, Reason.OPTED_OUT)], now)
