"""Before and after: two waves of a survey compared, and the baseline wave of the digest."""

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.chat import comparing_screens as pages
from bot.chat.arrival import is_menu_tap
from bot.chat.say import edit, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.errors import Refused
from bot.operations.reports import baseline
from bot.says.taps import MenuTap
from storage.asking import boards, campaigns, definitions, waves
from storage.asking.waves import WaveInfo
from storage.counting import baselines
from storage.errors import NotFound
from storage.sending import comparisons

_LISTED = 10


async def choose_waves(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show the waves that a campaign's can be compared with, those of its survey."""
    found = await _waves(visit, tap.number(0))
    if not found:
        return [toast(query, visit.texts("That button is out of date."))]
    if query.message is not None:
        await boards.leave(visit.tx, visit.chat_id, query.message.message_id)
    campaign = tap.number(0) or 0
    chosen = await baselines.chosen(visit.tx)
    screen = pages.waves(visit.texts, campaign, found, chosen, visit.workspace)
    return [toast(query), edit(query, screen)]


async def choose_second(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show the waves that the chosen one can be compared with."""
    found = await _waves(visit, tap.number(0))
    first = next((one for one in found if one.id == tap.number(1)), None)
    if first is None:
        return [toast(query, visit.texts("That button is out of date."))]
    screen = pages.second(visit.texts, tap.number(0) or 0, first, found, visit.workspace)
    return [toast(query), edit(query, screen)]


async def compare(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Ask for the comparison; it comes as a message of its own."""
    before, after = tap.number(0) or 0, tap.number(1) or 0
    try:
        pair = [await campaigns.get_wave(visit.tx, wave) for wave in (before, after)]
    except NotFound:
        return [toast(query, visit.texts("That button is out of date."))]
    if visit.person is not None:
        await comparisons.request(visit.tx, visit.person.id, before, after, visit.now)
    return [toast(query), edit(query, pages.being_made(visit.texts, pair[1].campaign_id))]


async def choose_baseline(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show which wave the digest measures change from; a tap on one chooses it or takes it back."""
    found = await _waves(visit, tap.number(0))
    wave = tap.number(1)
    try:
        if wave is not None and not await baseline.take_back(visit.tx, wave):
            await baseline.choose(visit.tx, wave, visit.now)
    except Refused:
        found = []
    if not found:
        return [toast(query, visit.texts("That button is out of date."))]
    chosen = await baselines.chosen(visit.tx)
    screen = pages.baseline(visit.texts, tap.number(0) or 0, found, chosen, visit.workspace)
    return [toast(query), edit(query, screen)]


async def _waves(visit: Visit, campaign_id: int | None) -> list[WaveInfo]:
    """Return the latest waves of a campaign's survey, the latest first."""
    try:
        campaign = await campaigns.get(visit.tx, campaign_id or 0)
    except NotFound:
        return []
    survey = await definitions.get(visit.tx, campaign.definition_id)
    return list(await waves.of_survey(visit.tx, survey.key, _LISTED))


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="comparing")
    places: dict[str, Callable[..., Awaitable[Replies]]] = {
        "compare": choose_waves,
        "compare_with": choose_second,
        "compare_now": compare,
        "baseline": choose_baseline,
    }
    for place, handler in places.items():
        router.callback_query.register(handler, is_menu_tap(place))
    return router
