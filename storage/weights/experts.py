"""Experts and their judgements as rows; who stopped halfway goes on where they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.people import people
from storage.tables.weights import experts as table
from storage.tables.weights import judgements

JudgedPair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """Somebody who was asked to compare the criteria of a questionnaire."""

    id: int
    questionnaire: str
    person_id: int
    invited_by: int | None
    begun_at: datetime | None
    finished_at: datetime | None
    is_kept: bool
    name: str


_COLUMNS = [table.c[name] for name in ExpertRow.__dataclass_fields__ if name != "name"]
_HERE = table.c.withdrawn_at.is_(None)


async def invite(
    tx: Transaction, questionnaire: str, person_id: int, by: int | None, now: datetime
) -> ExpertRow:
    """Ask somebody; who was asked before and withdrawn is asked again, with earlier judgements."""
    again = {"invited_by": by, "invited_at": now, "withdrawn_at": None}
    statement = tx.insert(table).values(questionnaire=questionnaire, person_id=person_id, **again)
    number: int = await tx.scalar(
        statement.on_conflict_do_update(
            index_elements=["questionnaire", "person_id"], set_=again
        ).returning(table.c.id)
    )
    await tx.run(update(people).where(people.c.id == person_id).values(is_expert=True))
    found = await by_id(tx, number)
    if found is None:
        raise LookupError(number)
    return found


async def withdraw(tx: Transaction, expert: ExpertRow, now: datetime) -> None:
    """Ask somebody no more: their judgements stay and do not count."""
    await tx.run(update(table).where(table.c.id == expert.id).values(withdrawn_at=now))
    others = select(table.c.id).where(table.c.person_id == expert.person_id, _HERE)
    if await tx.first(others) is None:
        these = people.c.id == expert.person_id
        await tx.run(update(people).where(these).values(is_expert=False))


async def by_id(reader: Reader, expert_id: int) -> ExpertRow | None:
    """Return an expert who is still asked."""
    found = await _many(reader, table.c.id == expert_id)
    return found[0] if found else None


async def of_questionnaire(reader: Reader, questionnaire: str) -> Sequence[ExpertRow]:
    """Return who is asked, in the order of the invitations."""
    return await _many(reader, table.c.questionnaire == questionnaire)


async def of_person(reader: Reader, person_id: int) -> Sequence[ExpertRow]:
    """Return what somebody is asked to compare."""
    return await _many(reader, table.c.person_id == person_id)


async def note(
    tx: Transaction,
    expert_id: int,
    *,
    begun_at: datetime | None = None,
    finished_at: datetime | None = None,
    is_kept: bool | None = None,
) -> None:
    """Note that an expert began, finished, or counts in spite of contradictions."""
    values = {"begun_at": begun_at, "finished_at": finished_at, "is_kept": is_kept}
    given = {key: value for key, value in values.items() if value is not None}
    await tx.run(update(table).where(table.c.id == expert_id).values(given))


async def judge(
    tx: Transaction, expert_id: int, pair: JudgedPair, value: int | None, now: datetime
) -> None:
    """Keep a judgement in place of the earlier one; None takes it back."""
    of_pair = (judgements.c.first == pair[0]) & (judgements.c.second == pair[1])
    if value is None:
        await tx.run(delete(judgements).where(judgements.c.expert_id == expert_id, of_pair))
        return
    said = {"value": value, "judged_at": now}
    statement = tx.insert(judgements).values(
        expert_id=expert_id, first=pair[0], second=pair[1], **said
    )
    once = statement.on_conflict_do_update(
        index_elements=["expert_id", "first", "second"], set_=said
    )
    await tx.run(once)


async def judged(reader: Reader, expert_id: int) -> Mapping[JudgedPair, int]:
    """Return an expert's judgements."""
    rows = await reader.all(
        select(judgements.c.first, judgements.c.second, judgements.c.value).where(
            judgements.c.expert_id == expert_id
        )
    )
    return {(row["first"], row["second"]): row["value"] for row in rows}


async def _many(reader: Reader, which: ColumnElement[bool]) -> Sequence[ExpertRow]:
    joined = table.join(people, people.c.id == table.c.person_id)
    rows = await reader.all(
        select(*_COLUMNS, people.c.name)
        .select_from(joined)
        .where(which, _HERE, people.c.left_at.is_(None))
        .order_by(table.c.id)
    )
    return [ExpertRow(**row) for row in rows]
