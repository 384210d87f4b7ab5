"""Campaigns and their waves: who may be asked, who was, and why somebody was not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, exists, func, literal, select, update

from storage import outbox
from storage.errors import NotFound
from storage.invitations import UNFINISHED
from storage.reading import Reader, Transaction
from storage.tables.people import people
from storage.tables.surveys import campaigns as table
from storage.tables.surveys import decisions, definitions, invitations, waves
from surveys.definition import Survey
from surveys.eligibility import Candidate

State = Literal["running", "paused", "cancelled"]


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What a campaign asks (`definition_id`), of whom (None: everybody), and for how long."""

    definition_id: int
    name: str
    closes_after_days: int
    remind_after_days: int | None = None
    segment: str | None = None
    manager_id: int | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """A survey version for an audience."""

    id: int
    definition_id: int
    name: str
    segment: str | None
    manager_id: int | None
    remind_after_days: int | None
    closes_after_days: int
    state: State
    created_by: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Wave:
    """One firing of a campaign."""

    id: int
    campaign_id: int
    label: str
    started_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Prospect:
    """Somebody in the audience: what decides, and what would be snapshot."""

    candidate: Candidate
    name: str
    telegram_id: int | None
    manager_id: int | None
    team: str | None
    segment: str | None
    account_id: int | None


@dataclass(frozen=True, slots=True)
class WaveProgress:
    """How a wave goes: invitations by state, people not asked by reason."""

    invited: int
    states: Mapping[str, int]
    not_asked: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of the ledger; `reason` None: the person was asked."""

    wave_id: int
    label: str
    campaign: str
    reason: str | None
    decided_at: datetime


async def create(
    tx: Transaction, draft: CampaignDraft, created_by: int | None, now: datetime
) -> Campaign:
    """Make a campaign; it runs, but asks nobody before its first wave."""
    statement = tx.insert(table).values(
        definition_id=draft.definition_id,
        name=draft.name,
        segment=draft.segment,
        manager_id=draft.manager_id,
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
        raise NotFound(what="campaign", key=str(campaign_id))
    return Campaign(**row)


async def list_all(reader: Reader, limit: int = 50) -> Sequence[Campaign]:
    """Return the campaigns, the latest first."""
    rows = await reader.all(select(table).order_by(table.c.id.desc()).limit(limit))
    return [Campaign(**row) for row in rows]


async def start_wave(
    tx: Transaction, campaign_id: int, label: str, now: datetime, closes_at: datetime
) -> Wave:
    """Begin a wave; its label is unique within the campaign (ConstraintViolated)."""
    statement = tx.insert(waves).values(
        campaign_id=campaign_id, label=label, started_at=now, closes_at=closes_at
    )
    return await get_wave(tx, await tx.scalar(statement.returning(waves.c.id)))


async def get_wave(reader: Reader, wave_id: int) -> Wave:
    """Return a wave; raises NotFound."""
    row = await reader.first(select(waves).where(waves.c.id == wave_id))
    if row is None:
        raise NotFound(what="wave", key=str(wave_id))
    return Wave(**row)


async def waves_of(reader: Reader, campaign_id: int) -> Sequence[Wave]:
    """Return a campaign's waves, the latest first."""
    mine = select(waves).where(waves.c.campaign_id == campaign_id).order_by(waves.c.id.desc())
    return [Wave(**row) for row in await reader.all(mine)]


async def candidates(
    reader: Reader,
    survey: Survey,
    *,
    segment: str | None = None,
    manager_id: int | None = None,
    wave_id: int | None = None,
    person_id: int | None = None,
) -> Sequence[Prospect]:
    """Return everybody of the survey's audience and of the filters, with what decides.

    Who left is included, with that reason; who is known from imported answers alone is not.
    Invitations that never arrived do not count as asked.
    """
    wanted = {"segment": segment, "manager_id": manager_id, "id": person_id}
    filters = [people.c[name] == value for name, value in wanted.items() if value is not None]
    role = people.c.is_customer if survey.audience == "customers" else people.c.is_manager
    here = people.c.is_past.is_(other=False)
    found = (
        _candidates(survey, wave_id)
        .where(role, here, *filters)
        .order_by(people.c.name, people.c.id)
    )
    return [_prospect(dict(row)) for row in await reader.all(found)]


