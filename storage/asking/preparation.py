"""Waves that are being prepared: decided about in small steps, then invited in small steps.

A wave's `stage` is "deciding" until the ledger holds a decision about everybody, then "inviting"
until everybody who is to be asked has an invitation, then "ready". Everybody still to be invited
has a `place` in the ledger, which goes with the invitation: a crash costs no more than the step it
hits.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    select,
    update,
)

from storage.engine.listed import as_json, numbers
from storage.engine.reading import Reader, Transaction
from storage.engine.statements import brief, made_once
from storage.people.addresses import IS_WRITTEN_TO
from storage.tables.people import people
from storage.tables.privacy import consents
from storage.tables.surveys import campaigns, decisions, waves
from surveys.campaign.eligibility import TO_COME


class ToAsk(NamedTuple):
    """Somebody who is to be asked and has no invitation yet; `due_at` None: at once."""

    person_id: int
    due_at: datetime | None = None


_TO_ASK = decisions.c.place.is_not(None)


def _to_go_on(column: ColumnElement[Any]) -> Select[Any]:
    joined = waves.join(campaigns, campaigns.c.id == waves.c.campaign_id)
    unprepared = waves.c.stage.in_(("deciding", "inviting"))
    return select(column).select_from(joined).where(unprepared, campaigns.c.state != "paused")


FIRST_DUE = _to_go_on(func.min(waves.c.started_at))


async def unprepared(reader: Reader) -> Sequence[int]:
    """Return the waves to continue, the oldest first; those of paused campaigns wait."""
    return list(await reader.scalars(_to_go_on(waves.c.id).order_by(waves.c.id)))


async def advance(tx: Transaction, wave_id: int, following: str) -> None:
    """Move a wave on to its next stage."""
    await tx.run(update(waves).where(waves.c.id == wave_id).values(stage=following))


async def ask_who_agreed(tx: Transaction, wave_id: int, since: int) -> None:
    """Also ask those who agreed to be asked while the wave was being decided.

    `since` is what `consents.last_said` was before that. Who has thought better of it meanwhile is
    left out where invitations are written.
    """
    agreed = await tx.scalars(_AGREED, {"since": since})
    if agreed:
        given = {"wave": wave_id, "people": as_json(agreed)}
        await tx.run(_asked_after_all(tx.dialect), given)


_AGREED = brief(
    select(people.c.id)
    .join_from(consents, people, consents.c.person_id == people.c.id)
    .where(consents.c.id > bindparam("since"), consents.c.kind == "given", IS_WRITTEN_TO)
)


@cache
def _asked_after_all(dialect: str) -> Executable:
    could_come = decisions.c.reason.in_(sorted(TO_COME))
    these = could_come & decisions.c.person_id.in_(numbers("people", dialect))
    missed = (decisions.c.wave_id == bindparam("wave")) & these
    return made_once(update(decisions).where(missed).values(reason=None, place=0))


_NEXT = made_once(
    select(decisions.c.person_id, decisions.c.due_at)
    .where(decisions.c.wave_id == bindparam("wave"), _TO_ASK)
    .order_by(decisions.c.place, decisions.c.person_id)
    .limit(bindparam("most", type_=Integer))
)


async def next_to_ask(reader: Reader, wave_id: int, limit: int) -> Sequence[ToAsk]:
    """Return who is to be invited next, in the order of the lot."""
    rows = await reader.tuples(_NEXT, {"wave": wave_id, "most": limit})
    return list(map(ToAsk._make, rows))


async def asked(tx: Transaction, wave_id: int, people_ids: Collection[int]) -> None:
    """Note that nothing remains to be done about these people of a wave."""
    tx.later(_done(tx.dialect), {"wave": wave_id, "people": as_json(people_ids)})


@cache
def _done(dialect: str) -> Executable:
    of_wave = decisions.c.wave_id == bindparam("wave")
    these = of_wave & decisions.c.person_id.in_(numbers("people", dialect))
    return made_once(update(decisions).where(these).values(place=None))


async def count_of_wave(reader: Reader, wave_id: int) -> int:
    """Count who is still to be invited in a wave."""
    which = (decisions.c.wave_id == wave_id) & _TO_ASK
    number: int = await reader.scalar(select(func.count()).select_from(decisions).where(which))
    return number


async def count_of_campaign(reader: Reader, campaign_id: int) -> int:
    """Count who is still to be invited in a campaign."""
    mine = decisions.join(waves, waves.c.id == decisions.c.wave_id)
    which = (waves.c.campaign_id == campaign_id) & _TO_ASK
    number: int = await reader.scalar(select(func.count()).select_from(mine).where(which))
    return number


def awaits_invitation(
    person_id: ColumnElement[int], but_wave: ColumnElement[int]
) -> ColumnElement[bool]:
    """Tell whether a wave other than `but_wave` is about to invite a person."""
    elsewhere = decisions.c.wave_id != but_wave
    return exists().where(decisions.c.person_id == person_id, elsewhere, _TO_ASK)
