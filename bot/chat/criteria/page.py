"""The criteria page in the admin's chat: computed as the digest is, then turned by buttons."""

from bot.chat.admin_screens import back
from bot.chat.auditing import note
from bot.chat.criteria import page_screens as screens
from bot.chat.visit import Visit
from bot.operations.reports.criteria_kept import kept
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.people import workspace
from storage.sending import errands
from surveys.errors import PeriodInvalid
from surveys.periods import Unit, containing, parse_period, previous
from templates.criteria_page import PARTS

_MOST_REPEATS = 9


async def page(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for the page of a period, by default of the last full month."""
    arguments = tap.button.arguments[:1]
    if arguments == ("pick",):
        return Change(screens.choose_period(visit.texts, _periods(visit)))
    last = previous(containing(visit.now, "month", visit.workspace.zone), visit.workspace.zone)
    try:
        period = parse_period(arguments[0], visit.workspace.zone) if arguments else last
    except PeriodInvalid:
        return _stale(visit)
    await errands.ask(visit.tx, "criteria", visit.known.id, visit.now, {"period": period.key})
    said = visit.texts(
        "The criteria of {period} are being counted; they come here shortly.",
        period=visit.texts.period(period.key),
    )
    return Change(Screen(said, back(visit.texts)))


def _periods(visit: Visit) -> list[str]:
    """Return months, quarters and years: those under way, and the ones before."""
    zone = visit.workspace.zone
    units: tuple[Unit, ...] = ("month", "quarter", "year")
    under_way = [containing(visit.now, unit, zone) for unit in units]
    return [key for one in under_way for key in (one.key, previous(one, zone).key)]


async def turn(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show another part of the page that was counted last."""
    part = next((one for one in PARTS if tap.button.arguments[:1] == (one,)), None)
    document = await kept(visit.tx, visit.known.id)
    if part is None or document is None:
        return _stale(visit)
    return Change(screens.part(visit.texts, document, visit.workspace.zone, part))


async def loyal(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer whom to call loyal, or take the choice: 0 stands for promoters."""
    if not tap.button.arguments:
        return Change(screens.choose_loyal(visit.texts, visit.workspace.loyal_repeats))
    repeats = tap.button.number(0)
    if repeats is None or repeats > _MOST_REPEATS:
        return _stale(visit)
    space = await workspace.choose_loyal(visit.tx, repeats or None)
    await note(visit, "changed_company")
    return Change(screens.choose_loyal(visit.texts, space.loyal_repeats))


def _stale(visit: Visit) -> Toast:
    return Toast(visit.texts("That button is out of date."))
