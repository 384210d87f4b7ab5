"""Guards taken off, to show that each one matters: its figure must go red without it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiogram import Bot
from aiogram.types import Update
from sqlalchemy import ColumnElement, update

from bot.chat.routing import build_dispatcher
from bot.crashing import crash_point
from bot.delivery.pacing import Pacer
from bot.delivery.receive import ALLOWED_UPDATES, Receiver
from bot.delivery.replies import Replier
from storage.database import Transaction
from storage.sending import outbox
from storage.tables.delivery import outbox as table
from tests.prove.pragmas import no_fsync

INBOX, CLAIMS, FSYNC = "inbox", "claims", "fsync"


def _framework_polling() -> None:
    """Receive as aiogram does by default: handlers run while the next poll confirms."""

    async def run(self: Receiver, _room: asyncio.Event) -> None:
        dispatcher = build_dispatcher()
        feed = dispatcher.feed_update
        replier = Replier(self._bot, self._database, self._clock, Pacer(29))

        async def feed_and_reply(bot: Bot, what: Update, **_: Any) -> None:
            async with self._database.transaction() as tx:
                replies = await feed(bot, what, tx=tx, now=self._clock.now())
                crash_point("effect")
            await replier.give(replies or [])

        _replace(dispatcher, "feed_update", feed_and_reply)
        await dispatcher.start_polling(
            self._bot,
            handle_signals=False,
            close_bot_session=False,
            allowed_updates=list(ALLOWED_UPDATES),
        )

    _replace(Receiver, "run", run)


def _naive_retry() -> None:
    """Send again whatever may not have arrived."""

    async def again(tx: Transaction, which: ColumnElement[bool], error: str, now: datetime) -> int:
        queued = {"state": "queued", "due_at": now, "error": error}
        return await tx.run(update(table).where(which).values(queued))

    _replace(outbox, "_unknown", again)


def _replace(owner: object, name: str, value: object) -> None:
    assert hasattr(owner, name), f"{name} is gone: the guard was not taken off"
    setattr(owner, name, value)


OFF: Mapping[str, Callable[[], None]] = {
    INBOX: _framework_polling,
    CLAIMS: _naive_retry,
    FSYNC: no_fsync,
}


def take_off(names: Sequence[str]) -> None:
    """Take guards off in this process, for good."""
    for name in names:
        OFF[name]()
