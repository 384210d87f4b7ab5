"""Files with everybody's links, for the admins who asked for them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import structlog

from bot.errors import Refused
from bot.jobs.making import End, Note, Work
from bot.operations.campaigns.outside import links_of_wave
from bot.operations.ways_in.files import MOST_CARDS, write_elsewhere
from bot.operations.ways_in.links import issue_for
from bot.private_files import make_folder
from bot.says.said import Document, Show
from bot.says.screens import sentence
from bot.telling import told
from storage.asking import boards, campaigns
from storage.database import Transaction
from storage.people import people
from storage.sending import errands
from templates.texts import Texts

log = structlog.get_logger()

KEPT = timedelta(days=1)
"""How long a file with links lies beside the database after it was made."""
_CHUNK = 200
"""How many links one transaction makes; everybody else waits for it."""


async def make(work: Work) -> End:
    """Write a file of links, for people whom a wave could not reach or for everybody."""
    wanted, texts = work.errand.parameters, work.texts
    file = work.folder("links") / f"otklik-links.{wanted['format']}"
    make_folder(file.parent)
    links = _issued(work) if wanted["wave"] is None else _of_wave(work)
    try:
        count = await write_elsewhere(file, links, work.space.company, texts.language)
    except Refused as error:
        return End("failed", Show(sentence(told(texts, error))), _noting(work, made=False))
    if count is None:
        log.error("links_failed")
        said = sentence(texts("The file with links could not be made."))
        return End("failed", Show(said), _noting(work, made=False))
    if not count:
        said = sentence(texts("Everybody is in Telegram already: there is nobody to link."))
        return End("done", Show(said), _noting(work, made=True))
    return End("done", Document(file, _caption(texts, wanted, count)), _noting(work, made=True))


def _noting(work: Work, *, made: bool) -> Note:
    async def note(tx: Transaction) -> None:
        if made:
            folder = {"folder": work.errand.id}
            await errands.ask(tx, "links_over", None, work.now, folder, due_at=work.now + KEPT)
        if work.errand.parameters["wave"] is not None:
            wave = await campaigns.get_wave(tx, work.errand.parameters["wave"])
            await boards.wake(tx, wave.campaign_id, work.now)

    return note


async def delete(work: Work) -> End:
    """Delete a file with links that has lain long enough."""
    folder = work.settings.data_directory / "links" / str(work.errand.parameters["folder"])
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return End()


async def _of_wave(work: Work) -> AsyncIterator[list[dict[str, str]]]:
    async for _, some in links_of_wave(work.database, work.errand.parameters["wave"], work.now):
        yield some


async def _issued(work: Work) -> AsyncIterator[list[dict[str, str]]]:
    """Make the links in small transactions, so that others are answered in between."""
    wanted = work.errand.parameters
    left = MOST_CARDS if wanted["format"] == "html" else None
    last = 0
    while left is None or left > 0:
        most = _CHUNK if left is None else min(left, _CHUNK)
        async with work.database.transaction() as tx:
            persons = await people.without_chat_after(tx, wanted.get("role"), last, most)
            rows = await issue_for(tx, persons, work.space, work.now)
        if not persons:
            return
        last = persons[-1].id
        left = None if left is None else left - len(persons)
        yield rows


def _caption(texts: Texts, wanted: Mapping[str, Any], count: int) -> str:
    if wanted["wave"] is not None:
        return texts.plural(
            "{n} personal link. Send it in your own way: it opens this survey.",
            "{n} personal links. Send them in your own way: each opens this survey.",
            count,
        )
    caption = texts.plural(
        "{n} new personal link. Links given out before stay valid. The file opens doors: keep it "
        "to yourself.",
        "{n} new personal links. Links given out before stay valid. The file opens doors: keep it "
        "to yourself.",
        count,
    )
    if wanted["format"] == "html" and count == MOST_CARDS:
        most = texts.number(MOST_CARDS)
        caption += " " + texts("One page holds no more than {most} cards.", most=most)
    return caption
