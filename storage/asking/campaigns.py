"""Campaigns and their waves: what runs, and when it next does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, Select, bindparam, func, select, update

from storage.answering.invitations import BY_LINK
from storage.engine.reading import Reader, Transaction
from storage.errors import NotFound
from storage.sending import outbox
from storage.tables.surveys import campaigns as table
from storage.tables.surveys import decisions, definitions, invitations, waves
from surveys.messages import Message

if TYPE_CHECKING:  # `doctor` asks for campaigns, of which there may be none: a plan loads surveys
    from surveys.campaign.plan import Plan

CampaignState = Literal["running", "paused", "cancelled"]
WaveStage = Literal["deciding", "inviting", "ready"]
"""What is being done with a wave: deciding whom to ask, making invitations, nothing more."""


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What a campaign asks (`definition_id`), of whom and when (`plan`), and for how long."""

    definition_id: int
    name: str
    closes_after_days: int
    remind_after_days: int | None = None
    plan: "Plan | None" = None
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """A survey version for an audience; `next_due_at`: when a recurring one fires next."""

    id: int
    definition_id: int
    name: str
    plan: "Plan"
    event: str | None
    next_due_at: datetime | None
    remind_after_days: int | None
    closes_after_days: int
    state: CampaignState
    created_by: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Wave:
    """One firing of a campaign; `stage`: how far its preparation is."""

    id: int
    campaign_id: int
    label: str
    started_at: datetime
    closes_at: datetime
    stage: WaveStage = "ready"


@dataclass(frozen=True, slots=True)
class WaveProgress:
    """How a wave goes: invitations by state, people not asked by reason."""

    invited: int
    states: Mapping[str, int]
    not_asked: Mapping[str, int]


async def create(
    tx: Transaction, draft: CampaignDraft, created_by: int | None, now: datetime
) -> Campaign:
    """Make a campaign; it runs, but asks nobody before its first wave."""
    from surveys.campaign.plan import plan_to_json  # noqa: PLC0415 (see above)

    statement = tx.insert(table).values(
        definition_id=draft.definition_id,
        name=draft.name,
        plan="{}" if draft.plan is None else plan_to_json(draft.plan),
        event=None if draft.plan is None else draft.plan.when.event,
        next_due_at=draft.next_due_at,
        remind_after_days=draft.remind_after_days,
        closes_after_days=draft.closes_after_days,
        state="running",
        created_by=created_by,
        created_at=now,
    )
    return await get(tx, await tx.scalar(statement.returning(table.c.id)))


async def get(reader: Reader, campaign_id: int) -> Campaign:
    """Return a campaign; raises NotFound."""
    row = await reader.first(select(table).where(table.c.id == campaign_id))
    if row is None:
        raise _unknown(campaign_id)
    return _campaign(dict(row))


_STATE = select(table.c.state).where(table.c.id == bindparam("campaign"))


async def state_of(reader: Reader, campaign_id: int) -> CampaignState:
    """Return a campaign's state, all of it that each step of a wave looks at; raises NotFound."""
    state: CampaignState | None = await reader.scalar(_STATE, {"campaign": campaign_id})
    if state is None:
        raise _unknown(campaign_id)
    return state


def _unknown(campaign_id: int) -> NotFound:
    return NotFound(what=Message("campaign"), key=str(campaign_id))


def _campaign(row: Mapping[str, Any]) -> Campaign:
    from surveys.campaign.plan import Plan, plan_from_json  # noqa: PLC0415 (see above)

    # Campaigns of the first versions have no plan: they ask everybody once.
    plan = Plan(survey="unplanned") if row["plan"] == "{}" else plan_from_json(row["plan"])
    return Campaign(**(dict(row) | {"plan": plan}))


async def list_all(reader: Reader, limit: int = 50, skip: int = 0) -> Sequence[Campaign]:
    """Return the campaigns, the latest first, without those of imported answers."""
    rows = await reader.all(_newest(limit).offset(skip))
    return [_campaign(dict(row)) for row in rows]


async def of_customers(reader: Reader, limit: int = 50) -> Sequence[Campaign]:
    """Return the campaigns that a digest can be about, the latest first: named, of customers."""
    counted = (definitions.c.audience == "customers") & definitions.c.anonymous.is_(other=False)
    asks = table.c.definition_id.in_(select(definitions.c.id).where(counted))
    return [_campaign(dict(row)) for row in await reader.all(_newest(limit).where(asks))]


def _newest(limit: int) -> Select[Any]:
    imported = (
        select(invitations.c.id)
        .join(waves, waves.c.id == invitations.c.wave_id)
        .where(waves.c.campaign_id == table.c.id, invitations.c.import_key.is_not(None))
    )
    return select(table).where(~imported.exists()).order_by(table.c.id.desc()).limit(limit)


async def start_wave(
    tx: Transaction,
    campaign_id: int,
    label: str,
    now: datetime,
    closes_at: datetime,
    *,
    stage: WaveStage = "ready",
) -> Wave:
    """Begin a wave; its label is unique within the campaign (ConstraintViolated)."""
    statement = tx.insert(waves).values(
        campaign_id=campaign_id, label=label, started_at=now, closes_at=closes_at, stage=stage
    )
    return await get_wave(tx, await tx.scalar(statement.returning(waves.c.id)))


