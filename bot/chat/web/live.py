"""Who may see the digest as a page gets a link to it, and ends it by a tap."""

from bot.chat.visit import Visit
from bot.chat.web import screens
from bot.says.heard import Command, Tap
from bot.says.said import Change, Reply, Show
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.people import web_sessions


async def asked(_: Command, visit: Visit) -> Reply:
    """Give a link; earlier ones that were not used stop working."""
    return Show(await _link(visit))


async def tapped(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Give a link in a message of its own."""
    return Show(await _link(visit))


async def ended(_: Tap[MenuTap], visit: Visit) -> Reply:
    """End every page of the sender's, and every link that was not used."""
    count = await web_sessions.end_all(visit.tx, visit.known.id, visit.now)
    return Change(screens.ended(visit.texts, count))


async def _link(visit: Visit) -> Screen:
    url = visit.workspace.web_url
    if not url:
        return screens.no_pages(visit.texts)
    token = await web_sessions.invite(visit.tx, visit.known.id, visit.now)
    return screens.link(visit.texts, f"{url}/digest/in/{token}", screens.page_of(visit.known))
