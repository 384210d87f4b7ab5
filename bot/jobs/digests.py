"""Digests and comparisons, made in a process of its own so that answering never waits for it."""

from bot.jobs.making import End, Work
from bot.jobs.own_process import in_own_process
from bot.says.said import Document, Show
from bot.says.screens import Screen, sentence
from scoring.reports.moved import kept
from storage.database import Transaction
from storage.people.addresses import Address
from storage.sending import digests, groups
from surveys.campaign.schedule import period_of_slot
from surveys.reports.as_json import read_digest, written
from templates.digest.message import render_summary


async def make(work: Work) -> End:
    """Make a digest: of the period that was asked for, or of the one that a slot is about.

    A scheduled one without anything in it is a sentence.
    """
    texts, folder, period = work.texts, work.folder("digests"), _period_key(work)
    asked = ["digest", "--period", period, "--folder", str(folder)]
    if against := work.errand.parameters.get("against"):
        asked += ["--against", str(against)]
    if await in_own_process(work, *asked) is None:
        return End("failed", Show(sentence(texts("The digest could not be made."))))
    document = read_digest((folder / "digest.json").read_text(encoding="utf-8"))
    if work.errand.slot is not None and document.empty:
        name = texts.period(period)
        said = texts("Nothing came in for {period}, so there is no digest.", period=name)
        return End("skipped", Show(sentence(said)))
    picture, page = (folder / f"otklik-{period}.{end}" for end in ("png", "html"))
    for made in (picture, page):
        made.with_stem("digest").replace(made)

    async def keep(tx: Transaction) -> None:
        await digests.keep(tx, period, written(kept(document)), work.now)

    summary = render_summary(document, texts.language)
    messages = (Document(picture, summary, shown=True), Document(page, ""))
    return End("done", messages, keep, also_to=await _groups(work))


async def _groups(work: Work) -> list[Address]:
    """Return the groups that get a planned digest as well."""
    if work.errand.slot is None or work.person is None:
        return []
    async with work.database.reading() as reader:
        return [one.address for one in await groups.linked_by(reader, work.person.id)]


def _period_key(work: Work) -> str:
    wanted, slot = work.errand.parameters, work.errand.slot
    if slot is None:
        return str(wanted["period"])
    return period_of_slot(wanted["frequency"], slot, wanted["zone"]).key


async def compare(work: Work) -> End:
    """Compare two waves."""
    waves = (str(work.errand.parameters[name]) for name in ("before", "after"))
    made = await in_own_process(work, "campaign", "compare", *waves, "--html")
    said = made or work.texts("The comparison could not be made.")
    return End("done" if made else "failed", Show(Screen(said)))
