"""Admins let people go: managers with their customers, team leads, customers, other admins."""

from collections.abc import Awaitable, Callable, Sequence

from bot.chat.people import leaving_screens as screens
from bot.chat.visit import Visit
from bot.operations.leaving import let_go, take_person_back, withdraw
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.errors import LastAdmin
from storage.people import leaving, people
from storage.people.names import key_of
from storage.people.people import Person

_LAST_PAGE = 1_000

PersonHandler = Callable[[Tap[MenuTap], Visit, Person], Awaitable[Reply]]
MenuHandler = Callable[[Tap[MenuTap], Visit], Awaitable[Reply]]


def out_of_date(visit: Visit) -> Reply:
    """Say that a button leads nowhere any more."""
    return Toast(visit.texts("That button is out of date."))


def about_somebody(handler: PersonHandler) -> MenuHandler:
    """Return a handler that is given the person named by the button, where there is one."""

    async def checked(tap: Tap[MenuTap], visit: Visit) -> Reply:
        found = await people.by_id(visit.tx, tap.button.number(0) or 0)
        if found is None:
            return out_of_date(visit)
        try:
            return await handler(tap, visit, found)
        except LastAdmin as error:
            return Toast(told(visit.texts, error))

    return checked


async def staff(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the managers, team leads and admins."""
    known = {one.id: one for one in await people.managers(visit.tx)}
    known |= {one.id: one for one in await people.leads(visit.tx)}
    known |= {one.id: one for one in await people.admins(visit.tx)}
    found = sorted(known.values(), key=lambda one: (key_of(one.name), one.id))
    page = min(tap.button.number(0) or 0, _LAST_PAGE)
    return Change(screens.staff(visit.texts, found, page))


@about_somebody
async def colleague(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Show one of the staff."""
    if one.is_customer or one.left_at is not None:
        return out_of_date(visit)
    customers = await leaving.unattended(visit.tx, one.id)
    return Change(screens.colleague(visit.texts, one, customers))


async def _others(visit: Visit, leaver: Person) -> Sequence[Person]:
    return [one for one in await people.managers(visit.tx) if one.id != leaver.id]


@about_somebody
async def leaves(tap: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Ask who takes a manager's customers over; without customers, ask for confirmation."""
    if one.left_at is not None:
        return out_of_date(visit)
    customers = await leaving.unattended(visit.tx, one.id)
    others = await _others(visit, one)
    if customers and others:
        page = min(tap.button.number(1) or 0, _LAST_PAGE)
        screen = screens.successor(visit.texts, one, customers, others, page)
    else:
        screen = screens.confirm(visit.texts, one, None, customers)
    return Change(screen)


async def _heir(tap: Tap[MenuTap], visit: Visit, leaver: Person) -> Person | None:
    number = tap.button.number(1)
    return next((one for one in await _others(visit, leaver) if one.id == number), None)


@about_somebody
async def confirm(tap: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Ask for confirmation that somebody has left."""
    to = await _heir(tap, visit, one)
    if one.left_at is not None or (to is None and tap.button.number(1) != 0):
        return out_of_date(visit)
    customers = await leaving.unattended(visit.tx, one.id)
    return Change(screens.confirm(visit.texts, one, to, customers))


@about_somebody
async def let_person_go(tap: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Let somebody go; a second tap finds it done."""
    to = await _heir(tap, visit, one)
    if one.left_at is not None or (to is None and tap.button.number(1) != 0):
        return out_of_date(visit)
    what = await let_go(visit.tx, one, to, visit.person, visit.now)
    return Change(screens.done(visit.texts, one, what))


@about_somebody
async def take_back(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Take back that somebody has left."""
    await take_person_back(visit.tx, one, visit.person, visit.now)
    return Change(screens.returned(visit.texts, one))


@about_somebody
async def ask_admin(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Ask whether to take somebody's admin rights back."""
    if not one.is_admin:
        return out_of_date(visit)
    return Change(screens.no_admin(visit.texts, one))


@about_somebody
async def end_admin(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Take an admin's rights back."""
    if not one.is_admin:
        return out_of_date(visit)
    await withdraw(visit.tx, one, visit.person, visit.now)
    screen: Screen = screens.admin_off(visit.texts, one)
    return Change(screen)
