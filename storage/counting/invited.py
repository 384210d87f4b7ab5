"""A period's invitations by how far they came: the digest's funnel, and whom it reached by segment.

They are read once, in groups that both are made of; of complete periods the groups are kept.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, exists, func, select

from storage.answering.invitations import BY_OPEN_LINK
from storage.answering.stages import FURTHEST
from storage.counting.scores import EVERYBODY, Which
from storage.engine.reading import Reader
from storage.tables.surveys import (
    ASKED_BY_US,
    campaigns,
    decisions,
    definitions,
    invitations,
    question_measures,
    questions,
    waves,
)
from surveys.counts.figures import Funnel
from surveys.counts.measures import NPS
from surveys.counts.stages import STAGES
from surveys.periods import Period

_FATES = ("expired", "unreachable", "unknown")


class _Alike(NamedTuple):
    """Customers' invitations that came equally far in one survey and segment."""

    definition_id: int
    segment: str | None
    by_open_link: int
    state: str
    stage: int
    number: int


@dataclass(frozen=True, slots=True)
class Invited:
    """The invitations of a period as a digest tells of them.

    `delivered`: by segment, the personal ones that arrived and ask for the NPS.
    """

    funnel: Funnel
    delivered: dict[str, int]


async def counted(reader: Reader, start: datetime, end: datetime, only: Which) -> list[Any]:
    """Count customers' invitations made by us, by survey, segment and how far they came."""
    table = invitations.c
    each = (
        select(
            table.definition_id,
            table.segment,
            case((table.touchpoint == BY_OPEN_LINK, 1), else_=0).label("by_open_link"),
            table.state,
            FURTHEST.label("stage"),
        )
        .join(definitions, definitions.c.id == table.definition_id)
        .where(
            definitions.c.audience == "customers",
            table.created_at >= start,
            table.created_at < end,
            ASKED_BY_US,
            only,
        )
        .subquery("each")
    )
    rows = await reader.tuples(select(*each.c, func.count()).group_by(*each.c))
    return [list(row) for row in rows]


async def invited(reader: Reader, groups: Sequence[Sequence[Any]], only: Which) -> Invited:
    """Tell the same as a funnel and by segment.

    A part of the company has no invitations to anonymous surveys: among a few, how many finished
    one would tell who is in its next batch.
    """
    alike = [_Alike(*group) for group in groups]
    named = set(await reader.scalars(_NAMED))
    about_nps = set(await reader.scalars(_ABOUT_NPS))
    told = [one for one in alike if only is EVERYBODY or one.definition_id in named]
    reached = Counter[str]()
    for one in alike:
        personal = one.definition_id in about_nps and not one.by_open_link
        if personal and one.stage >= _DELIVERED:
            reached[one.segment or ""] += one.number
    return Invited(_funnel(told), dict(reached))


def _funnel(told: Iterable[_Alike]) -> Funnel:
    stages, fates = Counter[str](), Counter[str]()
    for one in told:
        if one.state == "cancelled":
            continue
        for stage in STAGES[: one.stage + 1]:
            stages[stage] += one.number
        fates[one.state] += one.number
    invited, delivered, opened, started, finished = [stages[stage] for stage in STAGES]
    expired, unreachable, unknown = [fates[fate] for fate in _FATES]
    return Funnel(invited, delivered, opened, started, finished, expired, unreachable, unknown)


_DELIVERED = STAGES.index("delivered")
_NAMED = select(definitions.c.id).where(definitions.c.anonymous.is_(other=False))
_ABOUT_NPS = (
    select(definitions.c.id)
    .join(questions, questions.c.definition_id == definitions.c.id)
    .join(question_measures, question_measures.c.question_id == questions.c.id)
    .where(definitions.c.kind == "relationship", question_measures.c.measure == NPS)
)


async def not_invited(reader: Reader, period: Period) -> dict[str, int]:
    """Count by reason; who got a personal link after all is among the invited."""
    after_all = exists().where(
        invitations.c.wave_id == decisions.c.wave_id,
        invitations.c.person_id == decisions.c.person_id,
        invitations.c.state != "cancelled",
    )
    rows = await reader.all(
        select(decisions.c.reason, func.count().label("count"))
        .join(waves, waves.c.id == decisions.c.wave_id)
        .join(campaigns, campaigns.c.id == waves.c.campaign_id)
        .join(definitions, definitions.c.id == campaigns.c.definition_id)
        .where(
            definitions.c.audience == "customers",
            waves.c.started_at >= period.start,
            waves.c.started_at < period.end,
            decisions.c.reason.is_not(None),
            ~after_all,
        )
        .group_by(decisions.c.reason)
        .order_by(decisions.c.reason)
    )
    return {row["reason"]: row["count"] for row in rows}
