"""What staff do about cases; each of them sees the cases of the customers in their own circle."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

from bot.chat.auditing import note
from bot.chat.cases import screens, writing
from bot.chat.cases.awaiting import awaited, expect, forget, seen, stale, viewer
from bot.chat.visit import Visit
from bot.operations.auditing import DeedKind
from bot.operations.campaigns import low_score_alerts
from bot.operations.campaigns.low_score import alert_text
from bot.operations.cases import casework, correspondence, crm, showing
from bot.operations.cases.calendar import due_in
from bot.operations.compose import hours_of, zone_of
from bot.rights import Action
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.answering import invitations
from storage.cases import cases, changing
from storage.cases.cases import Case, CaseFilter
from storage.people import people
from surveys.campaign.timing import is_quiet
from surveys.campaign.typed import read_moment
from surveys.cases import OUTCOMES

_LISTS: tuple[CaseFilter, ...] = ("open", "overdue", "done")
_LAST_PAGE = 10_000
_USUAL = time(10)
_DEEDS: Mapping[crm.CrmEvent, DeedKind] = {
    "case.taken": "took_case",
    "case.resolved": "resolved_case",
    "case.reopened": "changed_case",
}
"""When a call is due for which only a day was typed."""


async def listed(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show one list of cases: open, overdue or done."""
    await forget(visit)
    arguments = tap.button.arguments
    which: CaseFilter = next((one for one in _LISTS if one in arguments[:1]), "open")
    page = min(tap.button.number(1) or 0, _LAST_PAGE)
    size, me = screens.A_PAGE, viewer(visit)
    found = await cases.listed(visit.tx, me, which, visit.now, size + 1, page * size)
    counts = await cases.counts(visit.tx, me, visit.now)
    zone = visit.workspace.tzinfo
    more = screens.trial(visit.texts)
    more += screens.for_admins(visit.texts) if visit.may(Action.SET_WORKING_DAYS) else ()
    return Change(screens.lists(visit.texts, which, found, counts, zone, page, more))


async def shown(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a case."""
    await forget(visit)
    one = await seen(tap, visit)
    return stale(visit) if one is None else Change(await screen_of(visit, one))


async def taken(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Take a case; where two people do so at once, one gets it and the other is told."""
    one = await seen(tap, visit)
    if one is None or not tap.button.arguments[1:]:  # old or forged: it does not say who had it
        return stale(visit)
    texts = visit.texts
    if one.state == "taken" and one.assignee_id == visit.known.id:
        return [Toast(texts("You have this case already.")), Change(await screen_of(visit, one))]
    as_seen = tap.button.pack() == casework.take_tap(one)
    if as_seen and await changing.take(visit.tx, one, visit.known.id, visit.now):
        return await _changed(visit, one, texts("The case is yours."), "case.taken")
    one = await cases.get(visit.tx, one.id) or one
    said = texts("The case has changed: here is how it stands.")
    if one.state == "taken" and one.assignee is not None:
        said = texts("{name} has taken this case already.", name=one.assignee)
    return [Toast(said), Change(await screen_of(visit, one))]


async def ended(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask how a case ended."""
    one = await seen(tap, visit)
    if one is None or one.state == "resolved":
        return stale(visit)
    return Change(screens.outcomes(visit.texts, one))


async def resolved(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """End a case with an outcome."""
    one = await seen(tap, visit)
    outcome = next((known for known in OUTCOMES if known in tap.button.arguments[1:]), None)
    if one is None or outcome is None:
        return stale(visit)
    if not await changing.resolve(visit.tx, one, visit.known.id, outcome, visit.now):
        return await _done(visit, one, visit.texts("This case is resolved already."))
    return await _changed(visit, one, visit.texts("The case is resolved."), "case.resolved")


async def reopened(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Open a resolved case again; it is due anew."""
    one = await seen(tap, visit)
    if one is None:
        return stale(visit)
    due = due_in(visit.workspace, visit.now)
    if not await changing.reopen(visit.tx, one, visit.known.id, due, visit.now):
        return await _done(visit, one, visit.texts("This case is open already."))
    await casework.remind_of(visit.tx, one.id, due, visit.now)
    return await _changed(visit, one, visit.texts("The case is open again."), "case.reopened")


async def note_asked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for a note."""
    one = await seen(tap, visit)
    if one is None:
        return stale(visit)
    await expect(visit, "note", one)
    return Change(screens.asked(visit.texts, one, visit.texts("Type your note.")))


async def call_asked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask when the customer is to be called."""
    one = await seen(tap, visit)
    if one is None or one.state == "resolved":
        return stale(visit)
    await expect(visit, "call", one)
    said = visit.texts("When shall the customer be called? For example «tomorrow 10:00».")
    return Change(screens.asked(visit.texts, one, said))


async def typed(words: Words, visit: Visit) -> Reply | None:
    """Take a note or a moment that was asked for; None where nothing was."""
    if visit.person is None or words.below is not None:
        return None
    found = await awaited(visit)
    if found is None:
        return None
    what, one = found
    if one is None:
        await forget(visit)
        return Show(Screen(visit.texts("You do not see this case any more: nothing was kept.")))
    if what == "write":
        return await writing.take(words.text, visit, one)
    if what == "note":
        await changing.note(visit.tx, one, visit.person.id, words.text, visit.now)
    elif (problem := await _promise(words.text, visit, one)) is not None:
        return Show(screens.asked(visit.texts, one, problem))
    await forget(visit)
    await note(visit, "changed_case", one.person_id, str(one.id))
    return Show(await screen_of(visit, await cases.get(visit.tx, one.id) or one))


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
    if (changed := await cases.get(visit.tx, one.id)) is not None:
        await showing.anew(visit.tx, changed, visit.workspace, visit.now, but=visit.known.id)
        await crm.tell(visit.tx, changed, "case.call_promised", visit.workspace, visit.now)
    return None


async def _changed(visit: Visit, one: Case, said: str, event: crm.CrmEvent) -> Reply:
    """Show a case that was changed just now, to everybody who was told of it; note the deed."""
    await note(visit, _DEEDS[event], one.person_id, str(one.id))
    as_it_is = await cases.get(visit.tx, one.id) or one
    await showing.anew(visit.tx, as_it_is, visit.workspace, visit.now, but=visit.known.id)
    await crm.tell(visit.tx, as_it_is, event, visit.workspace, visit.now)
    return await _done(visit, one, said)


async def _done(visit: Visit, one: Case, said: str) -> Reply:
    await forget(visit)
    as_it_is = await cases.get(visit.tx, one.id) or one
    return [Toast(said), Change(await screen_of(visit, as_it_is))]


async def screen_of(visit: Visit, one: Case) -> Screen:
    """Return a case as it stands."""
    head = await _head(visit, one)
    history = await cases.history(visit.tx, one.id)
    now = visit.now.astimezone(visit.workspace.tzinfo)
    mine = one.assignee_id == visit.known.id
    return screens.case(visit.texts, head, one, history, now, mine=mine)


async def _head(visit: Visit, one: Case) -> str:
    """Return what opened a case: a low score, or what the customer wrote."""
    if one.invitation_id is not None:
        invitation = await invitations.get(visit.tx, one.invitation_id)
        told = await low_score_alerts.told_now(visit.tx, invitation, visit.workspace)
        if told is not None:
            over = one.state == "resolved"
            return alert_text(visit.texts, told, visit.known, over=over)
    customer = await people.get(visit.tx, one.person_id)
    return correspondence.headline(visit.texts, customer)
