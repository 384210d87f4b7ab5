"""Lists of people that admins sent: fetched, read, shown for confirmation, taken.

Nothing here runs inside a handler's transaction: the file comes from Telegram after the commit, is
read by a process of its own and deleted; its rows wait in the database for the confirmation.
"""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from bot.chat.criteria import facts_files
from bot.chat.people import people_screens
from bot.errors import DownloadFailed
from bot.jobs import facts
from bot.operations.company import country_of
from bot.operations.compose import texts_for, to_staff
from bot.operations.copies.before_import import copied_before
from bot.operations.facts.file import holds_facts
from bot.operations.lists.found import ListFound, load
from bot.operations.lists.taking import take_list
from bot.operations.lists.words import refusal
from bot.operations.tables.refusals import FileRefusal, FileRefused
from bot.private_files import make_folder
from bot.rights import Action, may
from bot.roles import roles_of
from bot.says.said import Change, Show
from bot.says.screens import Screen
from bot.settings import Settings
from storage.asking import drafts
from storage.database import Database, Reader, Transaction
from storage.errors import StorageError
from storage.people import audit, people, workspace
from storage.people.lists import imports, list_rows
from storage.people.lists.imports import Import
from storage.sending import outbox
from storage.tables.imports import WORK
from templates.texts import Texts

log = structlog.get_logger()

Download = Callable[[str, Path], Awaitable[None]]
"""Fetches a file from Telegram by its id; raises DownloadFailed."""
PROGRESS_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class ListSurroundings:
    """What reading a list needs; `filled` wakes the sender."""

    settings: Settings
    database: Database
    download: Download
    filled: Callable[[], None]

    def folder(self, import_id: int) -> Path:
        """Return where an import's file lies while it is read."""
        return self.settings.data_directory / "imports" / str(import_id)


async def work_off(around: ListSurroundings, now: datetime) -> None:
    """Read what was sent, take what was confirmed, drop what nobody confirmed."""
    async with around.database.reading() as reader:
        pending = await imports.to_do(reader)
        forgotten = await imports.stale(reader, now)
    for one in forgotten:
        async with around.database.transaction() as tx:
            await imports.end(tx, one.id, "cancelled", now)
    for one in pending:
        if not await _is_still_allowed(around.database, one):
            async with around.database.transaction() as tx:
                await imports.end(tx, one.id, "cancelled", now)
            continue
        try:
            await (_read if one.state == "waiting" else _take)(around, one, now)
        except StorageError as error:
            log.error("list_failed", error=type(error).__name__)
            await _end(around, one, now, "failed", people_screens.not_taken)
        around.filled()


async def _is_still_allowed(database: Database, one: Import) -> bool:
    async with database.reading() as reader:
        person = await people.by_id(reader, one.person_id)
    return may(Action.IMPORT_PEOPLE, *roles_of(person))


async def _read(around: ListSurroundings, one: Import, now: datetime) -> None:
    progress = await _Progress.begin(around, one, now)
    try:
        file = await _fetched(around, one)
        wishes = people_screens.options_of(one)
        async with around.database.reading() as reader:
            space = await workspace.get(reader)
        country = wishes.country or country_of(space)
        options = replace(wishes.reading, zone=space.zone, now=now.isoformat(), country=country)
        found = await load(
            around.database,
            one.id,
            file,
            options,
            progress.tell,
            new_managers=wishes.new_managers,
        )
    except FileRefused as refused:
        if refused.code is FileRefusal.ENCODING and refused.more:
            await _show(around, one, ListFound(encodings=json.loads(refused.more)), now)
            return
        await _end(around, one, now, "refused", partial(refusal, refused=refused))
    except (DownloadFailed, OSError) as error:
        log.warning("list_not_fetched", error=type(error).__name__)
        await _end(around, one, now, "failed", people_screens.not_fetched)
    else:
        if holds_facts(found.headings):
            await _show_facts(around, one, file, now)
        else:
            await _show(around, one, found, now)
    finally:
        shutil.rmtree(around.folder(one.id), ignore_errors=True)


async def _fetched(around: ListSurroundings, one: Import) -> Path:
    """Return the file; it lies on the disk no longer than it is being read."""
    folder = around.folder(one.id)
    make_folder(folder)
    file = folder / "list"
    file.touch(mode=0o600)
    await around.download(one.file_id, file)
    return file


