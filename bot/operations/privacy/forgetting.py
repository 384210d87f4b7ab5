"""Somebody's data is erased: rows at once, then what quotes them, files, and the database's log.

The second part may have to wait for a reader, or for a digest that is being made. So it is an
errand: a crash in between loses nothing.
"""

import asyncio
import contextlib
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import Refused
from storage.copies import erased, restores
from storage.database import Database, Transaction
from storage.people import erasing, people, workspace
from storage.people.erasing import Erased
from storage.people.people import Person
from storage.privacy import erasing_staff
from storage.sending import errands
from surveys.messages import mark
from templates.texts import Texts

_NOBODY = mark("There is no customer with the id {external_id}.")
_NO_STAFF = mark("There is no manager with the id {external_id}.")
_STILL_HERE = mark(
    "{name} still works for the company, and customers' answers stand under that name. When they "
    "have left: otklik leave {external_id}, then this command again."
)
_OURS = ("digest.json", "digest.html", "digest.png", "otklik-*", ".otklik-*")
_FOLDERS = ("digests", "exports", "links", "mydata")
"""Folders beside the database with files that name or quote customers."""


async def forget(tx: Transaction, person: Person, now: datetime) -> Erased | None:
    """Erase a customer and ask for the cleaning up; None where the person is no customer."""
    found = await erasing.erase(tx, person.id, now)
    if found is not None:
        await errands.ask(tx, "erased", None, now, {"person": person.id})
    return found


async def forget_staff(tx: Transaction, person: Person, now: datetime) -> Erased | None:
    """Erase one of the staff who has left; None where the person is none of them."""
    if not await erasing_staff.may_be_erased(tx, person.id):
        return None
    found = await erase_anybody(tx, person.id, now)
    await errands.ask(tx, "erased", None, now, {"person": person.id})
    return found


async def erase_anybody(tx: Transaction, person_id: int, now: datetime) -> Erased | None:
    """Erase a customer or one of the staff; None where nobody has this number."""
    done = await erasing.erase(tx, person_id, now)
    if done is not None:
        return done
    texts = Texts((await workspace.get(tx)).language)
    called = texts("Former employee {number}", number=person_id)
    return await erasing_staff.erase(tx, person_id, called, now)


async def clean_up(database: Database, person_id: int, now: datetime) -> bool:
    """Note an erasure for older copies, and erase quotes, files and the log; may be repeated.

    False where the log is still read: it has to be tried again.
    """
    async with database.reading() as reader:
        installation = await restores.installation_key(reader)
    files = erased.places(database.place, database.shelf)
    await asyncio.to_thread(erased.note, files, installation, person_id)
    async with database.transaction() as tx:
        await erasing.erase_quotes(tx, now)
    async with database.reading() as reader:
        needed = await erasing.files_kept(reader)
    await asyncio.to_thread(_delete_files, database.place.parent, needed)
    return await database.fold_log()


def _delete_files(beside: Path, needed: Collection[int]) -> None:
    """Delete what was made before: a digest can be made again, and then without the person."""
    for kind in _FOLDERS:
        for folder in (beside / kind).glob("[0-9]*"):
            if folder.name.isdecimal() and int(folder.name) not in needed:
                for file in (one for name in _OURS for one in folder.glob(name)):
                    file.unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # somebody else's files are in it
                    folder.rmdir()


async def forget_customer(
    database: Database,
    now: datetime,
    /,
    person: str,
    *,
    check: bool = False,
    staff: bool = False,
) -> dict[str, Any]:
    """Operation: erase who has this id in the CRM; `check`: only say how much there is.

    A customer, or one of the `staff` who has left. Raises Refused where there is none.
    """
    async with database.reading() as reader:
        found = await people.by_external(reader, person, "manager" if staff else "customer")
        if found is None:
            raise Refused(_NO_STAFF if staff else _NOBODY, external_id=person)
        if staff and found.left_at is None:
            raise Refused(_STILL_HERE, name=found.name, external_id=person)
        if check:
            return {"person": found.name, **asdict(await erasing.counted(reader, found.id))}
    async with database.transaction() as tx:
        done = await (forget_staff if staff else forget)(tx, found, now)
    if done is None:
        raise Refused(_NOBODY, external_id=person)
    clean = await clean_up(database, found.id, now)
    return {**asdict(done), "clean": clean}
