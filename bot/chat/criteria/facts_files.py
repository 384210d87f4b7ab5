"""A file of facts that an admin sent: what it would tell is shown, then taken whole or dropped."""

import json
from datetime import datetime

from bot.chat.auditing import note
from bot.chat.criteria import fact_screens as screens
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.facts import facts as operations
from bot.operations.facts.facts import NoCurrency, Row
from bot.operations.facts.file import FactsRefused
from bot.operations.facts.typed_amounts import currency_of
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import drafts
from storage.database import Reader
from storage.errors import StorageError
from storage.facts.facts import Teller
from templates.texts import Texts

FILE = "facts file"
"""The draft that keeps a file's rows until they are taken or dropped."""


async def preview(
    reader: Reader, texts: Texts, rows: list[Row], now: datetime
) -> tuple[Screen, bool]:
    """Return what a file would tell; False: it cannot be taken, and the screen says why."""
    given = operations.given_rows(rows)
    currency, asks = "", False
    try:
        currency = await operations.checked(reader, given, now)
    except NoCurrency:
        asks = True
    except (FactsRefused, Refused) as error:
        return screens.plain(texts, told(texts, error)), False
    months, count = [one.month for one in given], sum(len(one.values) for one in given)
    return screens.file_preview(texts, months, count, currency, asks=asks), True


async def take(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Take the file's facts, all or none; a second tap finds them taken."""
    kept = await drafts.load(visit.tx, visit.known.id, FILE)
    if kept is None:
        return Toast(visit.texts("That button is out of date."))
    chosen = currency_of(tap.button.arguments[0]) if tap.button.arguments else ""
    given = operations.given_rows(json.loads(kept), chosen)
    try:
        changed, _ = await operations.take(
            visit.tx, given, Teller("file", visit.now, visit.known.id)
        )
    except (FactsRefused, Refused, StorageError) as error:
        return Change(screens.plain(visit.texts, told(visit.texts, error)))
    await drafts.drop(visit.tx, visit.known.id, FILE)
    await note(visit, "changed_facts", details=", ".join(one.month for one in given)[:100])
    return Change(screens.saved(visit.texts, max(one.month for one in given), changed))


async def leave(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Drop the file; nothing was changed."""
    await drafts.drop(visit.tx, visit.known.id, FILE)
    return Change(screens.plain(visit.texts, visit.texts("Left: nothing was changed.")))
