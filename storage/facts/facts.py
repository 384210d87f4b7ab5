"""Monthly facts: recorded with their history, read as they stand."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from sqlalchemy import RowMapping, func, select

from storage.engine.reading import Reader, Transaction
from storage.tables.facts import facts as table
from surveys.counts.facts import FACTS, FactKind, MonthFacts

FactSource = Literal["file", "chat"]


class Teller(NamedTuple):
    """Who told facts, how and when.

    `answers`: they are means of so many managers' answers in a time study, taken over.
    """

    source: FactSource
    now: datetime
    person_id: int | None = None
    answers: int | None = None


class Version(NamedTuple):
    """One value that a fact had: None where it was taken back."""

    value: Decimal | None
    currency: str
    recorded_at: datetime
    person_id: int | None
    source: FactSource
    answers: int | None


async def record(
    tx: Transaction, month: str, values: Mapping[str, Decimal | None], currency: str, told: Teller
) -> int:
    """Write the facts that differ from those that stand; return how many. None takes one back."""
    [known] = await of_months(tx, [month])
    changed = {key: value for key, value in values.items() if _differs(known, key, value, currency)}
    if changed:
        rows = [
            {
                "month": month,
                "fact": key,
                "value": value,
                "currency": currency if FACTS[key] is FactKind.MONEY else "",
                "source": told.source,
                "person_id": told.person_id,
                "recorded_at": told.now,
                "answers": told.answers,
            }
            for key, value in changed.items()
        ]
        await tx.run(tx.insert(table).values(rows))
    return len(changed)


def _differs(known: MonthFacts, key: str, value: Decimal | None, currency: str) -> bool:
    of_money = FACTS[key] is FactKind.MONEY and value is not None
    return known.values.get(key) != value or (of_money and known.currency != currency)


async def of_months(reader: Reader, months: Collection[str]) -> Sequence[MonthFacts]:
    """Return the facts of these months, in their order; unknown months are empty."""
    ids = (
        select(func.max(table.c.id))
        .where(table.c.month.in_(months))
        .group_by(table.c.month, table.c.fact)
    )
    rows = await reader.all(
        select(table).where(table.c.id.in_(ids), table.c.value.is_not(None)).order_by(table.c.id)
    )
    return [_standing(month, [row for row in rows if row["month"] == month]) for month in months]


def _standing(month: str, rows: Sequence[RowMapping]) -> MonthFacts:
    return MonthFacts(
        month,
        {row["fact"]: row["value"] for row in rows},
        next((row["currency"] for row in rows if row["currency"]), ""),
        max((row["recorded_at"] for row in rows), default=None),
        {row["fact"]: row["answers"] for row in rows if row["answers"] is not None},
    )


async def known_months(reader: Reader) -> Sequence[str]:
    """Return the months of which anything was told, oldest first."""
    return await reader.scalars(select(table.c.month).distinct().order_by(table.c.month))


async def currencies(reader: Reader) -> Sequence[str]:
    """Return the currencies of the money that stands: one, or none yet."""
    found = await of_months(reader, await known_months(reader))
    return sorted({one.currency for one in found if one.currency})


async def history(reader: Reader, month: str, fact: str) -> Sequence[Version]:
    """Return every value that a fact had, the oldest first."""
    rows = await reader.all(
        select(*(table.c[name] for name in Version._fields))
        .where(table.c.month == month, table.c.fact == fact)
        .order_by(table.c.id)
    )
    return [Version(**row) for row in rows]
