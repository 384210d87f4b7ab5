"""A new campaign, step by step: kept as a draft, so that it can be left and resumed."""

from functools import partial

from bot.chat.auditing import note
from bot.chat.campaigns import campaign_screens as pages
from bot.chat.campaigns.campaign_fields import Choice, Facts, described, offered
from bot.chat.campaigns.campaign_typed import TYPED
from bot.chat.campaigns.campaigns import show_board
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.campaigns import launching as operations
from bot.says.heard import Tap, Words
from bot.says.said import Change, Later, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import definitions, drafts, prospects
from storage.asking.definitions import StoredDefinition
from storage.database import Reader
from storage.people import people
from surveys.campaign.audience import STATUS, Filter
from surveys.campaign.plan import Plan, plan_from_json, plan_to_json
from surveys.survey.definition import Survey

TOPIC = "campaign"
AWAITED = "campaign_typed"
"""The draft that remembers what the next typed words are about."""


async def begin(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer to go on with what was begun, else the surveys."""
    plan = await _draft(visit)
    definition = None if plan is None else await definitions.latest(visit.tx, plan.survey)
    if definition is not None:
        return Change(pages.unfinished(visit.texts, definition))
    return await begin_anew(tap, visit)


async def begin_anew(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer the surveys."""
    await _await(visit, None)
    known = await definitions.all_latest(visit.tx)
    return Change(pages.choose_survey(visit.texts, known))


async def chose_survey(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer everybody or one segment; surveys for managers go straight to the count."""
    definition = await definitions.latest(
        visit.tx, tap.button.arguments[0] if tap.button.arguments else ""
    )
    if definition is None:
        return _stale(visit)
    await _save(visit, Plan(survey=definition.key))
    segments = await people.segments(visit.tx)
    if definition.survey.audience == "managers" or not 0 < len(segments) <= pages.A_PAGE:
        return await hub(tap, visit)
    screen = pages.choose_segment(visit.texts, definition, segments)
    return Change(screen)


async def chose_segment(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Keep the segment, say how many would be asked and why the others would not."""
    definition = await definitions.latest(
        visit.tx, tap.button.arguments[0] if tap.button.arguments else ""
    )
    if definition is None:
        return _stale(visit)
    number, segments = tap.button.number(1), await people.segments(visit.tx)
    chosen = (segments[number],) if number is not None and number < len(segments) else ()
    await _save(visit, Plan(survey=definition.key, audience=Filter(segments=chosen)))
    return await hub(tap, visit)


async def hub(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the campaign as it stands; the count comes when everybody has been looked at."""
    plan = await _draft(visit)
    if plan is None:
        return _stale(visit)
    await _await(visit, None)
    try:
        await operations.asked_by(visit.tx, plan)
    except Refused as error:
        return [Toast(told(visit.texts, error)), Change(await _choices(visit, plan, "when"))]
    return Later(partial(_counted, visit, plan))


async def _counted(visit: Visit, plan: Plan, reader: Reader) -> Change:
    found = await operations.preview(reader, plan, visit.now)
    survey = found.definition.survey
    facts, customers = await _facts(reader, survey), survey.audience == "customers"
    lines = described(plan, facts, visit.texts, customers=customers)
    fields = list(offered(plan, facts, visit.texts, customers=customers))
    return Change(pages.hub(visit.texts, found, lines, fields, visit.workspace))


async def field(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer what can be chosen about one thing."""
    plan = await _draft(visit)
    name = tap.button.arguments[0] if tap.button.arguments else ""
    if plan is None or name not in await _offered(visit, plan):
        return _stale(visit)
    await _await(visit, name if name in TYPED else None)
    screen = await _choices(visit, plan, name, tap.button.number(1) or 0)
    return Change(screen)


async def typed(words: Words, visit: Visit) -> Reply:
    """Take what is typed about the thing that is being chosen."""
    plan, name = await _draft(visit), await _awaited(visit)
    if plan is None or name not in TYPED:
        return None
    changed = TYPED[name].read(plan, words.text, visit.now.astimezone(visit.workspace.tzinfo))
    screen = await _choices(visit, changed or plan, name)
    if changed is None:
        said = visit.texts("I did not understand that, or it is over already.")
        return Show(Screen(f"{said}\n\n{screen.text}", screen.rows))
    await _save(visit, changed)
    return Show(screen)


async def put(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Keep a choice and show what holds now."""
    plan = await _draft(visit)
    name, place = tap.button.arguments[0] if tap.button.arguments else "", tap.button.number(1)
    choices = [] if plan is None else (await _offered(visit, plan)).get(name, [])
    if place is None or place >= len(choices):
        return _stale(visit)
    await _save(visit, choices[place].plan)
    screen = await _choices(visit, choices[place].plan, name, place // pages.A_PAGE)
    return Change(screen)


async def launch(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Start the campaign; its message shows how it goes from now on."""
    plan = await _draft(visit)
    if visit.person is None or plan is None:
        return _stale(visit)
    try:
        launched = await operations.launch(visit.tx, plan, visit.person.id, visit.now)
    except Refused as error:
        return [Toast(told(visit.texts, error)), Change(await _choices(visit, plan, "when"))]
    await drafts.drop(visit.tx, visit.person.id, TOPIC)
    await note(visit, "changed_campaign", details=str(launched.campaign_id))
    return await show_board(tap, visit, launched.campaign_id, visit.texts("Launched."))


def _stale(visit: Visit) -> Reply:
    return Toast(visit.texts("That button is out of date."))


async def _draft(visit: Visit) -> Plan | None:
    if visit.person is None:
        return None
    content = await drafts.load(visit.tx, visit.person.id, TOPIC)
    return None if content is None else plan_from_json(content)


async def _save(visit: Visit, plan: Plan) -> None:
    if visit.person is not None:
        await drafts.save(visit.tx, visit.person.id, TOPIC, plan_to_json(plan), visit.now)


async def _choices(visit: Visit, plan: Plan, name: str, page: int = 0) -> Screen:
    hint = visit.texts(TYPED[name].hint) if name in TYPED else ""
    return pages.choose(visit.texts, name, (await _offered(visit, plan))[name], page, hint)


async def _await(visit: Visit, name: str | None) -> None:
    """Remember what the next words are about; None: nothing."""
    if visit.person is None:
        return
    if name is None:
        await drafts.drop(visit.tx, visit.person.id, AWAITED)
    else:
        await drafts.save(visit.tx, visit.person.id, AWAITED, name, visit.now)


async def _awaited(visit: Visit) -> str:
    if visit.person is None:
        return ""
    return await drafts.load(visit.tx, visit.person.id, AWAITED) or ""


async def _offered(visit: Visit, plan: Plan) -> dict[str, list[Choice]]:
    definition: StoredDefinition | None = await definitions.latest(visit.tx, plan.survey)
    survey = None if definition is None else definition.survey
    customers = survey is not None and survey.audience == "customers"
    return offered(plan, await _facts(visit.tx, survey), visit.texts, customers=customers)


async def _facts(reader: Reader, survey: Survey | None) -> Facts:
    managers = await people.managers(reader)
    attributes = await prospects.attribute_values(reader)
    statuses = [
        value for key, values in attributes.items() if key.casefold() in STATUS for value in values
    ]
    return Facts(
        segments=await people.segments(reader),
        managers={one.external_id: one.name for one in managers if one.external_id},
        teams=sorted({one.team for one in managers if one.team}),
        statuses=statuses,
        after_deals=survey is not None
        and survey.kind == "transactional"
        and survey.audience == "customers",
        attributes={
            key: values for key, values in attributes.items() if key.casefold() not in STATUS
        },
    )