def _candidates(survey: Survey, wave_id: int | None) -> Select[Any]:
    asked = invitations.c.state.not_in(("unreachable", "cancelled"))
    same_survey = definitions.c.key == survey.key
    moment = func.max(_asked_at())
    last = (
        select(
            invitations.c.person_id,
            moment.filter(asked).label("last_asked_at"),
            moment.filter(asked, same_survey).label("last_asked_this_survey_at"),
            func.count().filter(_is_open()).label("open_surveys"),
        )
        .join(definitions, definitions.c.id == invitations.c.definition_id)
        .group_by(invitations.c.person_id)
        .subquery()
    )
    in_wave = exists().where(
        invitations.c.person_id == people.c.id, invitations.c.wave_id == literal(wave_id)
    )
    return select(
        people.c.id.label("person_id"),
        people.c.telegram_id.is_not(None).label("has_telegram"),
        people.c.consented_at.is_not(None).label("consented"),
        people.c.unreachable_at.is_(None).label("reachable"),
        people.c.opted_out_at.is_not(None).label("opted_out"),
        (people.c.is_admin | people.c.is_manager).label("is_staff"),
        people.c.left_at.is_not(None).label("left"),
        last.c.last_asked_at,
        last.c.last_asked_this_survey_at,
        (func.coalesce(last.c.open_surveys, 0) > 0).label("has_open_survey"),
        in_wave.label("in_wave"),
        *(people.c[name] for name in ("name", "telegram_id", "manager_id", "team", "segment")),
        people.c.account_id,
    ).select_from(people.outerjoin(last, last.c.person_id == people.c.id))


def _asked_at() -> ColumnElement[datetime]:

    return func.coalesce(invitations.c.sent_at, invitations.c.created_at)


def _is_open() -> ColumnElement[bool]:
    return invitations.c.closed_at.is_(None) & invitations.c.state.in_(UNFINISHED)


def _prospect(row: dict[str, Any]) -> Prospect:
    of_person = {name: row.pop(name) for name in Prospect.__dataclass_fields__ if name in row}
    return Prospect(candidate=Candidate(**row), **of_person)


async def record_decisions(
    tx: Transaction, wave_id: int, found: Iterable[tuple[int, str | None]], now: datetime
) -> None:
    """Keep who was asked (reason None) and who was not; a later decision replaces an earlier."""
    rows = [
        {"wave_id": wave_id, "person_id": person_id, "reason": reason, "decided_at": now}
        for person_id, reason in found
    ]
    if not rows:
        return
    statement = tx.insert(decisions)
    later = {"reason": statement.excluded.reason, "decided_at": statement.excluded.decided_at}
    await tx.run(
        statement.on_conflict_do_update(index_elements=["wave_id", "person_id"], set_=later), rows
    )


async def progress(reader: Reader, wave_id: int) -> WaveProgress:
    """Count a wave's invitations by state and the people not asked by reason."""
    states = await _counts(reader, invitations.c.state, invitations.c.wave_id == wave_id)
    of_wave = (decisions.c.wave_id == wave_id) & decisions.c.reason.is_not(None)
    not_asked = await _counts(reader, decisions.c.reason, of_wave)
    return WaveProgress(sum(states.values()), states, not_asked)


async def not_asked(reader: Reader, person_id: int) -> Sequence[Decision]:
    """Return the ledger of a person, the latest decision first."""
    rows = await reader.all(
        select(
            decisions.c.wave_id,
            waves.c.label,
            table.c.name.label("campaign"),
            decisions.c.reason,
            decisions.c.decided_at,
        )
        .join(waves, waves.c.id == decisions.c.wave_id)
        .join(table, table.c.id == waves.c.campaign_id)
        .where(decisions.c.person_id == person_id)
        .order_by(decisions.c.decided_at.desc(), decisions.c.wave_id.desc())
    )
    return [Decision(**row) for row in rows]


async def pause(tx: Transaction, campaign_id: int) -> None:
    """Hold what is not yet sent, and remind nobody."""
    await _change_state(tx, campaign_id, "paused")
    await outbox.hold(tx, _invited(campaign_id))


async def resume(tx: Transaction, campaign_id: int) -> None:
    """Go on after a pause."""
    await _change_state(tx, campaign_id, "running")
    await outbox.release(tx, _invited(campaign_id))


async def cancel(tx: Transaction, campaign_id: int, now: datetime) -> int:
    """Send nothing more; return how many invitations were not sent. Open surveys stay open."""
    await _change_state(tx, campaign_id, "cancelled")
    await outbox.cancel(tx, _invited(campaign_id), now)
    unsent = (invitations.c.state == "queued") & invitations.c.id.in_(_invited(campaign_id))
    return await tx.run(update(invitations).where(unsent).values(state="cancelled", closed_at=now))


async def _change_state(tx: Transaction, campaign_id: int, state: State) -> None:
    await tx.run(update(table).where(table.c.id == campaign_id).values(state=state))


def _invited(campaign_id: int) -> Select[Any]:
    return (
        select(invitations.c.id)
        .join(waves, waves.c.id == invitations.c.wave_id)
        .where(waves.c.campaign_id == campaign_id)
    )


async def _counts(
    reader: Reader, group: ColumnElement[Any], which: ColumnElement[bool]
) -> dict[str, int]:
    rows = await reader.all(
        select(group.label("group"), func.count().label("count"))
        .where(which)
        .group_by(group)
        .order_by(group)
    )
    return {row["group"]: row["count"] for row in rows}
