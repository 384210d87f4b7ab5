"""The admin's menu, and digests now and on schedule."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.chat import (
    admin_screens,
    breakdowns,
    campaign_wizard,
    campaigns,
    comparing,
    menus,
    rehearsal,
    survey_editor,
    why,
)
from bot.chat.arrival import is_menu_tap
from bot.chat.say import edit, say, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.sending import digests
from surveys.campaign.schedule import Frequency, next_slot
from surveys.errors import PeriodInvalid
from surveys.periods import Unit, containing, parse_period, previous

DIGEST_HOUR = 9
_FREQUENCIES: dict[str, Frequency] = {
    "weekly": "weekly",
    "monthly": "monthly",
    "quarterly": "quarterly",
}


async def menu(_: Message, visit: Visit) -> Replies:
    """Show the main menu."""
    return [say(visit, menus.admin(visit.texts))]


async def back_to_menu(query: CallbackQuery, visit: Visit) -> Replies:
    """Show the main menu in place of another screen."""
    return [toast(query), edit(query, menus.admin(visit.texts))]


async def digest_command(_: Message, visit: Visit) -> Replies:
    """Ask for the digest of the last full month."""
    return [say(visit, await _request(visit, _last_month(visit)))]


def _last_month(visit: Visit) -> str:
    zone = visit.workspace.zone
    return previous(containing(visit.now, "month", zone), zone).key


async def choose_period(query: CallbackQuery, visit: Visit) -> Replies:
    """Offer periods for a digest now."""
    zone = visit.workspace.zone
    keys = []
    units: tuple[Unit, ...] = ("month", "quarter", "year")
    for unit in units:
        present = containing(visit.now, unit, zone)
        keys += [present.key, previous(present, zone).key]
    return [toast(query), edit(query, admin_screens.choose_period(visit.texts, keys))]


async def digest_now(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Ask for a digest; it comes as a message of its own."""
    try:
        period = parse_period(tap.arguments[0] if tap.arguments else "", visit.workspace.zone)
    except PeriodInvalid:
        return [toast(query, visit.texts("That button is out of date."))]
    return [toast(query), edit(query, await _request(visit, period.key))]


async def _request(visit: Visit, period_key: str) -> Screen:
    if visit.person is not None:
        await digests.request(visit.tx, visit.person.id, period_key, visit.now)
    name = visit.texts.period(period_key)
    return Screen(
        visit.texts("The digest for {period} is being made; it comes here shortly.", period=name),
        admin_screens.back(visit.texts),
    )


async def schedule(query: CallbackQuery, visit: Visit) -> Replies:
    """Show and offer the schedule of digests."""
    if visit.person is None:
        return [toast(query)]
    present = await digests.subscriptions(visit.tx, visit.person.id)
    return [toast(query), edit(query, admin_screens.schedule(visit.texts, present))]


async def subscribe(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Subscribe to or leave a frequency, at an hour of the company's zone."""
    frequency = _FREQUENCIES.get(tap.arguments[0] if tap.arguments else "")
    if visit.person is None or frequency is None:
        return [toast(query, visit.texts("That button is out of date."))]
    hour = tap.number(1)
    if tap.arguments[1:2] == ("off",):
        await digests.unsubscribe(visit.tx, visit.person.id, frequency)
    elif hour is not None and hour < 24:  # noqa: PLR2004 (hours of a day)
        await _subscribe(visit, visit.person.id, frequency, hour)
    return await schedule(query, visit)


async def _subscribe(visit: Visit, person_id: int, frequency: Frequency, hour: int) -> None:
    zone = visit.workspace.zone
    due: datetime = next_slot(frequency, hour, zone, visit.now)
    await digests.unsubscribe(visit.tx, person_id, frequency)
    await digests.subscribe(visit.tx, person_id, frequency, hour, zone, due, visit.now)


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="admin")
    router.message.register(menu, Command("menu"))
    router.message.register(digest_command, Command("digest"))
    places: dict[str, Callable[..., Awaitable[Replies]]] = {
        "menu": back_to_menu,
        "digest": choose_period,
        "period": digest_now,
        "schedule": schedule,
        "subscribe": subscribe,
    }
    for place, handler in places.items():
        router.callback_query.register(handler, is_menu_tap(place))
    for part in (campaigns, comparing, campaign_wizard, why, survey_editor, rehearsal, breakdowns):
        router.include_router(part.build_router())
    return router
