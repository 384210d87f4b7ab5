"""Which customers are asked whether their case was put right, and what they say."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, or_, select, update

from storage.cases.cases import Case, get, record
from storage.engine.reading import Reader, Transaction
from storage.engine.statements import brief
from storage.tables.cases import cases as table
from surveys.cases import Recovered

_PERSON = bindparam("person", type_=table.c.person_id.type)
_INVITATION = bindparam("invitation", type_=table.c.id.type)
_DUE = brief(
    select(table.c.id)
    .where(
        table.c.person_id == _PERSON,
        or_(
            (table.c.state == "resolved") & table.c.asked_id.is_(None),
            table.c.asked_id == _INVITATION,
        ),
        table.c.invitation_id.is_distinct_from(_INVITATION),
    )
    .order_by(table.c.asked_id.is_(None), table.c.resolved_at.desc(), table.c.id.desc())
    .limit(1)
)


async def due(reader: Reader, person_id: int, invitation_id: int) -> Case | None:
    """Return the resolved case that a customer's survey asks about, each case in one survey."""
    asked = {"person": person_id, "invitation": invitation_id}
    number: int | None = await reader.scalar(_DUE, asked)
    return None if number is None else await get(reader, number)


async def put(tx: Transaction, case_id: int, invitation_id: int, now: datetime) -> None:
    """Note that the question is before the customer, in this survey."""
    free = (table.c.id == case_id) & table.c.asked_id.is_(None)
    values = {"asked_id": invitation_id, "asked_at": now}
    await tx.run(update(table).where(free).values(values))


async def answered(tx: Transaction, case: Case, said: Recovered | None, now: datetime) -> bool:
    """Keep an answer, in place of an earlier one; None takes it back. False: it was the same."""
    which: ColumnElement[bool] = table.c.id == case.id
    changed = which & table.c.recovered.is_distinct_from(said)
    if not await tx.run(update(table).where(changed).values(recovered=said)):
        return False
    await record(tx, case.id, "recovered", None, now, said)
    return True
