"""Whom a wave asks: people are looked at page by page, so that nobody waits meanwhile."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from operator import attrgetter
from typing import TypeVar

from bot.operations.compose import hours_of
from storage.asking import campaigns, definitions, prospects
from storage.asking import eligibility as eligible
from storage.asking.campaigns import Campaign, Wave
from storage.asking.definitions import StoredDefinition
from storage.asking.eligibility import Eligible
from storage.asking.prospects import Prospect
from storage.database import Reader
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.campaign import eligibility
from surveys.campaign.audience import Known
from surveys.campaign.eligibility import NOT_HERE_YET, Candidate, Reason, Rules
from surveys.campaign.plan import Plan, plan_to_json
from surveys.campaign.timing import timetable
from surveys.survey.definition import Survey

T = TypeVar("T")

QUOTA_DAYS = timedelta(days=30)
_AT_ONCE = 2_000
"""How many people are decided about before other work gets its turn: some milliseconds."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all decisions of a wave have in common; `campaign_id` None: it is only a preview."""

    definition: StoredDefinition
    plan: Plan
    space: Workspace
    rules: Rules
    now: datetime
    campaign_id: int | None = None

    @property
    def today(self) -> date:
        """Return the company's date."""
        return self.now.astimezone(self.space.tzinfo).date()

    @property
    def chooses(self) -> bool:
        """Tell whether the campaign itself chooses among people, by what is known of them."""
        return self.plan.audience.chooses or self.plan.when.inactive_days is not None


@dataclass(frozen=True, slots=True)
class Decided:
    """Whom a wave invites, in the order of the lot, and when; everybody else has a reason."""

    invited: Sequence[int]
    refused: Mapping[int, Reason]
    due: Mapping[int, datetime]

    @property
    def reasons(self) -> dict[Reason, int]:
        """Return how many people are not asked, by reason, the most frequent first."""
        return dict(Counter(self.refused.values()).most_common())

    @property
    def by_link(self) -> int:
        """Return how many could join by a personal link that the company sends itself."""
        return sum(1 for reason in self.refused.values() if reason in NOT_HERE_YET)

    @property
    def first_at(self) -> datetime | None:
        """Return when the first invitation goes out."""
        return min(self.due.values(), default=None)


def rules_for(survey: Survey, space: Workspace) -> Rules:
    """Return the clocks that hold for a survey."""
    return Rules(survey.audience, space.global_period_days, survey.period_days)


def judged(member: Prospect, plan: Plan, today: date) -> Candidate:
    """Return the candidate with what the campaign says of them: its filters, its inactivity."""
    return replace(member.candidate, outside=not _admitted(member.known, plan, today))


def reasoner(setting: Setting) -> Callable[[Eligible], Reason | None]:
    """Return what tells why not to ask somebody, the campaign's filters and inactivity included."""
    plan, today = setting.plan, setting.today
    if not setting.chooses:
        return attrgetter("reason")

    def reason(one: Eligible) -> Reason | None:
        if one.reason is Reason.LEFT or _admitted(one.known, plan, today):
            return one.reason
        return Reason.OUTSIDE_AUDIENCE

    return reason


def _admitted(known: Known, plan: Plan, today: date) -> bool:
    """Tell whether the filters let somebody in who, after inactivity, has bought nothing lately."""
    days, bought = plan.when.inactive_days, known.last_purchase_on
    quiet = days is None or (bought is not None and bought <= today - timedelta(days=days))
    return quiet and plan.audience.admits(known, today)


def lot_of(plan: Plan, label: str, begun: datetime) -> str:
    """Return the seed of a wave's draw, which a preview knows before there is a campaign."""
    return f"{begun.astimezone(UTC).date()}:{label}:{plan_to_json(plan)}"


async def setting_of(reader: Reader, campaign: Campaign, label: str, now: datetime) -> Setting:
    """Return what the decisions about a campaign's wave of that label need."""
    definition = await definitions.get(reader, campaign.definition_id)
    space = await workspace.get(reader)
    rules = replace(
        rules_for(definition.survey, space),
        paused=campaign.state == "paused",
        cancelled=campaign.state == "cancelled",
        sample=campaign.plan.audience.sample,
        places=await places_left(reader, campaign, now),
        lot=lot_of(campaign.plan, label, campaign.created_at),
    )
    return Setting(definition, campaign.plan, space, rules, now, campaign.id)


