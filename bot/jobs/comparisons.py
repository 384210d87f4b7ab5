"""Comparisons asked for in the chat: each made in a process of its own, and told once."""

import asyncio
from datetime import datetime

import structlog

from bot.children import child
from bot.jobs.digests import environment
from bot.operations.compose import texts_for, to_staff
from bot.settings import Settings
from storage.database import Database
from storage.people import people, workspace
from storage.sending import comparisons, outbox
from storage.sending.comparisons import ComparisonRun

log = structlog.get_logger()


async def make_due(settings: Settings, database: Database, now: datetime) -> None:
    """Make every comparison that was asked for."""
    async with database.reading() as reader:
        pending = await comparisons.pending(reader)
    for run in pending:
        await _make(settings, database, run, now)


async def _make(settings: Settings, database: Database, run: ComparisonRun, now: datetime) -> None:
    async with database.reading() as reader:
        person = await people.by_id(reader, run.person_id)
        space = await workspace.get(reader)
    if person is None or person.telegram_id is None or not person.is_admin:
        async with database.transaction() as tx:
            await comparisons.finish(tx, run.id, "failed", now)
        return
    texts = texts_for(person, space)
    made = await _in_own_process(settings, run, texts.language, now)
    said = made or texts("The comparison could not be made.")
    draft = to_staff(f"comparison:{run.id}", person, {"text": said, "parse_mode": "HTML"}, now)
    async with database.transaction() as tx:
        await outbox.put(tx, draft, now)
        await comparisons.finish(tx, run.id, "sent" if made else "failed", now)


async def _in_own_process(
    settings: Settings, run: ComparisonRun, language: str, now: datetime
) -> str | None:
    async with child(
        "bot.cli.main", "campaign", "compare",
        str(run.before_wave_id), str(run.after_wave_id),
        "--html", "--language", language, "--now", now.isoformat(),
        cwd=None,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
    ) as process:  # fmt: skip
        told, _ = await process.communicate()
    if process.returncode != 0:
        log.error("comparison_failed", run=run.id, code=process.returncode)
        return None
    return told.decode()
