"""A campaign's messages in the outbox: what became of them, and what is put off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from storage.asking import preparation
from storage.asking.campaigns import counts_of, invited
from storage.engine.reading import Reader, Transaction
from storage.tables.delivery import IS_CHANGE
from storage.tables.delivery import outbox as messages
from storage.tables.people import people
from storage.tables.surveys import decisions, waves
from surveys.campaign.eligibility import Reason


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a campaign's invitations in the queue.

    `preparing`: not in the queue yet. `unknown`: perhaps delivered. `next_at`: when the next queued
    one goes out.
    """

    sent: int = 0
    waiting: int = 0
    held: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0
    preparing: int = 0
    next_at: datetime | None = None

    @property
    def total(self) -> int:
        """Return how many messages there are or will be."""
        settled = self.sent + self.failed + self.unknown + self.cancelled
        return settled + self.waiting + self.held + self.preparing


async def account(reader: Reader, campaign_id: int) -> Account:
    """Count a campaign's invitations in the queue by what became of them."""
    states = {
        "sent": "sent",
        "queued": "waiting",
        "sending": "waiting",
        "held": "held",
        "failed": "failed",
        "expired": "failed",
        "unknown": "unknown",
        "left": "unknown",
        "cancelled": "cancelled",
    }
    of_campaign = messages.c.invitation_id.in_(invited(campaign_id))
    which = of_campaign & messages.c.key.like("invitation:%")
    counts: dict[str, int] = {}
    for state, count in (await counts_of(reader, messages.c.state, which)).items():
        counts[states[state]] = counts.get(states[state], 0) + count
    counts["cancelled"] = counts.get("cancelled", 0) + await _too_late(reader, campaign_id)
    next_at = await reader.scalar(
        select(func.min(messages.c.due_at)).where(which, messages.c.state == "queued")
    )
    preparing = await preparation.count_of_campaign(reader, campaign_id)
    return Account(**counts, preparing=preparing, next_at=next_at)


async def _too_late(reader: Reader, campaign_id: int) -> int:
    """Count who was to be asked when the campaign was cancelled, and had no invitation yet."""
    ended = decisions.c.reason == Reason.CAMPAIGN_CANCELLED
    mine = decisions.c.wave_id.in_(select(waves.c.id).where(waves.c.campaign_id == campaign_id))
    count: int = await reader.scalar(select(func.count()).where(mine, ended))
    return count


async def zones_overdue(
    reader: Reader, now: datetime, campaign_id: int | None = None
) -> Sequence[str]:
    """Return the zones of people whose queued invitation or reminder is overdue.

    They are those of one campaign, or of all; "" stands for people without a zone of their own.
    """
    zone = func.coalesce(people.c.zone, "")
    late = _overdue(now, campaign_id).with_only_columns(zone).distinct()
    return list(await reader.scalars(late.order_by(zone)))


async def postpone(
    tx: Transaction, zone: str, now: datetime, due_at: datetime, campaign_id: int | None = None
) -> None:
    """Send what is overdue for the people of a zone at another time."""
    there = _overdue(now, campaign_id).where(func.coalesce(people.c.zone, "") == zone)
    late = messages.c.id.in_(there.with_only_columns(messages.c.id))
    await tx.run(update(messages).where(late).values(due_at=due_at))


def _overdue(now: datetime, campaign_id: int | None) -> Select[Any]:
    late = (messages.c.state == "queued") & (messages.c.due_at < now)
    about = messages.c.invitation_id.is_not(None) & ~IS_CHANGE
    if campaign_id is not None:
        about &= messages.c.invitation_id.in_(invited(campaign_id))
    joined = messages.join(people, people.c.id == messages.c.person_id)
    return select(messages.c.id).select_from(joined).where(late, about)
