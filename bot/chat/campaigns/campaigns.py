"""Campaigns under way: the list, the board of each, pause, resume, cancel, links."""

from collections.abc import Awaitable, Callable, Sequence

from bot.chat import menus
from bot.chat.auditing import note
from bot.chat.campaigns import campaign_screens as pages
from bot.chat.campaigns.board import board_screen
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.campaigns import control
from bot.operations.campaigns.words import is_over, standing
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Said, Toast
from bot.says.taps import MenuTap
from storage.asking import boards, campaigns, ledger
from storage.asking.boards import Board
from storage.asking.campaigns import Campaign
from storage.errors import NotFound
from storage.sending import errands
from surveys.campaign.eligibility import NOT_HERE_YET

_LAST_PAGE = 10_000


async def list_campaigns(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a page of the campaigns and their funnels, the latest first."""
    page = min(tap.button.number(0) or 0, _LAST_PAGE)
    listed = await campaigns.list_all(visit.tx, pages.LISTED + 1, page * pages.LISTED)
    found, more = listed[: pages.LISTED], len(listed) > pages.LISTED
    shown = [await _listed(visit, one) for one in found]
    return Change(pages.campaigns(visit.texts, shown, visit.workspace, page, more=more))


async def _listed(visit: Visit, one: Campaign) -> pages.Listed:
    made = await campaigns.waves_of(visit.tx, one.id)
    closes_at = made[0].closes_at if made else None
    over = is_over(one.state, one.plan.when.how, closes_at, visit.now)
    return pages.Listed(one, standing(one.state, over=over), await control.far(visit.tx, one, made))


async def show_board(
    tap: Tap[MenuTap], visit: Visit, campaign_id: int, said: str = ""
) -> Sequence[Said]:
    """Turn the tapped message into the campaign's board, which is kept up to date."""
    status = await control.status(visit.tx, campaign_id)
    screen = board_screen(visit.texts, status, visit.workspace, visit.now)
    await boards.leave(visit.tx, visit.known.id, tap.message)
    board = Board(campaign_id, visit.known.id, tap.message, screen.text, visit.now)
    await boards.follow(visit.tx, board)
    return [Toast(said), Change(screen)]


async def board(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a campaign."""
    try:
        return await show_board(tap, visit, tap.button.number(0) or 0)
    except Refused:
        return Toast(visit.texts("That button is out of date."))


async def _still_shown(tap: Tap[MenuTap], visit: Visit, campaign_id: int) -> Reply:
    """Say that a button is out of date, and show the campaign's state, if there is one."""
    said = visit.texts("That button is out of date.")
    try:
        return await show_board(tap, visit, campaign_id, said)
    except Refused:
        return Toast(said)


async def leave_board(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the menu in place of the board."""
    await boards.leave(visit.tx, visit.known.id, tap.message)
    return Change(menus.home(visit.texts, visit.known))


async def pause(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Send nothing more for now."""
    return await _change(tap, visit, control.pause)


async def resume(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Go on."""
    return await _change(tap, visit, control.resume)


async def cancel(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """End the campaign."""
    return await _change(tap, visit, control.cancel)


async def ask_cancel(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask before a campaign is ended for good."""
    try:
        campaign = await control.known_campaign(visit.tx, tap.button.number(0) or 0)
    except Refused:
        return Toast(visit.texts("That button is out of date."))
    await boards.leave(visit.tx, visit.known.id, tap.message)
    return Change(pages.sure_to_cancel(visit.texts, campaign, visit.workspace))


async def _change(
    tap: Tap[MenuTap],
    visit: Visit,
    act: Callable[..., Awaitable[control.Status]],
) -> Reply:
    campaign_id = tap.button.number(0) or 0
    try:
        await act(visit.tx, campaign_id, visit.now)
    except Refused:
        return await _still_shown(tap, visit, campaign_id)
    await note(visit, "changed_campaign", details=str(campaign_id))
    return await show_board(tap, visit, campaign_id)


async def wave_links(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for a workbook with personal links for people of a wave who are not in Telegram yet."""
    try:
        wave = await campaigns.get_wave(visit.tx, tap.button.number(0) or 0)
    except NotFound:
        return Toast(visit.texts("That button is out of date."))
    if (await campaigns.get(visit.tx, wave.campaign_id)).state == "cancelled":
        text = visit.texts("The campaign was cancelled: its links would open nothing.")
        return Toast(text)
    if wave.closes_at <= visit.now:
        return Toast(visit.texts("This wave is over: its links would open nothing."))
    if wave.stage == "deciding":
        text = visit.texts("This wave is still being prepared; try again in a minute.")
        return Toast(text)
    if not await ledger.with_reason(visit.tx, wave.id, NOT_HERE_YET, limit=1):
        return Toast(visit.texts("Everybody of this wave is in Telegram already."))
    if visit.person is not None:
        wanted = {"format": "xlsx", "wave": wave.id}
        await errands.ask(visit.tx, "links", visit.known.id, visit.now, wanted, once=True)
        await note(visit, "made_links", details=str(wave.id))
    return Toast(visit.texts("The file is being made; it comes here shortly."))
