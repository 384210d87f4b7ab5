"""Digests: each slot once, made in a process of its own so that answering never waits for it."""

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.children import child
from bot.operations.compose import texts_for, to_staff
from bot.settings import Settings
from scoring.reports.moved import kept
from storage.database import Database, Transaction
from storage.people import people, workspace
from storage.people.people import Person
from storage.sending import digests, outbox
from storage.sending.digests import DigestRun
from surveys.campaign.schedule import next_slot, period_of_slot
from surveys.reports.as_json import read_digest, written
from templates.digest.message import render_summary

log = structlog.get_logger()


async def make_due(settings: Settings, database: Database, now: datetime) -> None:
    """Claim the slots that are due, then make every digest that is claimed and not yet queued."""
    async with database.transaction() as tx:
        await digests.claim_due(tx, now, next_slot)
    async with database.reading() as reader:
        pending = await digests.pending(reader)
    for run in pending:
        await _make(settings, database, run, now)


async def _make(settings: Settings, database: Database, run: DigestRun, now: datetime) -> None:
    async with database.reading() as reader:
        person = await people.by_id(reader, run.person_id)
        space = await workspace.get(reader)
    if person is None or person.telegram_id is None or not person.is_admin:
        async with database.transaction() as tx:
            await digests.finished(tx, run.id, "skipped", now)
        return
    texts = texts_for(person, space)
    folder = settings.data_directory / "digests" / str(run.id)
    period = _period_key(run)
    made = await _in_own_process(settings, period, texts.language, folder, now)
    async with database.transaction() as tx:
        if not made:
            await _queue(tx, run, person, _text(texts("The digest could not be made.")), now)
            await digests.finished(tx, run.id, "failed", now)
            return
        document = read_digest((folder / "digest.json").read_text(encoding="utf-8"))
        if run.slot is not None and document.empty:
            name = texts.period(period)
            said = texts("Nothing came in for {period}, so there is no digest.", period=name)
            await _queue(tx, run, person, _text(said), now)
            await digests.finished(tx, run.id, "skipped", now)
            return
        params = {"caption": render_summary(document, texts.language)}
        await _queue(tx, run, person, params, now, file=_named(folder, period))
        await digests.keep(tx, run.id, period, written(kept(document)))
        await digests.finished(tx, run.id, "sent", now)


def _period_key(run: DigestRun) -> str:
    if run.slot is None or run.frequency is None or run.zone is None:
        return run.period_key or ""
    return period_of_slot(run.frequency, run.slot, run.zone).key


def _text(said: str) -> dict[str, Any]:
    return {"text": said}


def _named(folder: Path, period_key: str) -> Path:
    page = folder / f"otklik-{period_key}.html"
    (folder / "digest.html").replace(page)
    return page


async def _queue(
    tx: Transaction,
    run: DigestRun,
    person: Person,
    params: dict[str, Any],
    now: datetime,
    file: Path | None = None,
) -> None:
    draft = to_staff(f"digest:{run.id}", person, params, now, file)
    await outbox.put(tx, draft, now)


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings for the child: it needs the database, and must not see the token."""
    kept = {key: value for key, value in os.environ.items() if key != "OTKLIK_BOT_TOKEN"}
    return {**kept, "OTKLIK_DATABASE_URL": settings.database_url}


async def _in_own_process(
    settings: Settings, period: str, language: str, folder: Path, now: datetime
) -> bool:
    async with child(
        "bot.cli.main", "digest", "--period", period,
        "--language", language, "--folder", str(folder), "--now", now.isoformat(),
        cwd=None,
        env=environment(settings),
        stdout=asyncio.subprocess.DEVNULL,
    ) as process:  # fmt: skip
        code = await process.wait()
    if code != 0:
        log.error("digest_failed", period=period, code=code)
    return code == 0
