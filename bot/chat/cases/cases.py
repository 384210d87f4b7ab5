"""What staff do about cases; each of them sees the cases of the customers in their own circle."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.chat.cases import screens
from bot.chat.visit import Visit
from bot.operations.campaigns import casework, low_score_alerts
from bot.operations.campaigns.low_score import alert_text
from bot.operations.compose import hours_of, zone_of
from bot.rights import Action
from bot.roles import circle
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.answering import invitations
from storage.asking import drafts
from storage.cases import cases, changing
from storage.cases.cases import Case, CaseFilter, Viewer
from storage.people import people
from surveys.campaign.timing import is_quiet
from surveys.campaign.typed import read_moment
from surveys.cases import OUTCOMES, due_after

AWAITED: Final = "case_words"
_LISTS: tuple[CaseFilter, ...] = ("open", "overdue", "done")
_LAST_PAGE = 10_000
_USUAL = time(10)
"""When a call is due for which only a day was typed."""
_WAITS = timedelta(hours=1)
"""How long typed words count as what was asked for; later they may be meant for anything."""


def _viewer(visit: Visit) -> Viewer:
    return Viewer(visit.known.id, circle(Action.WORK_CASES, visit.person))


async def listed(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show one list of cases: open, overdue or done."""
    await _forget(visit)
    arguments = tap.button.arguments
    which: CaseFilter = next((one for one in _LISTS if one in arguments[:1]), "open")
    page = min(tap.button.number(1) or 0, _LAST_PAGE)
    size, viewer = screens.A_PAGE, _viewer(visit)
    found = await cases.listed(visit.tx, viewer, which, visit.now, size + 1, page * size)
    counts = await cases.counts(visit.tx, viewer, visit.now)
    zone = visit.workspace.tzinfo
    return Change(screens.lists(visit.texts, which, found, counts, zone, page))


