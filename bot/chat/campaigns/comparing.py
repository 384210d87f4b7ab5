"""Before and after: two waves of a survey compared, and the baseline wave of the digest."""

from bot.chat.auditing import note
from bot.chat.campaigns import comparing_screens as pages
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.reports import baseline
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.taps import MenuTap
from storage.asking import boards, campaigns, definitions, waves
from storage.asking.waves import WaveInfo
from storage.counting.comparisons import baselines
from storage.errors import NotFound
from storage.sending import errands

_LISTED = 10


async def choose_waves(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the waves of the same survey, with which a campaign's wave can be compared."""
    found = await _waves(visit, tap.button.number(0))
    if not found:
        return Toast(visit.texts("That button is out of date."))
    await boards.leave(visit.tx, visit.known.id, tap.message)
    campaign = tap.button.number(0) or 0
    chosen = await baselines.chosen(visit.tx)
    screen = pages.waves(visit.texts, campaign, found, chosen, visit.workspace)
    return Change(screen)


async def choose_second(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the waves that the chosen one can be compared with."""
    found = await _waves(visit, tap.button.number(0))
    first = next((one for one in found if one.id == tap.button.number(1)), None)
    if first is None:
        return Toast(visit.texts("That button is out of date."))
    screen = pages.second(visit.texts, tap.button.number(0) or 0, first, found, visit.workspace)
    return Change(screen)


async def compare(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for the comparison; it comes as a message of its own."""
    before, after = tap.button.number(0) or 0, tap.button.number(1) or 0
    try:
        pair = [await campaigns.get_wave(visit.tx, wave) for wave in (before, after)]
    except NotFound:
        return Toast(visit.texts("That button is out of date."))
    if visit.person is not None:
        waves = {"before": before, "after": after}
        await errands.ask(visit.tx, "comparison", visit.known.id, visit.now, waves, once=True)
    return Change(pages.being_made(visit.texts, pair[1].campaign_id))


async def choose_baseline(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show which wave the digest compares with; a tap on one chooses it or takes it back."""
    found = await _waves(visit, tap.button.number(0))
    wave = tap.button.number(1)
    try:
        if wave is not None and not await baseline.take_back(visit.tx, wave):
            await baseline.choose(visit.tx, wave, visit.now)
    except Refused:
        found = []
    if not found:
        return Toast(visit.texts("That button is out of date."))
    if wave is not None:
        await note(visit, "changed_company")
    chosen = await baselines.chosen(visit.tx)
    screen = pages.baseline(visit.texts, tap.button.number(0) or 0, found, chosen, visit.workspace)
    return Change(screen)


async def _waves(visit: Visit, campaign_id: int | None) -> list[WaveInfo]:
    """Return the latest waves of a campaign's survey, the latest first."""
    try:
        campaign = await campaigns.get(visit.tx, campaign_id or 0)
    except NotFound:
        return []
    survey = await definitions.get(visit.tx, campaign.definition_id)
    return list(await waves.of_survey(visit.tx, survey.key, _LISTED))
