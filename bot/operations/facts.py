"""The company's monthly facts: taken from a file, shown with their history."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.errors import Refused
from bot.operations.facts_file import FactsRefused
from storage.counting import facts
from storage.counting.facts import Teller
from storage.database import Database, Reader
from surveys.counts.facts import FACTS, FactKind, impossible
from surveys.messages import Message, mark

FactRow = Sequence[Any]
"""Line, month, {fact: amount as text}, currency or ""."""


async def import_facts(
    database: Database,
    now: datetime,
    /,
    rows: Sequence[FactRow],
    currency: str = "",
    *,
    check: bool = False,
) -> dict[str, Any]:
    """Operation: take facts in, all or none; equal ones are left alone, others are corrected.

    Raises Refused where money comes in no currency or in two, FactsRefused where a month's facts
    contradict each other or those that stand already.
    """
    given = [
        (line, month, {key: Decimal(value) for key, value in values.items()}, own or currency)
        for line, month, values, own in rows
    ]
    if check:
        async with database.reading() as reader:
            chosen = await _checked(reader, given)
        return {"months": len(given), "changed": None, "currency": chosen}
    changed = 0
    async with database.transaction() as tx:
        chosen = await _checked(tx, given)
        for _, month, values, _ in given:
            changed += await facts.record(tx, month, values, chosen, Teller("file", now))
    return {"months": len(given), "changed": changed, "currency": chosen}


async def list_facts(
    database: Database, now: datetime, /, month: str | None = None
) -> dict[str, Any]:
    """Operation: what stands of every month; of one month every value that a fact had."""
    del now
    async with database.reading() as reader:
        known = await facts.known_months(reader)
        wanted = known if month is None else [month]
        found = await facts.of_months(reader, wanted)
        told = {} if month is None else await _history(reader, month)
    return {
        "months": [
            {
                "month": one.month,
                "currency": one.currency,
                "values": {key: str(one.values[key]) for key in FACTS if key in one.values},
                "recorded_at": one.recorded_at and one.recorded_at.isoformat(),
            }
            for one in found
        ],
        "history": told,
    }


async def _history(reader: Reader, month: str) -> dict[str, list[dict[str, str | None]]]:
    found = {}
    for key in FACTS:
        versions = await facts.history(reader, month, key)
        if len(versions) > 1:
            found[key] = [
                {
                    "value": None if one.value is None else str(one.value),
                    "recorded_at": one.recorded_at.isoformat(),
                }
                for one in versions
            ]
    return found


async def _checked(
    reader: Reader, given: Sequence[tuple[int, str, dict[str, Decimal], str]]
) -> str:
    """Return the one currency; raises Refused, FactsRefused."""
    problems: list[Message] = []
    for line, month, values, _ in given:
        [known] = await facts.of_months(reader, [month])
        together = {**known.values, **values}
        problems.extend(
            Message(mark("line {line}: {problem}"), {"line": line, "problem": one})
            for one in impossible(together)
        )
    if problems:
        raise FactsRefused(problems)
    standing = await facts.currencies(reader)
    with_money = [
        own for _, _, values, own in given if any(FACTS[key] is FactKind.MONEY for key in values)
    ]
    found = sorted({*standing, *(own for own in with_money if own)})
    if len(found) > 1:
        raise Refused(
            mark("Money stands in one currency; here are {currencies}."), currencies=found
        )
    if with_money and not found:
        raise Refused(mark("In what currency? Add a column «currency», or --currency RUB."))
    return found[0] if found else ""
