"""Campaigns: who would be asked and why not, the launch, and each wave after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import Refused
from bot.operations.campaigns.deciding import (
    Decided,
    Setting,
    decide,
    lot_of,
    rules_for,
    setting_of,
)
from bot.operations.campaigns.waves import begin_wave
from bot.operations.nameless import check_named
from scoring.estimates.sample_size import smallest_fall
from storage.asking import campaigns, definitions
from storage.asking.audience_words import unknown_words
from storage.asking.campaigns import Campaign, CampaignDraft
from storage.asking.definitions import StoredDefinition
from storage.database import Reader, Transaction
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.campaign.plan import Plan
from surveys.counts.measures import NPS
from surveys.counts.minima import MIN_CHANGE
from surveys.messages import mark


@dataclass(frozen=True, slots=True)
class Preview:
    """What a wave would do now; `unknown` are words of its audience that fit nobody here."""

    definition: StoredDefinition
    plan: Plan
    decided: Decided
    unknown: Mapping[str, Sequence[str]] = field(default_factory=dict)


def noticeable(found: Preview) -> Sequence[tuple[int, float]]:
    """Return (answers, smallest fall of the NPS in points that so many answers show with 80 %).

    One pair for everybody answering and one for every third, in both waves. Empty below ten
    answers, or for a survey without NPS.
    """
    if not any(NPS in question.measures for question in found.definition.survey.questions):
        return []
    asked = len(found.decided.invited) + found.decided.by_link
    sizes = [n for n in (asked, asked // 3) if n >= MIN_CHANGE]
    return [(n, smallest_fall(n)) for n in sizes]


@dataclass(frozen=True, slots=True)
class Launched:
    """A campaign under way; `wave_id` None: its first wave is still to come."""

    campaign_id: int
    wave_id: int | None


async def known_survey(reader: Reader, key: str) -> StoredDefinition:
    """Return a survey's latest version, or say which surveys there are."""
    definition = await definitions.latest(reader, key)
    if definition is None:
        known = ", ".join(sorted(item.key for item in await definitions.all_latest(reader)))
        raise Refused(mark("There is no survey «{key}». Known: {known}."), key=key, known=known)
    return definition


async def preview(reader: Reader, plan: Plan, now: datetime) -> Preview:
    """Return what a launch would do now; refuses a plan whose moment never comes."""
    definition = await asked_by(reader, plan)
    space = await workspace.get(reader)
    _due(plan, space, now)
    rules = replace(
        rules_for(definition.survey, space),
        sample=plan.audience.sample,
        places=plan.rules.quota,
        lot=lot_of(plan, plan.label, now),
    )
    decided = await decide(reader, Setting(definition, plan, space, rules, now))
    return Preview(definition, plan, decided, await unknown_words(reader, plan.audience))


async def preview_wave(reader: Reader, campaign: Campaign, label: str, now: datetime) -> Preview:
    """Return what another wave of a campaign would do now."""
    setting = await setting_of(reader, campaign, label, now)
    decided = await decide(reader, setting)
    unknown = await unknown_words(reader, campaign.plan.audience)
    return Preview(setting.definition, campaign.plan, decided, unknown)


async def asked_by(reader: Reader, plan: Plan) -> StoredDefinition:
    """Return the survey of a plan; refuses one that does not fit the plan's timing."""
    definition = await known_survey(reader, plan.survey)
    if plan.when.how == "event" and definition.survey.kind != "transactional":
        raise Refused(
            mark(
                "«{survey}» is a relationship survey: asked right after an event it would not "
                "be comparable. Use a transactional survey, such as «After a request»."
            ),
            survey=definition.survey.title.ru
            if (await workspace.get(reader)).language == "ru"
            else definition.survey.title.en,
        )
    return definition


def check_worth(found: Preview) -> None:
    """Refuse a launch that would ask nobody, where it happens only once."""
    once = found.plan.when.how == "once"
    if once and not found.decided.invited and not found.decided.by_link:
        words = [word for known in found.unknown.values() for word in known]
        if words:
            raise Refused(
                mark("Nobody may be asked now, so nothing was started. Nobody has: {words}."),
                words=words,
            )
        raise Refused(mark("Nobody may be asked now, so nothing was started."))


async def launch(tx: Transaction, plan: Plan, created_by: int | None, now: datetime) -> Launched:
    """Make a campaign; one that happens once begins its wave, which a job prepares.

    A campaign by recurrence, event or inactivity waits for its moment. Refuses where the company
    has no name.
    """
    definition = await asked_by(tx, plan)
    space = await workspace.get(tx)
    check_named(space)
    draft = _draft(definition, plan, space, now)
    campaign = await campaigns.create(tx, draft, created_by, now)
    if plan.when.how != "once":
        return Launched(campaign.id, None)
    wave = await begin_wave(tx, campaign, plan.label, now)
    return Launched(campaign.id, wave.id)


def _draft(
    definition: StoredDefinition, plan: Plan, space: Workspace, now: datetime
) -> CampaignDraft:
    survey = definition.survey
    title = survey.title.ru if space.language == "ru" else survey.title.en
    remind, close = plan.rules.remind_after_days, plan.rules.closes_after_days
    return CampaignDraft(
        definition_id=definition.id,
        name=plan.name or title,
        remind_after_days=survey.remind_after_days if remind is None else remind,
        closes_after_days=survey.closes_after_days if close is None else close,
        plan=plan,
        next_due_at=_due(plan, space, now),
    )


def _due(plan: Plan, space: Workspace, now: datetime) -> datetime | None:
    """Return the plan's next moment, if any; refuses a rule whose days are all past."""
    due = plan.when.next_slot(space.zone, now.astimezone(space.tzinfo).date(), now)
    if plan.when.how == "repeat" and due is None:
        raise Refused(
            mark("The rule «{rule}» has no day to come, so the campaign would never begin."),
            rule=plan.when.repeat,
        )
    return due
