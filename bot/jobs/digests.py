"""Digests and comparisons, made in a process of their own: answering never waits for them."""

import shutil
from pathlib import Path
from typing import Final

from bot.jobs.documents import DigestFiles, digest_files, wanted_by
from bot.jobs.making import End, Work
from bot.jobs.own_process import in_own_process
from bot.operations.exports.chosen import narrowed
from bot.says.said import Document, Show
from bot.says.screens import Button, Rows, Screen, sentence
from bot.says.taps import MenuTap
from scoring.reports.moved import kept
from storage.database import Transaction
from storage.people import audit
from storage.people.addresses import Address
from storage.sending import digests, errands, groups
from surveys.messages import mark
from surveys.reports.as_json import written
from surveys.reports.scope import COMPANY
from templates.digest.message import render_summary

EMPTY: Final = mark("Nothing came in for {period}, so there is no digest.")
UNCHANGED: Final = mark("Nothing is new for {period} since the last digest, so there is none.")


async def make(work: Work) -> End:
    """Make a digest: of the period that was asked for, or of the one that a slot is about.

    A planned one without anything in it, or without anything new, is a sentence.
    """
    texts, wanted = work.texts, wanted_by(work)
    made = await digest_files(work, wanted)
    if made is None:
        return End("failed", Show(sentence(texts("The digest could not be made."))))
    if work.errand.slot is not None and (why := await _needless(work, made)):
        said = texts(why, period=texts.period(wanted.period))
        shown = Show(Screen(said, _stop(work)))
        return End("skipped", shown, details=made.details)

    async def keep(tx: Transaction) -> None:
        if work.errand.slot is not None and work.person is not None:
            deed = " ".join(("digest", *narrowed(wanted.period, wanted.scope), "on schedule"))
            await audit.note(tx, "exported", work.person.id, work.now, details=deed)
        if wanted.scope == COMPANY and wanted.zone == work.space.zone:
            await digests.keep(tx, wanted.period, written(kept(made.document)), work.now)

    page, picture = (_named(made, end) for end in ("html", "png"))
    summary = render_summary(made.document, texts.language)
    messages = (Document(picture, summary, shown=True), Document(page, "", rows=_stop(work)))
    return End("done", messages, keep, made.details, also_to=await _groups(work))


async def _needless(work: Work, made: DigestFiles) -> str | None:
    """Return why a planned digest is not sent, None where it is."""
    if made.document.empty:
        return EMPTY
    async with work.database.reading() as reader:
        last = await errands.details_before(reader, work.errand)
    return UNCHANGED if last is not None and last.get("mark") == made.mark else None


def _named(made: DigestFiles, end: str) -> Path:
    """Return a file under the name that its reader sees, beside the one that others share."""
    named = made.folder / f"otklik-{made.wanted.period}.{end}"
    shutil.copy2(made.folder / f"digest.{end}", named)
    return named


def _stop(work: Work) -> Rows:
    """Return the button that ends the schedule of a planned digest."""
    if work.errand.schedule_id is None:
        return ()
    data = MenuTap("digest_off", (str(work.errand.schedule_id),)).pack()
    return ((Button(work.texts("Stop sending this"), data),),)


async def _groups(work: Work) -> list[Address]:
    """Return the groups that get a planned digest as well."""
    if work.errand.slot is None or work.person is None:
        return []
    async with work.database.reading() as reader:
        return [one.address for one in await groups.linked_by(reader, work.person.id)]


async def compare(work: Work) -> End:
    """Compare two waves."""
    waves = (str(work.errand.parameters[name]) for name in ("before", "after"))
    made = await in_own_process(work, "campaign", "compare", *waves, "--html")
    said = made or work.texts("The comparison could not be made.")
    return End("done" if made else "failed", Show(Screen(said)))