async def get_wave(reader: Reader, wave_id: int) -> Wave:
    """Return a wave; raises NotFound."""
    row = await reader.first(select(waves).where(waves.c.id == wave_id))
    if row is None:
        raise NotFound(what=Message("wave"), key=str(wave_id))
    return Wave(**row)


async def waves_of(reader: Reader, campaign_id: int) -> Sequence[Wave]:
    """Return a campaign's waves, the latest first."""
    mine = select(waves).where(waves.c.campaign_id == campaign_id).order_by(waves.c.id.desc())
    return [Wave(**row) for row in await reader.all(mine)]


async def progress(reader: Reader, wave_id: int) -> WaveProgress:
    """Count a wave's invitations by state and the people not asked by reason."""
    states = await counts_of(reader, invitations.c.state, invitations.c.wave_id == wave_id)
    of_wave = (decisions.c.wave_id == wave_id) & decisions.c.reason.is_not(None)
    not_asked = await counts_of(reader, decisions.c.reason, of_wave)
    return WaveProgress(sum(states.values()), states, not_asked)


async def pause(tx: Transaction, campaign_id: int) -> None:
    """Hold what is not yet sent, and remind nobody."""
    await _change_state(tx, campaign_id, "paused")
    await outbox.hold(tx, invited(campaign_id))


async def resume(tx: Transaction, campaign_id: int) -> None:
    """Go on after a pause; what came due during it is due now: see `campaign_queue`."""
    await _change_state(tx, campaign_id, "running")
    await outbox.release(tx, invited(campaign_id))


async def cancel(tx: Transaction, campaign_id: int, now: datetime) -> int:
    """Send nothing more; return how many invitations were not sent. Open surveys stay open."""
    await _change_state(tx, campaign_id, "cancelled")
    await outbox.cancel(tx, invited(campaign_id), now)
    await tx.run(update(table).where(table.c.id == campaign_id).values(next_due_at=None))
    unsent = (invitations.c.state == "queued") & invitations.c.id.in_(invited(campaign_id))
    return await tx.run(
        update(invitations)
        .where(unsent)
        .values(state="cancelled", current_question=None, closed_at=now)
    )


async def invited_since(reader: Reader, campaign_id: int, since: datetime) -> int:
    """Count the invitations that a campaign has made since then, except those by a link."""
    written_to = (invitations.c.touchpoint != BY_LINK) & (invitations.c.created_at >= since)
    not_taken_back = invitations.c.state != "cancelled"
    counted = select(func.count()).select_from(invitations)
    mine = invitations.c.id.in_(invited(campaign_id))
    count: int = await reader.scalar(counted.where(mine, written_to, not_taken_back))
    return count


async def due(reader: Reader, now: datetime) -> Sequence[Campaign]:
    """Return the campaigns whose slot has come, paused ones included."""
    slot = (table.c.next_due_at <= now) & (table.c.state != "cancelled")
    rows = await reader.all(select(table).where(slot).order_by(table.c.next_due_at, table.c.id))
    return [_campaign(dict(row)) for row in rows]


async def planned_after(reader: Reader, moment: datetime) -> Sequence[Campaign]:
    """Return the campaigns whose next slot is later, paused ones included."""
    later = (table.c.next_due_at > moment) & (table.c.state != "cancelled")
    rows = await reader.all(select(table).where(later).order_by(table.c.id))
    return [_campaign(dict(row)) for row in rows]


async def advance(
    tx: Transaction, campaign_id: int, seen: datetime, following: datetime | None
) -> bool:
    """Claim a slot by moving on to the next one; False: somebody else has claimed it."""
    as_seen = (table.c.id == campaign_id) & (table.c.next_due_at == seen)
    return bool(await tx.run(update(table).where(as_seen).values(next_due_at=following)))


async def by_event(reader: Reader, event: str) -> Sequence[Campaign]:
    """Return the campaigns that follow an event, paused ones included."""
    which = (table.c.event == event) & (table.c.state != "cancelled")
    rows = await reader.all(select(table).where(which).order_by(table.c.id))
    return [_campaign(dict(row)) for row in rows]


FIRST_DUE = select(func.min(table.c.next_due_at)).where(table.c.state != "cancelled")


async def _change_state(tx: Transaction, campaign_id: int, state: CampaignState) -> None:
    await tx.run(update(table).where(table.c.id == campaign_id).values(state=state))


def invited(campaign_id: int) -> Select[Any]:
    """Return the query of a campaign's invitations."""
    return (
        select(invitations.c.id)
        .join(waves, waves.c.id == invitations.c.wave_id)
        .where(waves.c.campaign_id == campaign_id)
    )


async def counts_of(
    reader: Reader, group: ColumnElement[Any], which: ColumnElement[bool]
) -> dict[str, int]:
    """Count the rows for which a condition holds, by a column."""
    rows = await reader.all(
        select(group.label("group"), func.count().label("count"))
        .where(which)
        .group_by(group)
        .order_by(group)
    )
    return {row["group"]: row["count"] for row in rows}
