"""Files with everybody's links, for the admins who asked for them."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.operations.compose import STAFF, texts_for
from bot.operations.link_files import MOST_CARDS, write_elsewhere
from bot.operations.links import issue_for
from bot.settings import Settings
from storage import link_batches, outbox, people, workspace
from storage.database import Database, Transaction
from storage.link_batches import LinkBatch
from storage.outbox import Draft
from storage.people import Person
from storage.workspace import Workspace
from templates.texts import Texts

log = structlog.get_logger()

_CHUNK = 500
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
    rows = await _issued(database, batch, space, now)
    if admin is None or admin.telegram_id is None:
        async with database.transaction() as tx:
            await link_batches.finish(tx, batch.id, "failed", now)
        return
    texts = texts_for(admin, space)
    file = await _written(settings, batch, rows, space, texts)
    async with database.transaction() as tx:
        await _queue(tx, batch, admin, _said(texts, batch, rows, file), file, now)
        await link_batches.finish(tx, batch.id, "failed" if file is None else "done", now)


async def _issued(
    database: Database, batch: LinkBatch, space: Workspace, now: datetime
) -> list[dict[str, str]]:
    """Make the links in small transactions, between which everybody else is answered."""
    rows: list[dict[str, str]] = []
    most = MOST_CARDS if batch.format == "html" else None
    last = 0
    while most is None or len(rows) < most:
        async with database.transaction() as tx:
            persons = await people.without_chat_after(tx, batch.role, last, _CHUNK)
            rows += await issue_for(tx, persons, space, now)
        if not persons:
            break
        last = persons[-1].id
    return sorted(rows, key=lambda row: row["name"])


async def _written(
    settings: Settings,
    batch: LinkBatch,
    rows: list[dict[str, str]],
    space: Workspace,
    texts: Texts,
) -> Path | None:
    """Write the file; None where there is nobody to write it for, or it failed."""
    if not rows:
        return None
    folder = _folder(settings, batch.id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"otklik-links.{batch.format}"
    if await write_elsewhere(file, rows, space.company, texts.language):
        return file
    log.error("links_failed")
    return None


def _said(
    texts: Texts, batch: LinkBatch, rows: list[dict[str, str]], file: Path | None
) -> dict[str, Any]:
    if not rows:
        return {"text": texts("Everybody is in Telegram already: there is nobody to link.")}
    if file is None:
        return {"text": texts("The file with links could not be made.")}
    caption = texts.plural(
        "{n} new personal link. Links given out before stay valid. The file opens doors: keep it "
        "to yourself.",
        "{n} new personal links. Links given out before stay valid. The file opens doors: keep it "
        "to yourself.",
        len(rows),
    )
    if batch.format == "html" and len(rows) == MOST_CARDS:
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
    draft = Draft(
        key=f"links:{batch.id}",
        chat_id=admin.telegram_id or 0,
        person_id=admin.id,
        audience="staff",
        priority=STAFF,
        due_at=now,
        method="sendMessage" if file is None else "sendDocument",
        params=params,
        file_path=None if file is None else str(file),
    )
    await outbox.put(tx, draft, now)
