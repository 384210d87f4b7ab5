"""Campaigns: who would be asked and why not, the launch, and each wave after it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import Refused
from bot.operations.compose import hours_of, queue_invitation, view_for
from storage import campaigns, definitions, invitations, ledger, people, prospects, workspace
from storage.campaigns import Campaign, CampaignDraft, Wave
from storage.database import Reader, Transaction
from storage.definitions import StoredDefinition
from storage.ledger import Line
from storage.prospects import Prospect
from storage.workspace import Workspace
from surveys import eligibility, timing
from surveys.definition import Survey
from surveys.eligibility import NOT_HERE_YET, Candidate, Reason, Rules
from surveys.messages import mark
from surveys.plan import Plan

TOUCHPOINT = "invitation"
"""The touchpoint of a campaign's invitations."""
AFTER_EVENT = "event"
"""The touchpoint of what follows an event."""
QUOTA_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a wave would do now: whom it invites and when, and everybody else by reason."""

    definition: StoredDefinition
    plan: Plan
    invited: tuple[Prospect, ...]
    refused: Mapping[int, Reason]
    due: Mapping[int, datetime]

    @property
    def reasons(self) -> dict[Reason, int]:
        """Return how many people are not asked, by reason, the most frequent first."""
        return dict(Counter(self.refused.values()).most_common())

    @property
    def by_link(self) -> int:
        """Return how many could be part of it by a personal link of the company's own sending."""
        return sum(1 for reason in self.refused.values() if reason in NOT_HERE_YET)

    @property
    def first_at(self) -> datetime | None:
        """Return when the first invitation goes out."""
        return min(self.due.values(), default=None)


@dataclass(frozen=True, slots=True)
class Launched:
    """A campaign under way; `wave_id` None: its first wave is still to come."""

    campaign_id: int
    wave_id: int | None
    preview: Preview


def rules_for(survey: Survey, space: Workspace) -> Rules:
    """Return the clocks that hold for a survey."""
    return Rules(survey.audience, space.global_period_days, survey.period_days)


def judged(member: Prospect, plan: Plan, space: Workspace, now: datetime) -> Candidate:
    """Return the candidate with what the campaign's filters say of them."""
    today = now.astimezone(space.tzinfo).date()
    return replace(member.candidate, outside=not plan.audience.admits(member.known, today))


async def known_survey(reader: Reader, key: str) -> StoredDefinition:
    """Return a survey's latest version, or say which surveys there are."""
    definition = await definitions.latest(reader, key)
    if definition is None:
        known = ", ".join(sorted(item.key for item in await definitions.all_latest(reader)))
        raise Refused(mark("There is no survey «{key}». Known: {known}."), key=key, known=known)
    return definition


async def preview(reader: Reader, plan: Plan, now: datetime) -> Preview:
    """Return what a launch would do now."""
    definition = await known_survey(reader, plan.survey)
    _check(plan, definition.survey)
    everybody = await prospects.candidates(reader, definition.survey)
    space = await workspace.get(reader)
    return sort_out(everybody, definition, plan, space, now, rules_for(definition.survey, space))


def _check(plan: Plan, survey: Survey) -> None:
    if plan.when.how == "event" and survey.kind != "transactional":
        raise Refused(
            mark(
                "«{key}» is a relationship survey: asked right after an event it would not "
                "be comparable. Use a transactional survey, such as service_request."
            ),
            key=survey.key,
        )


def sort_out(
    everybody: Sequence[Prospect],
    definition: StoredDefinition,
    plan: Plan,
    space: Workspace,
    now: datetime,
    rules: Rules,
) -> Preview:
    """Decide about everybody; invitations go out in the order of the lot."""
    limited = replace(rules, sample=plan.audience.sample)
    if plan.rules.quota is not None and rules.places is None:
        limited = replace(limited, places=plan.rules.quota)
    found = eligibility.decide_all(
        (judged(member, plan, space, now) for member in everybody), limited, now
    )
    invited = [one for one in everybody if found[one.candidate.person_id] is None]
    invited.sort(key=lambda one: eligibility.drawing(rules.lot, one.candidate.person_id))
    refused = {person: reason for person, reason in found.items() if reason is not None}
    return Preview(definition, plan, tuple(invited), refused, _times(invited, plan, space, now))


def _times(
    invited: Sequence[Prospect], plan: Plan, space: Workspace, now: datetime
) -> dict[int, datetime]:
    zones: dict[str, list[int]] = defaultdict(list)
    for member in invited:
        zones[member.zone or space.zone].append(member.candidate.person_id)
    over = timedelta(hours=plan.spread_hours)
    due: dict[int, datetime] = {}
    for zone, ids in zones.items():
        moments = timing.timetable(len(ids), now, over, zone, hours_of(space, plan))
        due |= dict(zip(ids, moments, strict=True))
    return due


