"""A pause that Telegram asks for while the clock is a year ahead, after the clock is put right."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from bot.app import serve
from bot.jobs.upkeep import clock_jumps
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.settings import SQLITE, Settings
from storage.database import Database, open_database, open_reading
from storage.people import workspace
from storage.people.addresses import of_telegram
from storage.people.workspace import Workspace
from storage.sending import outbox, pauses, tally
from storage.sending.outbox import NewMessage
from tests.prove.company import FIRST_ID, START
from tests.prove.lines import Line, Lines, some

PATIENCE = 60.0
AHEAD = timedelta(days=365)
ASKED = 600
_STEP = 30
_MOST = 3 * ASKED
_MESSAGES = 5
_FAULT = {"kind": "429", "method": "sendMessage", "retry_after": ASKED}


async def proved(folder: Path, _kills: int, _seed: int) -> Lines:
    """Ask for a pause in the future, put the clock right, and see when the messages go out."""
    behind = f"1 pause, {_MESSAGES} messages"
    waited = await _waited(folder / "with")
    within = waited is not None and ASKED <= waited <= ASKED + 4 * _STEP
    shown = "no end" if waited is None else f"{waited} s"
    yield Line("a pause of 600 s asked for a year ahead lasts", "600–720 s", shown, behind, within)
    with patch.object(clock_jumps, "mend", _not_at_all):
        waited = await _waited(folder / "without")
    yield some("only its end is kept: pauses without an end", int(waited is None), behind)


async def _not_at_all(_: Database, __: datetime, *, seen: bool) -> None:
    del seen


async def _waited(folder: Path) -> int | None:
    """Return how many seconds of the right clock passed until everything was sent."""
    _make(folder)
    journal = folder / "journal.jsonl"
    async with run_sandbox(now=START, speed=0, journal=journal, faults=[_FAULT]) as sandbox:
        settings = Settings(
            _env_file=None,
            bot_token=sandbox.token,
            api_url=sandbox.base_url,
            clock_url=sandbox.clock_url,
            database_url=f"{SQLITE}{folder / 'otklik.db'}",
            backups_hour=None,
        )
        await _queue(sandbox, settings)
        await sandbox.clock.set(START + AHEAD)
        running = asyncio.create_task(serve(settings, lambda _: None))
        try:
            async with asyncio.timeout(PATIENCE):
                while not await _is_paused(settings):
                    await asyncio.sleep(0.05)
            await sandbox.clock.set(START)
            return await _until_sent(sandbox, settings)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _queue(sandbox: Sandbox, settings: Settings) -> None:
    async with open_database(settings.database_url) as database, database.transaction() as tx:
        await workspace.save(tx, Workspace(company="Ромашка", bot_username="bot"))
        for number in range(_MESSAGES):
            person, said = FIRST_ID + number, {"text": "Привет", "rows": []}
            sandbox.add_user("Клиент", user_id=person, started=True)
            message = NewMessage(
                f"m{number}", of_telegram(person), "customer", 50, START, "show", said
            )
            await outbox.put(tx, message, START)


async def _until_sent(sandbox: Sandbox, settings: Settings) -> int | None:
    for seconds in range(0, _MOST, _STEP):
        await asyncio.sleep(0.5)
        async with open_reading(settings.database_url) as database, database.reading() as reader:
            counts = await tally.by_state(reader)
        if counts.get("sent") == _MESSAGES:
            return seconds
        await sandbox.clock.advance(_STEP)
    return None


async def _is_paused(settings: Settings) -> bool:
    async with open_reading(settings.database_url) as database, database.reading() as reader:
        return await pauses.until(reader) is not None


def _make(folder: Path) -> None:
    folder.mkdir()
