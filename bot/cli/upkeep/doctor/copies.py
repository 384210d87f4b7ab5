"""What `otklik doctor` says of copies: how old the newest good one is, and what a restore holds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.cli.upkeep.doctor.finding import Finding
from bot.operations.copies.standing import Standing
from storage.copies.backups import problem_of
from storage.copies.shelf import Copy, Shelf, is_encrypted, is_suspect
from storage.dumps.errors import CannotDump
from storage.errors import DatabaseCorrupt, DatabaseForeign, StorageError
from surveys.messages import Message

if TYPE_CHECKING:
    from bot.operations.upkeep.slots import Late

OLD = timedelta(days=2)
_COPIES = Message("copies")


def copies(shelf: Shelf, now: datetime) -> Iterator[Finding]:
    """Judge the copies: the newest good one is to be younger than two days."""
    if shelf.alone and not shelf.copies():
        yield Finding("fine", _COPIES, Message("the server's own are relied on."))
    elif shelf.server or shelf.database.exists() or shelf.copies():
        yield from _on_shelf(shelf, now)


async def dumps(shelf: Shelf) -> list[Finding]:
    """Say whether this machine can copy a server's database; nothing where it need not."""
    if shelf.server is None or shelf.alone:
        return []
    from storage.copies import making

    try:
        version = await making.version_here(shelf)
    except CannotDump as error:
        return [Finding("bad", _COPIES, Message("{said}", {"said": error}))]
    except StorageError:
        return []  # that the server does not answer is said elsewhere
    return [Finding("fine", "pg_dump", Message("{version}.", {"version": version}))]


def _on_shelf(shelf: Shelf, now: datetime) -> Iterator[Finding]:
    found = shelf.copies()
    yield from (_from_the_future(copy) for copy in found if is_suspect(copy, now))
    for copy in (one for one in found if not is_suspect(one, now)):
        problem = problem_of(copy)
        if problem is None:
            yield _newest(copy, now)
            return
        said = Message("{said}", {"said": problem})
        if isinstance(problem, DatabaseCorrupt | DatabaseForeign):
            said = Message("{path} is damaged; delete it.", {"path": str(copy.path)})
        yield Finding("look", _COPIES, said)
    folder = {"folder": str(shelf.folder)}
    none = Message("there is no good one in {folder}. Make one: otklik backup", folder)
    yield Finding("look", _COPIES, none)


def _from_the_future(copy: Copy) -> Finding:
    said = Message(
        "{path} says that it was made on {moment}, which has not come yet: a clock was wrong then, "
        "or is now. It counts as the oldest; delete it when there are newer ones.",
        {"moment": copy.made_at, "path": str(copy.path)},
    )
    return Finding("look", _COPIES, said)


def slots(late: "Late") -> Iterator[Finding]:
    """Say what was planned while the clock was ahead."""
    if late.count():
        said = Message(
            "{n} are planned as if a clock had been ahead, or is behind now; once the clock is "
            "right they are planned anew when otklik run starts.",
            {"n": late.count()},
        )
        yield Finding("look", Message("schedules"), said)


def _newest(copy: Copy, now: datetime) -> Finding:
    which = {"moment": copy.made_at, "path": str(copy.path)}
    if is_encrypted(copy.path) and now - copy.made_at <= OLD:
        said = Message(
            "the newest is of {moment} and encrypted: {path}. Whether it opens is seen where its "
            "key is: otklik restore --identity, on another machine",
            which,
        )
        return Finding("fine", _COPIES, said)
    if now - copy.made_at <= OLD:
        said = Message("the newest good one is of {moment}: {path}", which)
        return Finding("fine", _COPIES, said)
    said = Message(
        "the newest good one is older than two days, of {moment}: {path}. A new one: otklik backup",
        which,
    )
    return Finding("look", _COPIES, said)


def hold(held: Standing | None) -> Iterator[Finding]:
    """Say what a restore holds."""
    if held is not None:
        said = Message(
            "held since the restore of {moment}; {n} wait, {uncertain} are of unknown fate. An "
            "admin releases them in the chat, or: otklik restore --release",
            {
                "moment": held.hold.restored_at,
                "n": held.waiting,
                "uncertain": held.uncertain,
            },
        )
        yield Finding("look", Message("sending"), said)
