"""Admins let people go: managers with their customers, customers, other admins."""

from collections.abc import Awaitable, Callable, Sequence

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.chat import leaving_screens as screens
from bot.chat.arrival import is_menu_tap
from bot.chat.say import edit, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.operations.leaving import let_go, withdraw
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import leaving
from storage.errors import LastAdmin
from storage.people import people
from storage.people.people import Person

_LAST_PAGE = 1_000

PersonHandler = Callable[[CallbackQuery, MenuTap, Visit, Person], Awaitable[Replies]]


def _out_of_date(query: CallbackQuery, visit: Visit) -> Replies:
    return [toast(query, visit.texts("That button is out of date."))]


def _about_somebody(handler: PersonHandler) -> Callable[..., Awaitable[Replies]]:
    """Return a handler that gets the person whom the button names, where there is one."""

    async def checked(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
        found = await people.by_id(visit.tx, tap.number(0) or 0)
        if found is None:
            return _out_of_date(query, visit)
        try:
            return await handler(query, tap, visit, found)
        except LastAdmin as error:
            return [toast(query, told(visit.texts, error))]

    return checked


async def staff(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show the managers and admins."""
    known = {one.id: one for one in await people.managers(visit.tx)}
    known |= {one.id: one for one in await people.admins(visit.tx)}
    found = sorted(known.values(), key=lambda one: (one.name, one.id))
    page = min(tap.number(0) or 0, _LAST_PAGE)
    return [toast(query), edit(query, screens.staff(visit.texts, found, page))]


async def colleague(query: CallbackQuery, _: MenuTap, visit: Visit, one: Person) -> Replies:
    """Show a manager or admin."""
    if one.is_customer or one.left_at is not None:
        return _out_of_date(query, visit)
    customers = await leaving.unattended(visit.tx, one.id)
    return [toast(query), edit(query, screens.colleague(visit.texts, one, customers))]


async def _others(visit: Visit, leaver: Person) -> Sequence[Person]:
    return [one for one in await people.managers(visit.tx) if one.id != leaver.id]


async def leaves(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Person) -> Replies:
    """Ask who takes a manager's customers over; where there are none, whether it is so."""
    if one.left_at is not None:
        return _out_of_date(query, visit)
    customers = await leaving.unattended(visit.tx, one.id)
    others = await _others(visit, one)
    if customers and others:
        page = min(tap.number(1) or 0, _LAST_PAGE)
        screen = screens.successor(visit.texts, one, customers, others, page)
    else:
        screen = screens.confirm(visit.texts, one, None, customers)
    return [toast(query), edit(query, screen)]


async def _heir(tap: MenuTap, visit: Visit, leaver: Person) -> Person | None:
    number = tap.number(1)
    return next((one for one in await _others(visit, leaver) if one.id == number), None)


async def confirm(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Person) -> Replies:
    """Ask whether it is so."""
    to = await _heir(tap, visit, one)
    if one.left_at is not None or (to is None and tap.number(1) != 0):
        return _out_of_date(query, visit)
    customers = await leaving.unattended(visit.tx, one.id)
    return [toast(query), edit(query, screens.confirm(visit.texts, one, to, customers))]


async def let_person_go(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Person) -> Replies:
    """Let somebody go; a second tap finds it done."""
    to = await _heir(tap, visit, one)
    if one.left_at is not None or (to is None and tap.number(1) != 0):
        return _out_of_date(query, visit)
    what = await let_go(visit.tx, one, to, visit.person, visit.now)
    return [toast(query), edit(query, screens.done(visit.texts, one, what))]


async def take_back(query: CallbackQuery, _: MenuTap, visit: Visit, one: Person) -> Replies:
    """Let somebody be with the company after all."""
    await people.change(visit.tx, one.id, left_at=None)
    return [toast(query), edit(query, screens.returned(visit.texts, one))]


async def ask_admin(query: CallbackQuery, _: MenuTap, visit: Visit, one: Person) -> Replies:
    """Ask whether somebody is to be no longer an admin."""
    if not one.is_admin:
        return _out_of_date(query, visit)
    return [toast(query), edit(query, screens.no_admin(visit.texts, one))]


async def end_admin(query: CallbackQuery, _: MenuTap, visit: Visit, one: Person) -> Replies:
    """Take an admin's rights back."""
    if not one.is_admin:
        return _out_of_date(query, visit)
    await withdraw(visit.tx, one, visit.person, visit.now)
    screen: Screen = screens.admin_off(visit.texts, one)
    return [toast(query), edit(query, screen)]


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="leaving")
    router.callback_query.register(staff, is_menu_tap("staff"))
    places: dict[str, PersonHandler] = {
        "colleague": colleague,
        "left": leaves,
        "left_to": confirm,
        "left_do": let_person_go,
        "left_back": take_back,
        "admin_off": ask_admin,
        "admin_off_do": end_admin,
    }
    for place, handler in places.items():
        router.callback_query.register(_about_somebody(handler), is_menu_tap(place))
    return router