async def _show(around: ListSurroundings, one: Import, found: ListFound, now: datetime) -> None:
    async with around.database.transaction() as tx:
        state: imports.ImportState = "asking" if found.lacks or not found.headings else "ready"
        shown = await imports.change(tx, one.id, now, state=state, found=found.as_json(), when=WORK)
        if not shown:
            await list_rows.drop(tx, one.id)
            return
        fresh = await imports.get(tx, one.id)
        texts = await _texts(tx, one)
        await _say(tx, fresh, people_screens.stands(texts, fresh), now, "shown")


async def _show_facts(around: ListSurroundings, one: Import, file: Path, now: datetime) -> None:
    """Show what a file of monthly facts would tell; its rows wait as the admin's draft."""
    async with around.database.reading() as reader:
        texts = await _texts(reader, one)
    screen, rows = await facts.read(around.database, texts, file, now)
    async with around.database.transaction() as tx:
        await imports.end(tx, one.id, "done" if rows else "refused", now)
        if rows:
            await drafts.save(tx, one.person_id, facts_files.FILE, rows, now)
        await _say(tx, one, screen, now, "facts")


async def _take(around: ListSurroundings, one: Import, now: datetime) -> None:
    try:
        copy = await copied_before(around.database, now)
    except StorageError as error:
        log.error("list_not_taken", error=type(error).__name__)
        await _end(around, one, now, "failed", partial(people_screens.not_copied, error=error))
        return
    async with around.database.transaction() as tx:
        texts = await _texts(tx, one)
        admin = await people.by_id(tx, one.person_id)
        complete = people_screens.options_of(one).complete
        result = await take_list(tx, one.id, now, complete=complete, by=admin)
        await imports.change(tx, one.id, now, state="done")
        await audit.note(tx, "imported", one.person_id, now, details=one.file_name)
        await _say(tx, one, people_screens.taken(texts, one, result, copy), now, "taken")


async def _end(
    around: ListSurroundings,
    one: Import,
    now: datetime,
    state: imports.ImportState,
    what: Callable[[Texts], str],
) -> None:
    async with around.database.transaction() as tx:
        texts = await _texts(tx, one)
        await imports.end(tx, one.id, state, now)
        await _say(tx, one, people_screens.plain(texts, one, what(texts)), now, "ended")


async def _texts(reader: Reader, one: Import) -> Texts:
    person = await people.by_id(reader, one.person_id)
    space = await workspace.get(reader)
    return Texts(space.language) if person is None else texts_for(person, space)


async def _say(tx: Transaction, one: Import, screen: Screen, now: datetime, what: str) -> None:
    """Show a screen: in the message whose button was tapped last, else in a new one."""
    person = await people.by_id(tx, one.person_id)
    if person is None or person.address is None:
        return
    turn = people_screens.options_of(one).turn
    said = Show(screen) if one.message_id is None else Change(screen, one.message_id)
    message = to_staff(f"import:{one.id}:{what}:{turn}", person, said, now)
    await outbox.put(tx, message, now)


class _Progress:
    """The message that says how far the reading is; edited every few seconds, not more often."""

    def __init__(self, around: ListSurroundings, one: Import, texts: Texts, now: datetime) -> None:
        self._around, self._import, self._texts, self._now = around, one, texts, now
        self._next = asyncio.get_running_loop().time() + PROGRESS_SECONDS

    @classmethod
    async def begin(cls, around: ListSurroundings, one: Import, now: datetime) -> "_Progress":
        async with around.database.transaction() as tx:
            texts = await _texts(tx, one)
            if one.message_id is None:
                await _say(tx, one, people_screens.reading(texts, one, 0), now, "progress")
        around.filled()
        return cls(around, one, texts, now)

    async def tell(self, rows: int) -> None:
        time = asyncio.get_running_loop().time()
        if time < self._next:
            return
        self._next = time + PROGRESS_SECONDS
        one = self._import
        async with self._around.database.transaction() as tx:
            turn = people_screens.options_of(one).turn
            sent = await outbox.message_id(tx, f"import:{one.id}:progress:{turn}")
            message_id = one.message_id or sent
            if message_id is not None:
                shown = people_screens.reading(self._texts, one, rows)
                here = Import(**{**asdict(one), "message_id": message_id})
                await _say(tx, here, shown, self._now, f"progress:{rows}")
        self._around.filled()
