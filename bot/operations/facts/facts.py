"""The company's monthly facts: taken from a file or the chat, shown with their history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from bot.errors import Refused
from bot.operations.facts.file import NO_CURRENCY, NO_MONTH, FactsRefused, month_of
from bot.operations.facts.typed_amounts import currency_of
from storage.database import Database, Reader, Transaction
from storage.facts import facts, minutes
from storage.facts.facts import Teller
from storage.facts.minutes import Studied
from storage.people import workspace
from surveys.counts.facts import FACTS, FactKind, impossible
from surveys.messages import Message, mark

Row = Sequence[Any]
"""Line, month, {fact: amount as text}, currency or ""."""


class GivenFacts(NamedTuple):
    """A month's facts as they were given, and in which line of a file."""

    line: int
    month: str
    values: Mapping[str, Decimal]
    currency: str


class NoCurrency(Refused):
    """Money came without a currency, and none stands yet."""

    template = mark("In what currency? Add a column «currency», or --currency RUB.")


async def import_facts(
    database: Database,
    now: datetime,
    /,
    rows: Sequence[Row],
    currency: str = "",
    *,
    check: bool = False,
) -> dict[str, Any]:
    """Operation: take facts in, all or none; what stands already is left, the rest corrected.

    Raises Refused where money comes in no currency or in two, FactsRefused where a month's facts
    cannot be so together with what stands.
    """
    given = given_rows(rows, currency)
    if check:
        async with database.reading() as reader:
            chosen = await checked(reader, given, now)
        return {"months": len(given), "changed": None, "currency": chosen}
    async with database.transaction() as tx:
        changed, chosen = await take(tx, given, Teller("file", now))
    return {"months": len(given), "changed": changed, "currency": chosen}


def given_rows(rows: Sequence[Row], currency: str = "") -> list[GivenFacts]:
    """Return rows as they came over a socket or out of JSON; `currency` where a row has none."""
    currency = currency_of(currency) or currency
    return [
        GivenFacts(
            line, month, {key: Decimal(value) for key, value in values.items()}, own or currency
        )
        for line, month, values, own in rows
    ]


async def take(tx: Transaction, given: Sequence[GivenFacts], told: Teller) -> tuple[int, str]:
    """Write facts, all or none; return how many are new or otherwise, and the currency.

    Raises as `import_facts` does.
    """
    chosen = await checked(tx, given, told.now)
    changed = 0
    for one in given:
        changed += await facts.record(tx, one.month, one.values, chosen, told)
    return changed, chosen


async def told_in_chat(
    tx: Transaction,
    month: str,
    values: Mapping[str, Decimal | None],
    currency: str,
    told: Teller,
) -> int:
    """Write what an admin told of a month, all or nothing; None takes a fact back.

    Returns how many facts are new or otherwise. Raises FactsRefused, and Refused for money in a
    second currency.
    """
    problems = await contradictions(tx, month, values)
    if problems:
        raise FactsRefused(problems)
    chosen = await _one_currency(tx, [currency] if _has_money(values) else [])
    return await facts.record(tx, month, values, chosen, told)


async def studied_anew(reader: Reader, now: datetime) -> dict[str, Studied]:
    """Return the minutes of a time study, where they differ from the facts that stand."""
    found = await minutes.studied(reader, now)
    standing: dict[str, Decimal] = {}
    for one in await facts.of_months(reader, await facts.known_months(reader)):
        standing |= one.values
    anew = any(one.minutes != standing.get(key) for key, one in found.items())
    return found if anew else {}


async def take_study(tx: Transaction, month: str, by: int, now: datetime) -> Mapping[str, Studied]:
    """Write the minutes of a time study as facts of a month, with the number of their answers.

    Returns what was taken over; nothing where the facts say the same already.
    """
    found = await studied_anew(tx, now)
    for key, one in found.items():
        told = Teller("chat", now, by, one.answers)
        await told_in_chat(tx, month, {key: one.minutes}, "", told)
    return found


async def contradictions(
    reader: Reader, month: str, values: Mapping[str, Decimal | None]
) -> list[Message]:
    """Return what cannot be so of a month, together with what stands of it."""
    [known] = await facts.of_months(reader, [month])
    together = {**known.values, **values}
    return list(impossible({key: one for key, one in together.items() if one is not None}))


async def list_facts(
    database: Database, now: datetime, /, month: str | None = None
) -> dict[str, Any]:
    """Operation: what stands of every month; of one month every value that a fact had.

    Raises Refused where that is no month.
    """
    del now
    if month is not None:
        given, month = month, month_of(month)
        if month is None:
            raise Refused(NO_MONTH, given=given)
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


async def checked(reader: Reader, given: Sequence[GivenFacts], now: datetime) -> str:
    """Return the one currency; raises Refused, FactsRefused."""
    present = f"{now.astimezone((await workspace.get(reader)).tzinfo):%Y-%m}"
    problems: list[Message] = []
    for one in given:
        found = await contradictions(reader, one.month, one.values)
        if one.month > present:
            found.append(Message(mark("{month} has not begun"), {"month": one.month}))
        problems.extend(
            Message(mark("line {line}: {problem}"), {"line": one.line, "problem": problem})
            for problem in found
        )
    if problems:
        raise FactsRefused(problems)
    return await _one_currency(reader, [one.currency for one in given if _has_money(one.values)])


def _has_money(values: Mapping[str, Decimal | None]) -> bool:
    return any(FACTS[key] is FactKind.MONEY and one is not None for key, one in values.items())


async def _one_currency(reader: Reader, of_money: Sequence[str]) -> str:
    """Return the currency of what stands and of new money together, "" where there is neither."""
    for given in filter(None, of_money):
        if not currency_of(given):
            raise Refused(NO_CURRENCY, given=given)
    standing = await facts.currencies(reader)
    found = sorted({*standing, *filter(None, of_money)})
    if len(found) > 1:
        raise Refused(
            mark("Money stands in one currency; here are {currencies}."), currencies=found
        )
    if of_money and not found:
        raise NoCurrency
    return found[0] if found else ""
