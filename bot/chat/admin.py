"""The admin's menu, and digests now."""

from bot.chat import admin_screens, contacts, menus, themes
from bot.chat.auditing import note
from bot.chat.campaigns import campaign_wizard
from bot.chat.cases import awaiting, days
from bot.chat.criteria import facts
from bot.chat.digests import showing
from bot.chat.people import staff
from bot.chat.privacy import consent_texts
from bot.chat.surveys import editor_draft
from bot.chat.visit import Visit
from bot.chat.weights import weights
from bot.rights import Action
from bot.says.heard import Command, Tap
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.asking import drafts
from storage.counting.answered import latest_month
from storage.sending import errands
from surveys.errors import PeriodInvalid, SurveyError
from surveys.periods import Period, Unit, compared, containing, parse_period, previous

_AWAITED = (
    editor_draft.AWAITED,
    campaign_wizard.AWAITED,
    staff.AWAITED,
    themes.AWAITED,
    days.AWAITED,
    facts.AWAITED,
    weights.AWAITED,
    consent_texts.AWAITED,
    showing.AWAITED,
)


async def menu(_: Command, visit: Visit) -> Reply:
    """Show the sender's menu, and stop waiting for typed words."""
    if visit.person is None:
        return await contacts.stranger(visit)
    await drafts.drop(visit.tx, visit.person.id, awaiting.AWAITED)
    if visit.may(Action.CHANGE_STAFF):
        for topic in _AWAITED:
            await drafts.drop(visit.tx, visit.person.id, topic)
    return Show(menus.home(visit.texts, visit.person))


async def back_to_menu(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show one's menu in place of another screen."""
    await drafts.drop(visit.tx, visit.known.id, facts.AWAITED)
    return Change(menus.home(visit.texts, visit.known))


async def digest_command(command: Command, visit: Visit) -> Reply:
    """Ask for the digest of the periods typed, else of the last full month.

    Where the last month has no answers, one that has is offered.
    """
    zone = visit.workspace.zone
    if typed := command.rest.split():
        try:
            period, against = compared(typed, visit.now, zone)
        except SurveyError as error:
            return Show(_choice(visit, admin_screens.wrong_period(visit.texts, error), []))
        return Show(await _request(visit, period, against if typed[1:] else None))
    present = containing(visit.now, "month", zone)
    last = previous(present, zone)
    if await latest_month(visit.tx, last.end, zone) == last.key:
        return Show(await _request(visit, last))
    found = await latest_month(visit.tx, present.end, zone)
    name = visit.texts.period(last.key)
    said = visit.texts("Nobody answered in {period}.", period=name)
    if found is None:
        said = visit.texts("There are no answers yet.")
    return Show(_choice(visit, said, [] if found is None else [found]))


async def choose_period(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer periods for a digest now."""
    return Change(_choice(visit, "", []))


def _choice(visit: Visit, said: str, first: list[str]) -> Screen:
    """Return the months, quarters and years to choose from; unfinished ones are marked."""
    zone = visit.workspace.zone
    units: tuple[Unit, ...] = ("month", "quarter", "year")
    under_way = [containing(visit.now, unit, zone) for unit in units]
    usual = [key for one in under_way for key in (one.key, previous(one, zone).key)]
    keys = list(dict.fromkeys([*first, *usual]))
    return admin_screens.choose_period(visit.texts, keys, {one.key for one in under_way}, said)


async def digest_now(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for a digest; it comes as a message of its own."""
    try:
        period = parse_period(
            tap.button.arguments[0] if tap.button.arguments else "", visit.workspace.zone
        )
    except PeriodInvalid:
        return Toast(visit.texts("That button is out of date."))
    return Change(await _request(visit, period))


async def _request(visit: Visit, period: Period, against: Period | None = None) -> Screen:
    wanted = {"period": period.key, **({"against": against.key} if against else {})}
    await errands.ask(visit.tx, "digest", visit.known.id, visit.now, wanted)
    await note(visit, "exported", details=" ".join(("digest", *wanted.values())))
    texts, name = visit.texts, visit.texts.period(period.key)
    said = texts("The digest for {period} is being made; it comes here shortly.", period=name)
    if against is not None:
        other = texts.period(against.key)
        said += " " + texts("It is compared with {period}.", period=other)
    if period.end > visit.now:
        said += " " + texts("The period is not over: it will show how things stand now.")
    return Screen(said, admin_screens.back(texts))
