"""Campaigns: who would be asked and why not, the launch, and how far it came."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused
from bot.operations.compose import queue_invitation, view_for
from storage import campaigns, definitions, invitations, people, waves, workspace
from storage.campaigns import CampaignDraft, Prospect
from storage.database import Database, Reader, Transaction
from storage.definitions import StoredDefinition
from storage.workspace import Workspace
from surveys.definition import Survey
from surveys.eligibility import Reason, Rules, decide

TOUCHPOINT = "invitation"
"""The touchpoint of a campaign's invitations."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a launch would do now: whom it invites, and everybody else by reason."""

    definition: StoredDefinition
    segment: str | None
    invited: tuple[Prospect, ...]
    refused: Mapping[int, Reason]

    @property
    def reasons(self) -> dict[Reason, int]:
        """Return how many people are not asked, by reason, the most frequent first."""
        return dict(Counter(self.refused.values()).most_common())


@dataclass(frozen=True, slots=True)
class Launched:
    """A campaign under way."""

    campaign_id: int
    wave_id: int
    preview: Preview


def rules_for(survey: Survey, space: Workspace) -> Rules:
    """Return the clocks that hold for a survey."""
    return Rules(survey.audience, space.global_period_days, survey.period_days)


def judge(member: Prospect, rules: Rules, segment: str | None, now: datetime) -> Reason | None:
    """Return why a person is not asked, or None."""
    reason = decide(member.candidate, rules, now)
    outside = segment is not None and member.segment != segment
    if outside and reason not in {Reason.LEFT, Reason.OUTSIDE_AUDIENCE}:
        return Reason.OUTSIDE_AUDIENCE
    return reason


async def preview(reader: Reader, survey_key: str, segment: str | None, now: datetime) -> Preview:
    """Return what a launch would do now."""
    definition = await definitions.latest(reader, survey_key)
    if definition is None:
        known = ", ".join(sorted(item.key for item in await definitions.all_latest(reader)))
        message = f"There is no survey «{survey_key}». Known: {known}."
        raise Refused(message)
    rules = rules_for(definition.survey, await workspace.get(reader))
    invited, refused = [], {}
    for member in await campaigns.candidates(reader, definition.survey):
        reason = judge(member, rules, segment, now)
        if reason is None:
            invited.append(member)
        else:
            refused[member.candidate.person_id] = reason
    return Preview(definition, segment, tuple(invited), refused)


async def launch(
    tx: Transaction, survey_key: str, segment: str | None, created_by: int | None, now: datetime
) -> Launched:
    """Invite everybody who may be asked now, and note the reason for everybody else."""
    plan = await preview(tx, survey_key, segment, now)
    survey = plan.definition.survey
    if not plan.invited:
        message = "Nobody may be asked now, so nothing was started."
        raise Refused(message)
    draft = CampaignDraft(
        definition_id=plan.definition.id,
        name=survey.title.ru,
        segment=segment,
        remind_after_days=survey.remind_after_days,
        closes_after_days=survey.closes_after_days,
    )
    campaign = await campaigns.create(tx, draft, created_by, now)
    closes_at = now + timedelta(days=survey.closes_after_days)
    wave = await campaigns.start_wave(tx, campaign.id, "", now, closes_at)
    decisions: list[tuple[int, Reason | None]] = list(plan.refused.items())
    space = await workspace.get(tx)
    for member in plan.invited:
        await invite(
            tx, wave.id, member.candidate.person_id, plan.definition, space, now, closes_at
        )
        decisions.append((member.candidate.person_id, None))
    await campaigns.record_decisions(tx, wave.id, decisions, now)
    return Launched(campaign.id, wave.id, plan)


async def invite(
    tx: Transaction,
    wave_id: int,
    person_id: int,
    definition: StoredDefinition,
    space: Workspace,
    now: datetime,
    closes_at: datetime,
) -> None:
    """Create one invitation and put its first question into the outbox."""
    survey = definition.survey
    remind_at = (
        None if survey.remind_after_days is None else now + timedelta(days=survey.remind_after_days)
    )
    invitation = await invitations.create(
        tx,
        wave_id=wave_id,
        person_id=person_id,
        definition_id=definition.id,
        touchpoint=TOUCHPOINT,
        now=now,
        closes_at=closes_at,
        remind_at=remind_at,
    )
    person = await people.by_id(tx, person_id)
    if person is None:
        return
    view = await view_for(tx, invitation, person, survey, space)
    await queue_invitation(tx, invitation, view, space, now)


def summary(plan: Preview) -> dict[str, Any]:
    """Return a preview as JSON."""
    return {
        "survey": plan.definition.key,
        "version": plan.definition.version,
        "segment": plan.segment,
        "invited": len(plan.invited),
        "not_invited": len(plan.refused),
        "reasons": {reason.value: count for reason, count in plan.reasons.items()},
    }


async def preview_campaign(
    database: Database, now: datetime, /, survey: str, segment: str | None = None
) -> dict[str, Any]:
    """Operation: the count before the launch."""
    async with database.reading() as reader:
        return summary(await preview(reader, survey, segment, now))


async def start_campaign(
    database: Database, now: datetime, /, survey: str, segment: str | None = None
) -> dict[str, Any]:
    """Operation: the launch."""
    async with database.transaction() as tx:
        launched = await launch(tx, survey, segment, None, now)
    return {
        "campaign": launched.campaign_id,
        "wave": launched.wave_id,
        **summary(launched.preview),
    }


async def list_campaigns(database: Database, now: datetime, /) -> dict[str, Any]:
    """Operation: every campaign with its funnel."""
    del now
    async with database.reading() as reader:
        rows = [
            {
                "campaign": wave.campaign_id,
                "wave": wave.id,
                "survey": wave.survey_key,
                "started_at": wave.started_at.isoformat(),
                "closes_at": wave.closes_at.isoformat(),
                "progress": (await waves.funnel(reader, wave.id)).as_dict(),
            }
            for wave in await waves.latest(reader)
        ]
    return {"campaigns": rows}
