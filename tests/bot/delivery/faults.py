"""What fault tests share: messages put into the outbox by hand, a database that fails on demand."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from storage.database import open_database
from storage.engine.writer import Writer
from storage.people import people
from storage.people.addresses import of_telegram
from storage.sending import outbox, tally
from storage.sending.outbox import NewMessage
from tests.bot.world import ADMIN, START, World

FIRST = 500
MESSAGE = NewMessage(
    "", of_telegram(FIRST), "customer", 50, START, "show", {"text": "<b>Привет</b>", "rows": []}
)


async def queue(world: World, count: int = 1, **changed: Any) -> None:
    """Put messages for `count` people, ids from FIRST, into the outbox of a bot that stands."""
    url = world.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        for number in range(count):
            draft = replace(MESSAGE, key=f"m{number}", address=of_telegram(FIRST + number))
            await outbox.put(tx, replace(draft, **changed), START)
    for number in range(count):
        if FIRST + number not in world.sandbox.users:
            world.sandbox.add_user("User", user_id=FIRST + number, started=True)


async def appoint(world: World) -> None:
    """Make ADMIN an admin."""
    url = world.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        await people.add_admin(tx, of_telegram(ADMIN), "Вера", "ru", START)
    world.sandbox.users[ADMIN].started = True


async def states(world: World) -> dict[str, int]:
    """Count the outbox by state."""
    async with world.database() as database, database.reading() as reader:
        return await tally.by_state(reader)


def delivered(world: World, method: str = "sendMessage") -> list[dict[str, Any]]:
    """Return the calls of a kind that took effect."""
    return [
        entry
        for entry in world.sandbox.journal.entries()
        if entry["kind"] == "call" and entry["method"] == method and entry["delivered"]
    ]


@contextmanager
def full_disk(
    monkeypatch: pytest.MonkeyPatch, after: int = 0, most: int | None = None
) -> Iterator[list[str]]:
    """Let every commit but the first `after` fail until the block is left; yield the failed.

    With `most` only so many fail: the disk has room again at once.
    """
    passed: list[str] = []
    run = Writer._run
    failed: list[str] = []

    async def failing(self: Writer, sql: str) -> None:
        if sql == "COMMIT" and len(passed) < after:
            passed.append(sql)
        elif sql == "COMMIT" and (most is None or len(failed) < most):
            failed.append(sql)
            reason = sqlite3.OperationalError("database or disk is full")
            raise OperationalError(sql, {}, reason)
        await run(self, sql)

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "_run", failing)
        yield failed
