"""Files with everybody's links, for the admins who asked for them."""

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.errors import Refused
from bot.operations.campaigns.outside import links_of_wave
from bot.operations.compose import texts_for, to_staff
from bot.operations.ways_in.files import MOST_CARDS, write_elsewhere
from bot.operations.ways_in.links import issue_for
from bot.private_files import make_folder
from bot.settings import Settings
from bot.telling import told
from storage.asking import boards, campaigns
from storage.database import Database, Transaction
from storage.people import people, workspace
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import link_batches, outbox
from storage.sending.link_batches import LinkBatch
from templates.texts import Texts

log = structlog.get_logger()

_CHUNK = 200
"""Links made in one transaction, so that nobody waits long for theirs."""


async def make_due(settings: Settings, database: Database, now: datetime) -> None:
    """Make every file that was asked for, and delete those that have lain long enough."""
    async with database.reading() as reader:
        pending = await link_batches.pending(reader)
        old = await link_batches.outdated(reader, now)
    for batch_id in old:
        shutil.rmtree(_folder(settings, batch_id), ignore_errors=True)
        async with database.transaction() as tx:
            await link_batches.finish(tx, batch_id, "cleared", now)
    for batch in pending:
        await _make(settings, database, batch, now)


def _folder(settings: Settings, batch_id: int) -> Path:
    return settings.data_directory / "links" / str(batch_id)


async def _make(settings: Settings, database: Database, batch: LinkBatch, now: datetime) -> None:
    async with database.reading() as reader:
        space = await workspace.get(reader)
        admin = await people.by_id(reader, batch.person_id)
    if admin is None or admin.telegram_id is None or not admin.is_admin:
        async with database.transaction() as tx:
            await link_batches.finish(tx, batch.id, "failed", now)
        return
    texts = texts_for(admin, space)
    file = _folder(settings, batch.id) / f"otklik-links.{batch.format}"
    make_folder(file.parent)
    try:
        count = await _written(database, batch, file, space, texts, now)
        said = _said(texts, batch, count)
    except Refused as error:
        count, said = None, {"text": told(texts, error)}
    async with database.transaction() as tx:
        await _queue(tx, batch, admin, said, file if count else None, now)
        await link_batches.finish(tx, batch.id, "failed" if count is None else "done", now)
        if batch.wave_id is not None:
            wave = await campaigns.get_wave(tx, batch.wave_id)
            await boards.wake(tx, wave.campaign_id, now)


async def _written(
    database: Database,
    batch: LinkBatch,
    file: Path,
    space: Workspace,
    texts: Texts,
    now: datetime,
) -> int | None:
    """Write the file and return how many links it holds; None: it failed."""
    if batch.wave_id is None:
        links = _issued(database, batch, space, now)
    else:
        links = _of_wave(database, batch.wave_id, now)
    count = await write_elsewhere(file, links, space.company, texts.language)
    if count is None:
        log.error("links_failed")
    return count


async def _of_wave(
    database: Database, wave_id: int, now: datetime
) -> AsyncIterator[list[dict[str, str]]]:
    async for _, some in links_of_wave(database, wave_id, now):
        yield some


async def _issued(
    database: Database, batch: LinkBatch, space: Workspace, now: datetime
) -> AsyncIterator[list[dict[str, str]]]:
    """Make the links in small transactions, between which everybody else is answered."""
    left = MOST_CARDS if batch.format == "html" else None
    last = 0
    while left is None or left > 0:
        most = _CHUNK if left is None else min(left, _CHUNK)
        async with database.transaction() as tx:
            persons = await people.without_chat_after(tx, batch.role, last, most)
            rows = await issue_for(tx, persons, space, now)
        if not persons:
            return
        last = persons[-1].id
        left = None if left is None else left - len(persons)
        yield rows


def _said(texts: Texts, batch: LinkBatch, count: int | None) -> dict[str, Any]:
    if count is None:
        return {"text": texts("The file with links could not be made.")}
    if not count:
        return {"text": texts("Everybody is in Telegram already: there is nobody to link.")}
    if batch.wave_id is not None:
        caption = texts.plural(
            "{n} personal link. Send it in your own way: it opens this survey.",
            "{n} personal links. Send them in your own way: each opens this survey.",
            count,
        )
        return {"caption": caption}
    caption = texts.plural(
        "{n} new personal link. Links given out before stay valid. The file opens doors: keep it "
        "to yourself.",
        "{n} new personal links. Links given out before stay valid. The file opens doors: keep it "
        "to yourself.",
        count,
    )
    if batch.format == "html" and count == MOST_CARDS:
        most = texts.number(MOST_CARDS)
        caption += " " + texts("One page holds no more than {most} cards.", most=most)
    return {"caption": caption}


async def _queue(
    tx: Transaction,
    batch: LinkBatch,
    admin: Person,
    params: dict[str, Any],
    file: Path | None,
    now: datetime,
) -> None:
    draft = to_staff(f"links:{batch.id}", admin, params, now, file)
    await outbox.put(tx, draft, now)
