"""The sender's schedules as they are shown."""

from typing import Final

from bot.chat.digests import scopes, screens
from bot.chat.digests.screens import PlannedDigest
from bot.chat.visit import Visit
from bot.says.screens import Screen
from storage.sending import schedules
from storage.sending.schedules import Schedule

KIND: Final = "digest"
AWAITED: Final = "schedule_words"
"""The draft that says which part of a schedule is to be typed."""


async def list_screen(visit: Visit) -> Screen:
    """Return all schedules of the sender's."""
    found = await schedules.of(visit.tx, KIND, visit.known.id)
    planned = [await _planned(visit, one) for one in found]
    return screens.listed(visit.texts, planned, visit.workspace.zone)


async def one_screen(visit: Visit, number: int, said: str = "") -> Screen:
    """Return the screen of one schedule, or the list if it has ended; `said` stands above."""
    found = await mine(visit, number)
    if found is None:
        return await list_screen(visit)
    return screens.one(visit.texts, await _planned(visit, found), said)


async def mine(visit: Visit, number: int) -> Schedule | None:
    """Return a schedule of digests of the sender's that has not ended."""
    found = await schedules.by_id(visit.tx, number, visit.known.id)
    return found if found is not None and found.kind == KIND else None


async def _planned(visit: Visit, one: Schedule) -> PlannedDigest:
    return PlannedDigest(one, await scopes.title(visit.tx, visit.texts, one.parameters))
