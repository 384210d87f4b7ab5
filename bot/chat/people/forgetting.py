"""Somebody's data is erased: by themselves with /forget, or by an admin from their card."""

from bot.chat.people import forgetting_screens as screens
from bot.chat.people.leaving import about_somebody, out_of_date
from bot.chat.visit import Visit
from bot.operations.privacy.forgetting import forget, forget_staff
from bot.says.heard import Command, Tap
from bot.says.said import Change, Reply, Show
from bot.says.taps import MenuTap
from storage.people import erasing
from storage.people.people import Person

YES = "yes"


async def asked(_: Command, visit: Visit) -> Reply:
    """Say what goes and what stays, and ask once more."""
    person = visit.person
    if person is None:
        return Show(screens.unknown(visit.texts))
    if not person.is_customer and person.left_at is None:
        return Show(screens.of_staff(visit.texts))
    if not person.is_customer:
        return Show(screens.own_of_staff(visit.texts))
    found = await erasing.counted(visit.tx, person.id)
    return Show(screens.own(visit.texts, found, visit.workspace.company))


def may_be_forgotten_here(person: Person) -> bool:
    """Tell whether whoever holds somebody's link may have them erased.

    A link may be forwarded. Somebody with an account in a messenger erases there.
    """
    return person.is_customer and person.address is None


async def decided(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Erase the sender's own data, or leave it; the button names nobody."""
    person = visit.person
    if person is None or (not person.is_customer and person.left_at is None):
        return out_of_date(visit)
    if not visit.who.address and not may_be_forgotten_here(person):
        return out_of_date(visit)
    if tap.button.arguments[:1] != (YES,):
        return Change(screens.kept(visit.texts))
    erasing_them = forget if person.is_customer else forget_staff
    if await erasing_them(visit.tx, person, visit.now) is None:
        return out_of_date(visit)
    return Change(screens.own_done(visit.texts))


@about_somebody
async def ask_about(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Ask an admin whether a customer is to be erased, or one of the staff who has left."""
    if not one.is_customer and one.left_at is None:
        return out_of_date(visit)
    if not one.is_customer:
        return Change(screens.former(visit.texts, one))
    found = await erasing.counted(visit.tx, one.id)
    return Change(screens.somebody(visit.texts, one, found))


@about_somebody
async def erased(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Erase somebody; a second tap finds nobody."""
    found = await (forget if one.is_customer else forget_staff)(visit.tx, one, visit.now)
    if found is None:
        return out_of_date(visit)
    return Change(screens.somebody_done(visit.texts, found))
