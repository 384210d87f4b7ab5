"""Facts in the admin's chat: a month's questionnaire, kept as a draft until all is saved."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.chat import themes
from bot.chat.auditing import note
from bot.chat.campaigns import campaign_wizard
from bot.chat.cases import awaiting, days
from bot.chat.criteria import fact_screens as screens
from bot.chat.digests import showing
from bot.chat.people import staff
from bot.chat.surveys import editor_draft
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.facts import facts as operations
from bot.operations.facts import form as facts_form
from bot.operations.facts.file import FactsRefused
from bot.operations.facts.form import QUESTIONS, FactsForm
from bot.operations.facts.typed_amounts import currency_of, typed_number
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import drafts
from storage.facts import facts
from storage.facts.facts import Teller
from storage.people import people
from storage.sending import schedules
from storage.sending.schedules import ScheduleRule
from surveys.counts.facts import FACTS, FactKind, MonthFacts
from surveys.errors import PeriodInvalid
from surveys.periods import containing, parse_period, previous

AWAITED = "facts awaited"
"""The draft that says that a typed number answers the question of the form."""
ELSEWHERE = (
    editor_draft.AWAITED,
    campaign_wizard.AWAITED,
    staff.AWAITED,
    themes.AWAITED,
    awaiting.AWAITED,
    days.AWAITED,
    showing.AWAITED,
)
"""What else might wait for words, and would take them first."""
FORM = "facts"
_REMINDED_AT = 10
_MONTHS = 12


async def home(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the latest months and what may be done."""
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    return Change(await home_screen(visit))


async def home_screen(visit: Visit) -> Screen:
    """Return the latest months, and what a time study says otherwise than the facts."""
    months = await facts.of_months(visit.tx, latest_months(visit))
    planned = await schedules.of(visit.tx, "facts_reminder", visit.known.id)
    form = await _form(visit)
    study = await operations.studied_anew(visit.tx, visit.now)
    return screens.home(visit.texts, months, unfinished=form, reminds=bool(planned), study=study)


def latest_months(visit: Visit) -> list[str]:
    """Return the last full months, the latest first."""
    month = containing(visit.now, "month", visit.workspace.zone)
    keys = []
    for _ in range(_MONTHS):
        month = previous(month, visit.workspace.zone)
        keys.append(month.key)
    return keys


def _month(tap: Tap[MenuTap], visit: Visit) -> str | None:
    """Return the month that a button names, if it is one that has begun."""
    zone = visit.workspace.zone
    try:
        period = parse_period(tap.button.arguments[0] if tap.button.arguments else "", zone)
    except PeriodInvalid:
        return None
    is_month = containing(period.start, "month", zone).key == period.key
    return period.key if is_month and period.start <= visit.now else None


