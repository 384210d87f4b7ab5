"""Digests and comparisons, made in a process of its own so that answering never waits for it."""

import asyncio
import os

import structlog

from bot.children import child
from bot.jobs.making import End, Work
from bot.says.said import Document, Show
from bot.says.screens import Screen, sentence
from bot.settings import Settings
from scoring.reports.moved import kept
from storage.database import Transaction
from storage.sending import digests
from surveys.campaign.schedule import period_of_slot
from surveys.reports.as_json import read_digest, written
from templates.digest.message import render_summary

log = structlog.get_logger()


async def make(work: Work) -> End:
    """Make a digest: of the period that was asked for, or of the one that a slot is about.

    A scheduled one without anything in it is a sentence.
    """
    texts, folder, period = work.texts, work.folder("digests"), _period_key(work)
    asked = ("digest", "--period", period, "--folder", str(folder))
    if await _in_own_process(work, *asked) is None:
        return End("failed", Show(sentence(texts("The digest could not be made."))))
    document = read_digest((folder / "digest.json").read_text(encoding="utf-8"))
    if work.errand.slot is not None and document.empty:
        name = texts.period(period)
        said = texts("Nothing came in for {period}, so there is no digest.", period=name)
        return End("skipped", Show(sentence(said)))
    page = folder / f"otklik-{period}.html"
    (folder / "digest.html").replace(page)

    async def keep(tx: Transaction) -> None:
        await digests.keep(tx, period, written(kept(document)), work.now)

    summary = render_summary(document, texts.language)
    return End("done", Document(page, summary), keep)


def _period_key(work: Work) -> str:
    wanted, slot = work.errand.parameters, work.errand.slot
    if slot is None:
        return str(wanted["period"])
    return period_of_slot(wanted["frequency"], slot, wanted["zone"]).key


async def compare(work: Work) -> End:
    """Compare two waves."""
    waves = (str(work.errand.parameters[name]) for name in ("before", "after"))
    made = await _in_own_process(work, "campaign", "compare", *waves, "--html")
    said = made or work.texts("The comparison could not be made.")
    return End("done" if made else "failed", Show(Screen(said)))


async def _in_own_process(work: Work, *command: str) -> str | None:
    """Return what a command of the command line prints, None where it fails."""
    async with child(
        "bot.cli.main", *command,
        "--language", work.texts.language, "--now", work.now.isoformat(),
        cwd=None,
        env=_environment(work.settings),
        stdout=asyncio.subprocess.PIPE,
    ) as process:  # fmt: skip
        told, _ = await process.communicate()
    if process.returncode != 0:
        log.error("process_failed", kind=work.errand.kind, code=process.returncode)
        return None
    return told.decode()


def _environment(settings: Settings) -> dict[str, str]:
    """Return the settings for the child: it needs the database, and must not see the token."""
    kept = {key: value for key, value in os.environ.items() if key != "OTKLIK_BOT_TOKEN"}
    return {**kept, "OTKLIK_DATABASE_URL": settings.database_url}