async def launch(tx: Transaction, plan: Plan, created_by: int | None, now: datetime) -> Launched:
    """Make a campaign; one that happens once invites at once everybody who may be asked now.

    A campaign by recurrence, event or inactivity waits for its moment.
    """
    found = await preview(tx, plan, now)
    once = plan.when.how == "once"
    if once and not found.invited and not found.by_link:
        raise Refused(mark("Nobody may be asked now, so nothing was started."))
    space = await workspace.get(tx)
    campaign = await campaigns.create(tx, _draft(found, space, now), created_by, now)
    if not once:
        return Launched(campaign.id, None, found)
    wave_id, done = await fire(tx, campaign, plan.label, now)
    return Launched(campaign.id, wave_id, done)


def _draft(found: Preview, space: Workspace, now: datetime) -> CampaignDraft:
    survey, plan = found.definition.survey, found.plan
    title = survey.title.ru if space.language == "ru" else survey.title.en
    today = now.astimezone(space.tzinfo).date()
    remind, close = plan.rules.remind_after_days, plan.rules.closes_after_days
    return CampaignDraft(
        definition_id=found.definition.id,
        name=plan.name or title,
        remind_after_days=survey.remind_after_days if remind is None else remind,
        closes_after_days=survey.closes_after_days if close is None else close,
        plan=plan,
        next_due_at=plan.when.next_slot(space.zone, today, now),
    )


async def fire(
    tx: Transaction,
    campaign: Campaign,
    label: str,
    now: datetime,
    *,
    everybody: Sequence[Prospect] | None = None,
    manager_id: int | None = None,
) -> tuple[int, Preview]:
    """Make one wave: invite who may be asked, note the reason for everybody else.

    `everybody`: whom the wave is about, where that is not the whole audience. `manager_id`: whom
    the answers are about, where that is not each one's own manager.
    """
    definition = await definitions.get(tx, campaign.definition_id)
    space = await workspace.get(tx)
    if everybody is None:
        everybody = await prospects.candidates(tx, definition.survey)
    rules = replace(
        rules_for(definition.survey, space),
        paused=campaign.state != "running",
        places=await _places(tx, campaign, now),
        lot=f"{campaign.id}:{label}",
    )
    found = sort_out(everybody, definition, campaign.plan, space, now, rules)
    wave = await campaigns.start_wave(tx, campaign.id, label, now, _closing(campaign, now))
    about = _About(campaign, wave, definition, space, manager_id)
    for member in found.invited:
        person_id = member.candidate.person_id
        await _invite(tx, about, person_id, found.due[person_id])
    await ledger.record(tx, wave.id, _lines(found, now), now)
    return wave.id, found


def _closing(campaign: Campaign, now: datetime) -> datetime:
    waiting = timedelta(hours=campaign.plan.spread_hours)
    return now + timedelta(days=campaign.closes_after_days) + waiting


def _lines(found: Preview, now: datetime) -> list[Line]:
    asked = [Line(person, due_at=due if due > now else None) for person, due in found.due.items()]
    return asked + [Line(person, reason) for person, reason in found.refused.items()]


async def _places(reader: Reader, campaign: Campaign, now: datetime) -> int | None:
    quota = campaign.plan.rules.quota
    if quota is None:
        return None
    return quota - await campaigns.invited_since(reader, campaign.id, now - QUOTA_DAYS)


@dataclass(frozen=True, slots=True)
class _About:
    """What all invitations of a wave have in common."""

    campaign: Campaign
    wave: Wave
    definition: StoredDefinition
    space: Workspace
    manager_id: int | None


async def _invite(tx: Transaction, about: _About, person_id: int, due_at: datetime) -> None:
    wave = about.wave
    invitation = await invitations.create(
        tx,
        wave_id=wave.id,
        person_id=person_id,
        definition_id=about.definition.id,
        touchpoint=AFTER_EVENT if about.campaign.event else TOUCHPOINT,
        now=wave.started_at,
        closes_at=wave.closes_at,
        remind_at=reminder_at(about.campaign, due_at),
        manager_id=about.manager_id,
    )
    person = await people.get(tx, person_id)
    view = await view_for(tx, invitation, person, about.definition.survey, about.space)
    await queue_invitation(tx, invitation, view, wave.started_at, due_at)


def reminder_at(campaign: Campaign, asked_at: datetime) -> datetime | None:
    """Return when the one reminder is due to somebody who was asked then."""
    if campaign.remind_after_days is None:
        return None
    return asked_at + timedelta(days=campaign.remind_after_days)