async def month(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show what stands of a month."""
    key = _month(tap, visit)
    if key is None:
        return _stale(visit)
    return Change(screens.month(visit.texts, await _standing(visit, key)))


async def pick(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer the facts of a month to correct one."""
    key = _month(tap, visit)
    if key is None:
        return _stale(visit)
    return Change(screens.pick(visit.texts, await _standing(visit, key)))


async def past(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show every value that a month's facts had."""
    key = _month(tap, visit)
    if key is None:
        return _stale(visit)
    versions = {one: await facts.history(visit.tx, key, one) for one in FACTS}
    versions = {one: found for one, found in versions.items() if found}
    told_by = {one.person_id for found in versions.values() for one in found if one.person_id}
    names = {one.id: one.name for one in (await people.by_ids(visit.tx, told_by)).values()}
    zone = visit.workspace.tzinfo
    return Change(screens.past(visit.texts, key, versions, names, zone))


async def begin(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Begin the questionnaire of a month, or correct one fact of it.

    What was typed into another one and is not saved goes only if the admin says so.
    """
    key, chosen = _month(tap, visit), tuple(filter(None, tap.button.arguments[1:2]))
    if key is None or (chosen and chosen[0] not in QUESTIONS):
        return _stale(visit)
    left = await _form(visit)
    if left is not None and left.values and tap.button.arguments[2:3] != ("anew",):
        if left.month == key and not chosen and not left.only:
            return Change(await _go(visit, left))
        return Change(screens.unsaved(visit.texts, left, key, *chosen))
    standing = await facts.currencies(visit.tx)
    form = FactsForm(key, currency=standing[0] if standing else "")
    if chosen:
        form = replace(form, place=QUESTIONS.index(chosen[0]), only=True)
    return Change(await _go(visit, form))


async def go_on(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask on where the questionnaire was left."""
    form = await _form(visit)
    return _stale(visit) if form is None else Change(await _go(visit, form))


async def do(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Do what a button below a question, or below the sum, says."""
    form = await _form(visit)
    what, argument = (*tap.button.arguments, "", "")[:2]
    if form is None:
        return _stale(visit)
    found = await _of_the_whole(visit, form, what, argument)
    if found is None and argument == str(form.place) and form.question is not None:
        moved = await _moved(visit, form, what)
        found = None if moved is None else await _answered(visit, form, moved)
    return _stale(visit) if found is None else Change(found)


async def _of_the_whole(visit: Visit, form: FactsForm, what: str, argument: str) -> Screen | None:
    match what:
        case "save":
            return await _save(visit, form)
        case "drop":
            await _end(visit)
            return await home_screen(visit)
        case "begin":
            return await _go(visit, replace(form, place=0))
        case "currency" if not form.currency and currency_of(argument):
            return await _go(visit, replace(form, currency=currency_of(argument)))
        case _:
            return None


async def _moved(visit: Visit, form: FactsForm, what: str) -> FactsForm | None:
    match what:
        case "back":
            return form.moved(-1)
        case "skip":
            return form.skipped()
        case "clear":
            return form.told(None)
        case "sum":
            return replace(form, place=len(QUESTIONS))
        case "last":
            before = await _before(visit, form)
            return None if before is None else form.told(before)
        case _:
            return None


async def typed(words: Words, visit: Visit) -> Reply:
    """Take a number for the question that is on the screen."""
    form = await _form(visit)
    awaited = await drafts.load(visit.tx, visit.known.id, AWAITED)
    if form is None or awaited is None or form.question is None:
        return None
    if not form.currency and _is_money(form):
        return Show(await _typed_currency(words.text, visit, form))
    number = typed_number(words.text)
    if number is None:
        said = visit.texts("I cannot read that as one number. For example: 1500, 1.5m or 300k.")
        return Show(await _ask(visit, form, [said]))
    if number.currency and (not _is_money(form) or number.currency != form.currency):
        return Show(await _ask(visit, form, [_other_currency(visit, form)]))
    return Show(await _answered(visit, form, form.told(number.value)))


async def _typed_currency(text: str, visit: Visit, form: FactsForm) -> Screen:
    code = currency_of(text)
    if code:
        return await _go(visit, replace(form, currency=code))
    said = visit.texts("That is no currency code like RUB.")
    return screens.ask_currency(visit.texts, form, said)


def _other_currency(visit: Visit, form: FactsForm) -> str:
    if not _is_money(form):
        return visit.texts("This one is no money; type the number alone.")
    return visit.texts(
        "Money stands in one currency, {currency}; type the amount in it.", currency=form.currency
    )


def _is_money(form: FactsForm) -> bool:
    return form.question is not None and FACTS[form.question] is FactKind.MONEY


async def _answered(visit: Visit, form: FactsForm, moved: FactsForm) -> Screen:
    """Go on to the next question; an impossible answer is not kept, and is asked for again."""
    problems = await operations.contradictions(visit.tx, form.month, moved.values)
    if moved.values != form.values and problems:
        return await _ask(visit, form, [told(visit.texts, one) for one in problems])
    return await _go(visit, moved)


async def _go(visit: Visit, form: FactsForm) -> Screen:
    """Keep the form and show where it stands."""
    await drafts.save(visit.tx, visit.known.id, FORM, form.as_json(), visit.now)
    if form.question is None:
        await drafts.drop(visit.tx, visit.known.id, AWAITED)
        return screens.sum_up(visit.texts, form, await _standing(visit, form.month))
    for topic in ELSEWHERE:
        await drafts.drop(visit.tx, visit.known.id, topic)
    await drafts.save(visit.tx, visit.known.id, AWAITED, "", visit.now)
    return await _ask(visit, form)


async def _ask(visit: Visit, form: FactsForm, said: Sequence[str] = ()) -> Screen:
    if not form.currency and _is_money(form):
        return screens.ask_currency(visit.texts, form)
    standing, before = await _standing(visit, form.month), await _before(visit, form)
    return screens.ask(visit.texts, form, standing, before, said)


async def _before(visit: Visit, form: FactsForm) -> Decimal | None:
    """Return what may be taken over from the month before."""
    if form.question is None:
        return None
    zone = visit.workspace.zone
    earlier = previous(parse_period(form.month, zone), zone).key
    known = [one for one in await facts.known_months(visit.tx) if one < form.month]
    latest: dict[str, Decimal] = {}
    for one in await facts.of_months(visit.tx, known):
        latest |= one.values
    return facts_form.as_before(form.question, await _standing(visit, earlier), latest)


async def _save(visit: Visit, form: FactsForm) -> Screen:
    """Write everything that was told, all or nothing; what became impossible stays a draft."""
    source = Teller("chat", visit.now, visit.known.id)
    try:
        changed = await operations.told_in_chat(
            visit.tx, form.month, form.values, form.currency, source
        )
    except (FactsRefused, Refused) as error:
        standing = await _standing(visit, form.month)
        said = [told(visit.texts, one) for one in error.messages()]
        return screens.sum_up(visit.texts, form, standing, said)
    await _end(visit)
    await note(visit, "changed_facts", details=form.month)
    return screens.saved(visit.texts, form.month, changed)


async def remind(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Begin or end the monthly reminder."""
    person = visit.known
    if await schedules.of(visit.tx, "facts_reminder", person.id):
        await schedules.end(visit.tx, "facts_reminder", person.id)
    else:
        rule = ScheduleRule("monthly", _REMINDED_AT, visit.workspace.zone)
        slot = rule.next(visit.now)
        await schedules.plan(
            visit.tx, "facts_reminder", person.id, rule, slot, visit.now, by_slot=False
        )
    return Change(await home_screen(visit))


async def _form(visit: Visit) -> FactsForm | None:
    kept = await drafts.load(visit.tx, visit.known.id, FORM)
    return None if kept is None else FactsForm.from_json(kept)


async def _standing(visit: Visit, key: str) -> MonthFacts:
    [found] = await facts.of_months(visit.tx, [key])
    return found


async def _end(visit: Visit) -> None:
    for topic in (FORM, AWAITED):
        await drafts.drop(visit.tx, visit.known.id, topic)


def _stale(visit: Visit) -> Toast:
    return Toast(visit.texts("That button is out of date."))
