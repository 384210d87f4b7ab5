"""How long each kind of data is kept: shown and chosen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.errors import Refused
from storage.database import Database, Transaction
from storage.privacy import retention
from surveys.messages import mark

KINDS: Final[Mapping[str, str]] = {
    "answers": mark("surveys with their answers, words and cases, after they closed"),
    "past": mark("answers from before the bot, brought in by a file"),
    "words": mark("what was said in people's own words; the scores stay"),
    "withdrawn": mark("answers of people who withdrew their consent"),
    "people": mark("customers who left the list, or came without one, after their last survey"),
    "ledger": mark("decisions whether to ask somebody"),
    "conflicts": mark("accounts in dispute, after the decision"),
}
FOR_GOOD: Final = "-"
_UNKNOWN = mark("There is no kind {kind}. There are: {kinds}.")
_NUMBER = mark("{kind} is kept for {least} days at least; write a number, or - for good.")
_LONGEST = 36_500


def days_of(kind: str, said: str) -> int | None:
    """Return the days that were asked for, None for good; raises Refused."""
    known = retention.KINDS.get(kind)
    if known is None:
        raise Refused(_UNKNOWN, kind=kind, kinds=", ".join(retention.KINDS))
    if said == FOR_GOOD:
        return None
    days = int(said) if said.isascii() and said.isdecimal() else 0
    if not known.least <= days <= _LONGEST:
        raise Refused(_NUMBER, kind=kind, least=known.least)
    return days


async def choose(tx: Transaction, kind: str, said: str, now: datetime) -> None:
    """Keep a kind for so many days, or for good; raises Refused."""
    await retention.choose(tx, kind, days_of(kind, said), now)


async def kept(
    database: Database, now: datetime, /, changes: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Operation: choose how long kinds are kept, all or none; return what holds for each."""
    for kind, said in (changes or {}).items():
        days_of(kind, said)
    if changes:
        async with database.transaction() as tx:
            for kind, said in changes.items():
                await choose(tx, kind, said, now)
    async with database.reading() as reader:
        held = await retention.chosen(reader)
    usual = retention.KINDS
    return {kind: {"days": days, "usual": usual[kind].usual} for kind, days in held.items()}
