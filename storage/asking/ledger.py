"""The ledger: every decision of a wave about a person, and what became of those who were asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, and_, func, select

from storage.engine.constant import Constant
from storage.engine.reading import Reader, Transaction, insert_into
from storage.tables.surveys import campaigns, decisions, definitions, invitations, waves


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of the ledger; `reason` None: the person was asked, to be written to at `due_at`.

    `state`, `touchpoint`: those of the invitation, which may have come later by a link.
    """

    wave_id: int
    label: str
    campaign_id: int
    campaign: str
    campaign_state: str
    survey_key: str
    reason: str | None
    due_at: datetime | None
    decided_at: datetime
    state: str | None
    touchpoint: str | None
    sent_at: datetime | None
    finished_at: datetime | None


class Line(NamedTuple):
    """What a wave decided about a person: a reason, or when to write (None: at once).

    `place`: in the queue of those who are still to be invited.
    """

    person_id: int
    reason: str | None = None
    due_at: datetime | None = None
    place: int | None = None


async def record(tx: Transaction, wave_id: int, lines: Iterable[Line], now: datetime) -> None:
    """Keep who was asked (reason None) and who was not; a later decision replaces an earlier.

    No two lines are about one person.
    """
    rows = list(lines)
    if rows:
        columns: dict[str, Sequence[Any]] = dict(
            zip(Line._fields, zip(*rows, strict=True), strict=True),
            wave_id=Constant(wave_id, len(rows)),
            decided_at=Constant(now, len(rows)),
        )
        await tx.many(_recorded(tx.dialect), columns)


@cache
def _recorded(dialect: str) -> Executable:
    made = insert_into(decisions, dialect)
    later = {name: made.excluded[name] for name in ("reason", "due_at", "decided_at", "place")}
    return made.on_conflict_do_update(index_elements=["wave_id", "person_id"], set_=later)


async def of_person(reader: Reader, person_id: int, limit: int = 50) -> Sequence[Decision]:
    """Return the ledger of a person, the latest decision first."""
    mine = _lines().where(decisions.c.person_id == person_id).limit(limit)
    return [Decision(**row) for row in await reader.all(mine)]


def _lines() -> Select[tuple[object, ...]]:
    invited = and_(
        invitations.c.wave_id == decisions.c.wave_id,
        invitations.c.person_id == decisions.c.person_id,
    )
    return (
        select(
            decisions.c.wave_id,
            waves.c.label,
            campaigns.c.id.label("campaign_id"),
            campaigns.c.name.label("campaign"),
            campaigns.c.state.label("campaign_state"),
            definitions.c.key.label("survey_key"),
            decisions.c.reason,
            decisions.c.due_at,
            decisions.c.decided_at,
            invitations.c.state,
            invitations.c.touchpoint,
            invitations.c.sent_at,
            invitations.c.finished_at,
        )
        .join(waves, waves.c.id == decisions.c.wave_id)
        .join(campaigns, campaigns.c.id == waves.c.campaign_id)
        .join(definitions, definitions.c.id == campaigns.c.definition_id)
        .outerjoin(invitations, invited)
        .order_by(decisions.c.decided_at.desc(), decisions.c.wave_id.desc())
    )


async def with_reason(
    reader: Reader,
    wave_id: int,
    reasons: Iterable[str],
    after: int = 0,
    limit: int | None = None,
) -> Sequence[int]:
    """Return who was not asked in a wave for one of these reasons, by number above `after`."""
    which = (decisions.c.wave_id == wave_id) & decisions.c.reason.in_(list(reasons))
    found = select(decisions.c.person_id).where(which, decisions.c.person_id > after)
    return list(await reader.scalars(found.order_by(decisions.c.person_id).limit(limit)))


async def count_of_person(reader: Reader, person_id: int) -> int:
    """Count the decisions about a person."""
    mine = select(func.count()).where(decisions.c.person_id == person_id)
    number: int = await reader.scalar(mine)
    return number
