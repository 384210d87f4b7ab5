"""Campaigns under way: the list, the board of each, pause, resume, cancel, links."""

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.chat import campaign_screens as pages
from bot.chat import menus
from bot.chat.arrival import is_menu_tap
from bot.chat.board import board_screen
from bot.chat.say import edit, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.errors import Refused
from bot.operations.campaigns import control
from bot.says.taps import MenuTap
from storage.asking import boards, campaigns, ledger, waves
from storage.asking.boards import Board
from storage.errors import NotFound
from storage.sending import link_batches
from surveys.campaign.eligibility import NOT_HERE_YET

_LAST_PAGE = 10_000


async def list_campaigns(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show a page of the campaigns and their funnels, the latest first."""
    page = min(tap.number(0) or 0, _LAST_PAGE)
    listed = await campaigns.list_all(visit.tx, pages.LISTED + 1, page * pages.LISTED)
    found, more = listed[: pages.LISTED], len(listed) > pages.LISTED
    funnels = {}
    for one in found:
        latest = await campaigns.waves_of(visit.tx, one.id)
        if latest:
            funnels[one.id] = await waves.funnel(visit.tx, latest[0].id)
    screen = pages.campaigns(visit.texts, found, funnels, visit.workspace, page, more=more)
    return [toast(query), edit(query, screen)]


async def show_board(
    query: CallbackQuery, visit: Visit, campaign_id: int, said: str = ""
) -> Replies:
    """Turn the tapped message into the campaign's board, which is kept up to date."""
    status = await control.status(visit.tx, campaign_id)
    screen = board_screen(visit.texts, status, visit.workspace)
    if query.message is not None:
        message_id = query.message.message_id
        await boards.leave(visit.tx, visit.chat_id, message_id)
        board = Board(campaign_id, visit.chat_id, message_id, screen.text, visit.now)
        await boards.follow(visit.tx, board)
    return [toast(query, said), edit(query, screen)]


async def board(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show a campaign."""
    try:
        return await show_board(query, visit, tap.number(0) or 0)
    except Refused:
        return [toast(query, visit.texts("That button is out of date."))]


async def leave_board(query: CallbackQuery, visit: Visit) -> Replies:
    """Show the menu in place of the board."""
    if query.message is not None:
        await boards.leave(visit.tx, visit.chat_id, query.message.message_id)
    return [toast(query), edit(query, menus.admin(visit.texts))]


async def pause(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Send nothing more for now."""
    return await _change(query, tap, visit, control.pause)


async def resume(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Go on."""
    return await _change(query, tap, visit, control.resume)


async def cancel(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """End the campaign."""
    return await _change(query, tap, visit, control.cancel)


async def ask_cancel(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Ask before a campaign is ended for good."""
    try:
        campaign = await control.known_campaign(visit.tx, tap.number(0) or 0)
    except Refused:
        return [toast(query, visit.texts("That button is out of date."))]
    if query.message is not None:
        await boards.leave(visit.tx, visit.chat_id, query.message.message_id)
    return [toast(query), edit(query, pages.sure_to_cancel(visit.texts, campaign))]


async def _change(
    query: CallbackQuery,
    tap: MenuTap,
    visit: Visit,
    act: Callable[..., Awaitable[control.Status]],
) -> Replies:
    campaign_id = tap.number(0) or 0
    try:
        await act(visit.tx, campaign_id, visit.now)
    except Refused:
        said = visit.texts("That button is out of date.")
        return [toast(query, said), *(await board(query, tap, visit))[1:]]
    return await show_board(query, visit, campaign_id)


async def wave_links(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Have a workbook made of personal links for those of a wave who are not in Telegram yet."""
    try:
        wave = await campaigns.get_wave(visit.tx, tap.number(0) or 0)
    except NotFound:
        return [toast(query, visit.texts("That button is out of date."))]
    if (await campaigns.get(visit.tx, wave.campaign_id)).state == "cancelled":
        text = visit.texts("The campaign was cancelled: its links would open nothing.")
        return [toast(query, text)]
    if wave.closes_at <= visit.now:
        return [toast(query, visit.texts("This wave is over: its links would open nothing."))]
    if wave.stage == "deciding":
        text = visit.texts("This wave is still being prepared; try again in a minute.")
        return [toast(query, text)]
    if not await ledger.with_reason(visit.tx, wave.id, NOT_HERE_YET, limit=1):
        return [toast(query, visit.texts("Everybody of this wave is in Telegram already."))]
    if visit.person is not None:
        await link_batches.request(
            visit.tx, visit.person.id, "xlsx", None, visit.now, wave_id=wave.id
        )
    return [toast(query, visit.texts("The file is being made; it comes here shortly."))]


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="campaigns")
    places: dict[str, Callable[..., Awaitable[Replies]]] = {
        "campaigns": list_campaigns,
        "board": board,
        "leave_board": leave_board,
        "pause": pause,
        "resume": resume,
        "ask_cancel": ask_cancel,
        "cancel": cancel,
        "wave_links": wave_links,
    }
    for place, handler in places.items():
        router.callback_query.register(handler, is_menu_tap(place))
    return router