async def shown(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a case."""
    await _forget(visit)
    one = await _seen(tap, visit)
    return _stale(visit) if one is None else Change(await _screen(visit, one))


async def taken(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Take a case; where two people do so at once, one gets it and the other is told."""
    one = await _seen(tap, visit)
    if one is None or not tap.button.arguments[1:]:  # whoever held it when the button was made
        return _stale(visit)
    texts = visit.texts
    if one.state == "taken" and one.assignee_id == visit.known.id:
        return [Toast(texts("You have this case already.")), Change(await _screen(visit, one))]
    as_seen = tap.button.pack() == casework.take_tap(one)
    if as_seen and await changing.take(visit.tx, one, visit.known.id, visit.now):
        return await _done(visit, one, texts("The case is yours."))
    one = await cases.get(visit.tx, one.id) or one
    said = texts("The case has changed: here is how it stands.")
    if one.state == "taken" and one.assignee is not None:
        said = texts("{name} has taken this case already.", name=one.assignee)
    return [Toast(said), Change(await _screen(visit, one))]


async def ended(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask how a case ended."""
    one = await _seen(tap, visit)
    if one is None or one.state == "resolved":
        return _stale(visit)
    return Change(screens.outcomes(visit.texts, one))


async def resolved(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """End a case with an outcome."""
    one = await _seen(tap, visit)
    outcome = next((known for known in OUTCOMES if known in tap.button.arguments[1:]), None)
    if one is None or outcome is None:
        return _stale(visit)
    if not await changing.resolve(visit.tx, one, visit.known.id, outcome, visit.now):
        return await _done(visit, one, visit.texts("This case is resolved already."))
    return await _done(visit, one, visit.texts("The case is resolved."))


async def reopened(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Open a resolved case again; it is due anew."""
    one = await _seen(tap, visit)
    if one is None:
        return _stale(visit)
    due = due_after(visit.now, visit.workspace.tzinfo)
    if not await changing.reopen(visit.tx, one, visit.known.id, due, visit.now):
        return await _done(visit, one, visit.texts("This case is open already."))
    await casework.remind_of(visit.tx, one.id, due, visit.now)
    return await _done(visit, one, visit.texts("The case is open again."))


async def note_asked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for a note."""
    one = await _seen(tap, visit)
    if one is None:
        return _stale(visit)
    await _expect(visit, "note", one)
    return Change(screens.asked(visit.texts, one, visit.texts("Type your note.")))


async def call_asked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask when the customer is to be called."""
    one = await _seen(tap, visit)
    if one is None or one.state == "resolved":
        return _stale(visit)
    await _expect(visit, "call", one)
    said = visit.texts("When shall the customer be called? For example «tomorrow 10:00».")
    return Change(screens.asked(visit.texts, one, said))


async def typed(words: Words, visit: Visit) -> Reply | None:
    """Take a note or a moment that was asked for; None where nothing was."""
    if visit.person is None or words.below is not None:
        return None
    awaited = await drafts.load(visit.tx, visit.person.id, AWAITED)
    if awaited is None:
        return None
    what, number, asked_at = awaited.split(" ")
    if visit.now - datetime.fromisoformat(asked_at) > _WAITS:
        await _forget(visit)
        return None
    one = await cases.seen(visit.tx, int(number), _viewer(visit))
    if one is None:
        await _forget(visit)
        return Show(Screen(visit.texts("You do not see this case any more: nothing was kept.")))
    if what == "note":
        await changing.note(visit.tx, one, visit.person.id, words.text, visit.now)
    elif (problem := await _promise(words.text, visit, one)) is not None:
        return Show(screens.asked(visit.texts, one, problem))
    await _forget(visit)
    return Show(await _screen(visit, await cases.get(visit.tx, one.id) or one))


async def _promise(text: str, visit: Visit, one: Case) -> str | None:
    """Note when the customer is to be called; return why that cannot be."""
    texts, space = visit.texts, visit.workspace
    found = read_moment(text, visit.now.astimezone(space.tzinfo), _USUAL)
    if found is None:
        return texts("I did not understand the moment. Type it like «tomorrow 10:00».")
    moment = datetime.combine(found.day, found.at, space.tzinfo).astimezone(UTC)
    if moment <= visit.now:
        return texts("That moment has passed. Type a later one.")
    customer = await people.get(visit.tx, one.person_id)
    if is_quiet(moment, zone_of(customer, space), hours_of(space)):
        return texts("That is at night for the customer. Type another moment.")
    if not await changing.call_at(visit.tx, one, visit.known.id, moment, visit.now):
        return texts("This case is resolved already.")
    await casework.remind_of(visit.tx, one.id, moment, visit.now)
    return None


async def _done(visit: Visit, one: Case, said: str) -> Reply:
    await _forget(visit)
    as_it_is = await cases.get(visit.tx, one.id) or one
    return [Toast(said), Change(await _screen(visit, as_it_is))]


async def _screen(visit: Visit, one: Case) -> Screen:
    invitation = await invitations.get(visit.tx, one.invitation_id)
    told = await low_score_alerts.told_now(visit.tx, invitation, visit.workspace)
    head = "" if told is None else alert_text(visit.texts, told, visit.known)
    history = await cases.history(visit.tx, one.id)
    zone = visit.workspace.tzinfo
    return screens.case(visit.texts, head, one, history, visit.now, zone)


async def _seen(tap: Tap[MenuTap], visit: Visit) -> Case | None:
    return await cases.seen(visit.tx, tap.button.number(0) or 0, _viewer(visit))


async def _expect(visit: Visit, what: str, one: Case) -> None:
    asked = f"{what} {one.id} {visit.now.isoformat()}"
    await drafts.save(visit.tx, visit.known.id, AWAITED, asked, visit.now)


async def _forget(visit: Visit) -> None:
    await drafts.drop(visit.tx, visit.known.id, AWAITED)


def _stale(visit: Visit) -> Reply:
    return Toast(visit.texts("That button is out of date."))
