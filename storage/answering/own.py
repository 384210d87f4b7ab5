"""What somebody of the staff sees of questionnaires: their own, and how far a team's came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.answering.stages import counted
from storage.asking import definitions
from storage.engine.reading import Reader
from storage.people.circles import Circle, within
from storage.tables.people import people
from storage.tables.surveys import ASKED_BY_US
from storage.tables.surveys import invitations as table
from surveys.counts.stages import STAGES, Stages
from surveys.survey.definition import Survey

_LATEST = 20


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One that a manager was sent; `is_open`: it can be answered, as long as it has not closed."""

    survey: Survey
    is_open: bool
    finished_at: datetime | None
    closes_at: datetime


async def questionnaires(reader: Reader, person_id: int) -> Sequence[Questionnaire]:
    """Return the latest questionnaires that somebody was sent, the latest first."""
    columns = (
        table.c.definition_id,
        table.c.state,
        table.c.finished_at,
        table.c.closed_at,
        table.c.closes_at,
    )
    mine = select(*columns).where(table.c.person_id == person_id)
    rows = await reader.all(mine.order_by(table.c.id.desc()).limit(_LATEST))
    return [
        Questionnaire(
            survey=(await definitions.get(reader, row["definition_id"])).survey,
            is_open=row["closed_at"] is None
            and row["finished_at"] is None
            and row["state"] != "queued",
            finished_at=row["finished_at"],
            closes_at=row["closes_at"],
        )
        for row in rows
    ]


async def funnel(reader: Reader, circle: Circle, since: datetime) -> Stages[int]:
    """Count how far these customers' invitations came, of those made since then."""
    asked = (table.c.created_at >= since) & ASKED_BY_US
    found = (
        select(*counted())
        .select_from(table.join(people, people.c.id == table.c.person_id))
        .where(asked, within(circle))
    )
    row = await reader.first(found)
    return Stages(**{stage: 0 if row is None else row[stage] for stage in STAGES})
