"""People and the ways in: files with links, open links, accounts to decide about."""

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.filters import Command
from aiogram.methods import SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.chat import link_screens
from bot.chat.arrival import is_menu_tap
from bot.chat.say import edit, say, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies, Reply
from bot.operations.ways_in.links import open_link, workspace_with_name
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.errors import AccountTaken, NotFound
from storage.people import link_conflicts, links, people
from storage.sending import link_batches
from storage.sending.link_batches import Format
from templates.cards import qr_png

_FORMATS: dict[str, Format] = {"xlsx": "xlsx", "html": "html"}


async def _home(visit: Visit) -> Screen:
    present = await people.presence(visit.tx)
    undecided = await link_conflicts.count(visit.tx)
    return link_screens.home(visit.texts, present, undecided)


async def people_command(_: Message, visit: Visit) -> Replies:
    """Show who is known."""
    return [say(visit, await _home(visit))]


async def home(query: CallbackQuery, visit: Visit) -> Replies:
    """Show who is known, in place of another screen."""
    return [toast(query), edit(query, await _home(visit))]


async def choose_format(query: CallbackQuery, visit: Visit) -> Replies:
    """Offer the files with everybody's links."""
    return [toast(query), edit(query, link_screens.formats(visit.texts))]


async def ask_for_file(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Have a file made; it comes as a message of its own."""
    wanted = _FORMATS.get(tap.arguments[0] if tap.arguments else "")
    if visit.person is None or wanted is None:
        return [toast(query, visit.texts("That button is out of date."))]
    await link_batches.request(visit.tx, visit.person.id, wanted, None, visit.now)
    return [toast(query), edit(query, link_screens.being_made(visit.texts))]


async def show_open_links(query: CallbackQuery, visit: Visit) -> Replies:
    """Show the open links and offer a new one."""
    known = await links.open_links(visit.tx)
    screen = link_screens.open_links(visit.texts, known, visit.workspace)
    return [toast(query), edit(query, screen)]


async def new_open_link(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Make an open link; it is shown once, with its QR code."""
    days = tap.number(0)
    if days not in link_screens.DAYS:
        return [toast(query, visit.texts("That button is out of date."))]
    space = await workspace_with_name(visit.tx)
    number = len(await links.open_links(visit.tx)) + 1
    label = visit.texts("Open link {n}", n=number)
    link = await open_link(visit.tx, space, label, days, None, visit.now)
    shown = await show_open_links(query, visit)
    return [*shown, picture(visit, link, link_screens.open_caption(visit.texts, link))]


def picture(visit: Visit, link: str, caption: str) -> Reply:
    """Return a link's QR code with words to send on."""
    photo = BufferedInputFile(qr_png(link), filename="otklik-qr.png")
    return Reply(SendPhoto(chat_id=visit.chat_id, photo=photo, caption=caption, parse_mode=None))


async def end_open_link(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Make an open link invalid."""
    await links.revoke_open(visit.tx, tap.number(0) or 0, visit.now)
    return await show_open_links(query, visit)


async def show_conflicts(query: CallbackQuery, visit: Visit) -> Replies:
    """Show the accounts to decide about."""
    found = await link_conflicts.pending(visit.tx)
    screen = link_screens.conflicts(visit.texts, found, visit.workspace)
    return [toast(query), edit(query, screen)]


async def decide(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Leave an account as it is, or give the person the new one."""
    number = tap.number(0) or 0
    if tap.arguments[1:2] == ("move",):
        try:
            await link_conflicts.move(visit.tx, number, visit.now)
        except (NotFound, AccountTaken):
            return [toast(query, visit.texts("That button is out of date."))]
    else:
        await link_conflicts.settle(visit.tx, number, visit.now)
    return await show_conflicts(query, visit)


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="links")
    router.message.register(people_command, Command("people"))
    places: dict[str, Callable[..., Awaitable[Replies]]] = {
        "people": home,
        "links": choose_format,
        "links_file": ask_for_file,
        "open_links": show_open_links,
        "open_new": new_open_link,
        "open_end": end_open_link,
        "conflicts": show_conflicts,
        "conflict": decide,
    }
    for place, handler in places.items():
        router.callback_query.register(handler, is_menu_tap(place))
    return router