async def places_left(reader: Reader, campaign: Campaign, now: datetime) -> int | None:
    """Return how many more the campaign's quota allows; None: it has none."""
    quota = campaign.plan.rules.quota
    if quota is None:
        return None
    return quota - await campaigns.invited_since(reader, campaign.id, now - QUOTA_DAYS)


async def decide(reader: Reader, setting: Setting, wave: Wave | None = None) -> Decided:
    """Decide about everybody."""
    found: dict[int, Reason | None] = {}
    zones: dict[int, str] = {}
    reason = reasoner(setting)
    async for page in _audience(reader, setting, None if wave is None else wave.id):
        for one in page:
            found[one.person_id] = reason(one)
            zones[one.person_id] = one.zone or setting.space.zone
    order = await in_lot_order(eligibility.drawable(found), setting.rules.lot)
    found |= eligibility.left_out(order, found, setting.rules)
    invited = [person for person in order if found[person] is None]
    refused = {person: reason for person, reason in found.items() if reason is not None}
    return Decided(invited, refused, await _times(invited, zones, setting))


async def _audience(
    reader: Reader, setting: Setting, wave_id: int | None
) -> AsyncIterator[Sequence[Eligible]]:
    """Yield everybody the wave looks at: everybody on the survey's side, or only the inactive."""
    days = setting.plan.when.inactive_days
    survey, rules, now = setting.definition.survey, setting.rules, setting.now
    if days is None:
        known = setting.chooses
        async for page in eligible.pages(reader, survey, rules, now, wave_id, known=known):
            yield page
        return
    before = setting.today - timedelta(days=days)
    async for page in eligible.pages(reader, survey, rules, now, wave_id, before):
        yield await _not_considered(reader, setting, page, wave_id)


async def _not_considered(
    reader: Reader, setting: Setting, page: Sequence[Eligible], wave_id: int | None
) -> Sequence[Eligible]:
    """Return people who are here and were not decided about since their last purchase."""
    here = [one for one in page if one.reason is not Reason.LEFT]
    if setting.campaign_id is None:
        return here
    ids = [one.person_id for one in here]
    found = await prospects.considered_since(reader, setting.campaign_id, ids, wave_id)
    # Purchases are days of the company's calendar, so today is read from that calendar too.
    known = {person: at.astimezone(setting.space.tzinfo).date() for person, at in found.items()}
    return [one for one in here if _is_new(one, known)]


def _is_new(one: Eligible, considered: Mapping[int, date]) -> bool:
    """Tell whether the campaign has not decided about somebody since their last purchase."""
    decided, bought = considered.get(one.person_id), one.last_purchase_on
    return decided is None or bought is None or decided <= bought


async def is_anybody_quiet(reader: Reader, setting: Setting) -> bool:
    """Tell whether a campaign after inactivity has anybody to look at."""
    async for page in _audience(reader, setting, None):
        if page:
            return True
    return False


async def in_lot_order(persons: Sequence[int], lot: str) -> list[int]:
    """Return people in the order of the lot, which is always the same for one lot.

    They are sorted a two hundred and fifty-sixth at a time, so that nobody else waits for long.
    """
    runs: dict[int, list[tuple[bytes, int]]] = defaultdict(list)
    for some in _in_turns(persons):
        for person in some:
            drawn = eligibility.drawing(lot, person)
            runs[drawn[0]].append((drawn, person))
        await asyncio.sleep(0)
    order: list[int] = []
    for few in _in_turns(chain.from_iterable(sorted(runs[first]) for first in sorted(runs))):
        order += [person for _, person in few]
        await asyncio.sleep(0)
    return order


async def _times(
    invited: Sequence[int], zones: Mapping[int, str], setting: Setting
) -> dict[int, datetime]:
    by_zone: dict[str, list[int]] = defaultdict(list)
    for person in invited:
        by_zone[zones[person]].append(person)
    over = timedelta(hours=setting.plan.spread_hours)
    hours = hours_of(setting.space, setting.plan)
    due: dict[int, datetime] = {}
    for zone, persons in by_zone.items():
        moments = timetable(len(persons), setting.now, over, zone, hours)
        for some in _in_turns(zip(persons, moments, strict=True)):
            due.update(some)
            await asyncio.sleep(0)
    return due


def _in_turns(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while some := list(islice(iterator, _AT_ONCE)):
        yield some
