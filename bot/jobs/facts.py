"""Monthly facts: the reminder that an admin asked for, and the files that admins send."""

import asyncio
import json
from datetime import datetime
from pathlib import Path

from bot.chat.criteria import fact_screens, facts_files
from bot.jobs.making import End, Work
from bot.operations.facts.facts import Row
from bot.operations.facts.file import FactsRefused, FactsRow, read_facts
from bot.operations.lists.words import FileNotRead
from bot.says.said import Show
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.database import Database
from storage.facts import facts
from surveys.messages import Message, mark
from surveys.periods import containing, previous
from templates.texts import Texts

LARGEST = 1_000_000
"""Bytes of a file of facts: each month is a row, so there are few."""


async def remind(work: Work) -> End:
    """Remind of the last month's facts, unless some were told already."""
    zone = work.space.zone
    month = previous(containing(work.now, "month", zone), zone).key
    async with work.database.reading() as reader:
        [known] = await facts.of_months(reader, [month])
    if known.values:
        return End("skipped")
    texts = work.texts
    said = texts(
        "The facts of {month} are not told yet. It takes about five minutes; what is as last month "
        "is one tap.",
        month=texts.period(month),
    )
    fill = Button(texts("Fill in"), MenuTap("facts_ask", (month,)).pack())
    leave = Button(texts("Do not remind me"), MenuTap("facts_remind").pack())
    return End("done", Show(Screen(said, ((fill,), (leave,)))))


async def read(database: Database, texts: Texts, path: Path, now: datetime) -> tuple[Screen, str]:
    """Return what a file of facts would tell, and its rows as JSON ("": it cannot be taken)."""
    try:
        # A thread of its own: the people's reader has been through the file before.
        found = await asyncio.to_thread(_read, path)
    except (FileNotRead, FactsRefused) as error:
        return fact_screens.plain(texts, told(texts, error)), ""
    rows = [_row(row) for row in found]
    async with database.reading() as reader:
        screen, can_be_taken = await facts_files.preview(reader, texts, rows, now)
    return screen, json.dumps(rows) if can_be_taken else ""


def _read(path: Path) -> list[FactsRow]:
    if path.stat().st_size > LARGEST:
        text = mark("a file of facts has a month a row; this one is too large")
        raise FactsRefused([Message(text)])
    return read_facts(path.read_bytes())


def _row(row: FactsRow) -> Row:
    values = {key: str(value) for key, value in row.values.items()}
    return [row.line, row.month, values, row.currency]
