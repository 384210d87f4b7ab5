"""Guards taken off, to show that each one matters: its figure must go red without it."""

import asyncio
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from aiohttp import web
from sqlalchemy import ColumnElement, update

from bot import serving
from bot.chat.conversation import answer
from bot.chat.surveys import progress
from bot.chat.surveys.sheets import Handles
from bot.crashing import crash_point
from bot.delivery.handle import InboxHandler
from bot.delivery.replies import Replier, Replies
from bot.operations.campaigns import low_score_alerts
from bot.says.said import Said
from bot.says.taps import SurveyTap, unpack
from bot.telegram import hear
from bot.telegram.channel import Telegram
from bot.telegram.receive import ALLOWED_UPDATES, Receiver
from bot.web import asked
from bot.web.signing import Signer
from bot.web.site import Pages
from storage.database import Transaction
from storage.engine.connection import Connection
from storage.people import people
from storage.people.addresses import TELEGRAM, Address
from storage.replicas import lease
from storage.replicas.seat import SharedSeat
from storage.sending import outbox
from storage.sending.inbox import InboxRow
from storage.tables.delivery import outbox as table
from tests.prove.pragmas import no_fsync

INBOX, CLAIMS, FSYNC, BOUNDS = "inbox", "claims", "fsync", "bounds"
POSTS, ONCE, APART, FENCE = "posts", "once", "apart", "fence"
_A_DAY = 86_400
_A_MOMENT = 0.05


def _framework_polling() -> None:
    """Receive as aiogram does by default: handlers run while the next poll confirms."""

    async def run(self: Receiver, _room: asyncio.Event) -> None:
        dispatcher, handles = Dispatcher(), Handles()
        telegram = Telegram(self._bot, 29)
        replier = Replier({TELEGRAM: telegram}, self._database, self._clock)

        async def answer_and_reply(_: Bot, what: Update, **__: Any) -> None:
            async with self._database.transaction() as tx:
                now = self._clock.now()
                told = what.model_dump(mode="json", by_alias=True, exclude_unset=True)
                heard = hear.heard(told, now)
                said: Sequence[Said] = []
                if heard is not None:
                    person = await people.by_address(tx, Address(*heard.who.at))
                    said = await answer(heard, person, tx, now, handles)
                crash_point("effect")
            if heard is not None:
                await replier.give(Replies(heard, said))

        _replace(dispatcher, "feed_update", answer_and_reply)
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


def _boundless() -> None:
    """Let any number of connections be opened, and wait for each one's request for ever."""
    _replace(serving, "MOST_CONNECTIONS", sys.maxsize)
    _replace(serving, "HEADER_SECONDS", float(_A_DAY))


def _hasty_pages() -> None:
    """Answer a form before what it did is committed."""
    take, begun = Pages._take, set[asyncio.Task[web.Response]]()

    async def hastily(self: Pages, request: web.Request) -> web.Response:
        form = await asked.form_of(request)  # the body is read once, and kept with the request
        if not isinstance(unpack(form.do), SurveyTap):
            return await take(self, request)

        async def later() -> web.Response:
            await asyncio.sleep(_A_MOMENT)
            return await take(self, request)

        task = asyncio.create_task(later())
        begun.add(task)
        task.add_done_callback(begun.discard)
        await asyncio.wait({task}, timeout=_A_MOMENT / 2)
        return web.Response(status=303, headers={"Location": request.path})

    _replace(Pages, "_take", hastily)


def _new_each_time() -> None:
    """Make a new personal link of each consent, also where the same form is sent again."""

    def newcomer(_: Signer, _token: str, _form: str) -> str:
        return secrets.token_urlsafe(24)

    _replace(Signer, "newcomer", newcomer)


def _case_apart() -> None:
    """Open cases in a transaction of their own, after that of the answer."""
    left: list[tuple[Any, ...]] = []

    async def later(_: Transaction, *told: object) -> None:
        left.append(told)

    effect = InboxHandler._effect

    async def apart(self: InboxHandler, row: InboxRow) -> tuple[Replies | None, bool]:
        found = await effect(self, row)
        while left:
            crash_point(APART)
            told = left.pop()
            async with self._database.transaction() as tx:
                await low_score_alerts.tell_low_score(tx, *told)
        return found

    _replace(progress, "tell_low_score", later)
    _replace(InboxHandler, "_effect", apart)


def _unfenced() -> None:
    """Let a replica lead on after its lease, whoever leads by then."""
    from storage.engine.postgres.source import PostgresSource  # noqa: PLC0415 (SQLite never needs it)

    renew = lease.renew

    async def renewed(line: Connection, token: int, seal: str | None) -> bool:
        await renew(line, token, seal)
        return True

    _replace(lease, "renew", renewed)
    _replace(PostgresSource, "fence_of", staticmethod(lambda _: "SELECT 1"))
    _replace(SharedSeat, "_is_sure", lambda _: True)


def _replace(owner: object, name: str, value: object) -> None:
    assert hasattr(owner, name), f"{name} is gone: the guard was not taken off"
    setattr(owner, name, value)


OFF: Mapping[str, Callable[[], None]] = {
    INBOX: _framework_polling,
    CLAIMS: _naive_retry,
    FSYNC: no_fsync,
    BOUNDS: _boundless,
    POSTS: _hasty_pages,
    ONCE: _new_each_time,
    APART: _case_apart,
    FENCE: _unfenced,
}


def take_off(names: Sequence[str]) -> None:
    """Take guards off in this process, for good."""
    for name in names:
        OFF[name]()
