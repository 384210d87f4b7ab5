"""A wave: its beginning, and the clocks that run from it."""

from datetime import datetime, timedelta

from storage.asking import campaigns
from storage.asking.campaigns import Campaign, Wave, WaveStage
from storage.database import Transaction


async def begin_wave(
    tx: Transaction, campaign: Campaign, label: str, now: datetime, stage: WaveStage = "deciding"
) -> Wave:
    """Begin a wave; a job then decides in small steps whom it asks."""
    waiting = timedelta(hours=campaign.plan.spread_hours)
    closes_at = now + timedelta(days=campaign.closes_after_days) + waiting
    return await campaigns.start_wave(tx, campaign.id, label, now, closes_at, stage=stage)


def reminder_at(campaign: Campaign, asked_at: datetime) -> datetime | None:
    """Return when the one reminder is due to somebody who was asked then."""
    if campaign.remind_after_days is None:
        return None
    return asked_at + timedelta(days=campaign.remind_after_days)
