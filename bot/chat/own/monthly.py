"""A manager's card that comes by itself on the 1st of each month."""

from typing import Final

from bot.chat.own import own
from bot.chat.visit import Visit
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.sending import schedules
from storage.sending.schedules import ScheduleRule

KIND: Final = "own_card"
_HOURS: Final = 24


async def begun(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Send the card each month from now on, at an hour of the company's zone."""
    hour = tap.button.number(0)
    if hour is None or hour not in range(_HOURS):
        return Toast(visit.texts("That button is out of date."))
    rule = ScheduleRule("monthly", hour, visit.workspace.zone)
    slot = rule.next(visit.now)
    await schedules.plan(visit.tx, "own_card", visit.known.id, rule, slot, visit.now)
    return Change(await own.own_screen(visit))


async def stopped(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Send the card no more; one tap takes that back."""
    planned = await schedules.of(visit.tx, KIND, visit.known.id)
    await schedules.end(visit.tx, KIND, visit.known.id)
    texts = visit.texts
    said = texts("Your card does not come by itself any more. It stays under My card.")
    hour = str(planned[0].rule.hour if planned else 9)
    again = Button(texts("Send it again"), MenuTap("card_at", (hour,)).pack())
    return Show(Screen(said, ((again,), (Button(texts("‹ Menu"), MenuTap("menu").pack()),))))
