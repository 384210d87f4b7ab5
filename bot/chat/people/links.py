"""People and the ways in: files with links, open links, accounts to decide about."""

from bot.chat.people import link_screens
from bot.chat.visit import Visit
from bot.operations.ways_in.links import open_link, workspace_with_name
from bot.says.heard import Command, Tap
from bot.says.said import Change, Picture, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.errors import NotFound
from storage.people import link_conflicts, links, people
from storage.people.link_errors import AccountTaken
from storage.sending import errands
from templates.cards import qr_png

_FORMATS = ("xlsx", "html")


async def _home(visit: Visit) -> Screen:
    present = await people.presence(visit.tx)
    undecided = await link_conflicts.count(visit.tx)
    return link_screens.home(visit.texts, present, undecided)


async def people_command(_: Command, visit: Visit) -> Reply:
    """Show who is known."""
    return Show(await _home(visit))


async def home(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show who is known, in place of another screen."""
    return Change(await _home(visit))


async def choose_format(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer the files with everybody's links."""
    return Change(link_screens.formats(visit.texts))


async def ask_for_file(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Have a file made; it comes as a message of its own."""
    chosen = tap.button.arguments[0] if tap.button.arguments else ""
    if visit.person is None or chosen not in _FORMATS:
        return Toast(visit.texts("That button is out of date."))
    wanted = {"format": chosen, "wave": None}
    await errands.ask(visit.tx, "links", visit.person.id, visit.now, wanted, once=True)
    return Change(link_screens.being_made(visit.texts))


async def show_open_links(_: Tap[MenuTap], visit: Visit) -> Change:
    """Show the open links and offer a new one."""
    known = await links.open_links(visit.tx)
    screen = link_screens.open_links(visit.texts, known, visit.workspace)
    return Change(screen)


async def new_open_link(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Make an open link; it is shown once, with its QR code."""
    days = tap.button.number(0)
    if days not in link_screens.DAYS:
        return Toast(visit.texts("That button is out of date."))
    space = await workspace_with_name(visit.tx)
    number = len(await links.open_links(visit.tx)) + 1
    label = visit.texts("Open link {n}", n=number)
    link = await open_link(visit.tx, space, label, days, None, visit.now)
    shown = await show_open_links(tap, visit)
    return [shown, picture(link, link_screens.open_caption(visit.texts, link))]


def picture(link: str, caption: str) -> Picture:
    """Return a link's QR code with words to send on."""
    return Picture(qr_png(link), "otklik-qr.png", caption)


async def end_open_link(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Make an open link invalid."""
    await links.revoke_open(visit.tx, tap.button.number(0) or 0, visit.now)
    return await show_open_links(tap, visit)


async def show_conflicts(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the accounts to decide about."""
    found = await link_conflicts.pending(visit.tx)
    screen = link_screens.conflicts(visit.texts, found, visit.workspace)
    return Change(screen)


async def decide(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Leave an account as it is, or give the person the new one."""
    number = tap.button.number(0) or 0
    if tap.button.arguments[1:2] == ("move",):
        try:
            await link_conflicts.move(visit.tx, number, visit.now)
        except (NotFound, AccountTaken):
            return Toast(visit.texts("That button is out of date."))
    else:
        await link_conflicts.settle(visit.tx, number, visit.now)
    return await show_conflicts(tap, visit)
