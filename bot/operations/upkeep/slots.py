"""Slots planned while the clock was ahead: until they come, nothing would happen.

Each schedule's next slot follows from the present moment alone. A slot that lies more than a day
behind that one was planned by a wrong clock, and is brought back. What fired already stays fired: a
wave's label and a copy's name are given once, and a digest that was made is kept. A machine that
starts with its clock behind looks the same; once that clock is right, nothing is made twice, and
nothing for a time before the digest or the campaign was asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.asking import campaigns
from storage.asking.campaigns import Campaign
from storage.copies.shelf import AHEAD
from storage.database import Reader, Transaction
from storage.people import workspace
from storage.sending import schedules
from storage.sending.schedules import Schedule, ScheduleRule


@dataclass(frozen=True, slots=True)
class Late:
    """Schedules planned too late, each with the slot that should be its next."""

    schedules: Sequence[tuple[Schedule, datetime]]
    campaigns: Sequence[tuple[Campaign, datetime]]

    def count(self) -> int:
        """Return how many there are."""
        return len(self.schedules) + len(self.campaigns)


async def too_late(reader: Reader, now: datetime) -> Late:
    """Find the schedules whose next slot lies later than the one that follows from now."""
    space = await workspace.get(reader)
    return Late(
        [
            (one, proper)
            for one in await schedules.planned_after(reader, now + AHEAD)
            if (proper := _first_day_within(one, now).next(now)) is not None
            and one.next_due_at > proper + AHEAD
        ],
        [
            (one, then)
            for one in await campaigns.planned_after(reader, now + AHEAD)
            if (then := _wave(one, space, now)) is not None
            and one.next_due_at is not None
            and one.next_due_at > then + AHEAD
        ],
    )


def _first_day_within(one: Schedule, now: datetime) -> ScheduleRule:
    """Return the rule, counting from today at the latest: its beginning may be too late as well."""
    return replace(one.rule, first=min(one.rule.first, now.date()))


def _wave(one: Campaign, space: workspace.Workspace, now: datetime) -> datetime | None:
    first = min(one.created_at, now).astimezone(space.tzinfo).date()
    return one.plan.when.next_slot(space.zone, first, now)


async def bring_back(tx: Transaction, now: datetime) -> int:
    """Plan anew what was planned too late; return how many schedules."""
    late = await too_late(tx, now)
    for schedule, slot in late.schedules:
        await schedules.bring_back(tx, schedule, slot, now)
    for campaign, slot in late.campaigns:
        if campaign.next_due_at is not None:
            await campaigns.advance(tx, campaign.id, campaign.next_due_at, slot)
    return late.count()
