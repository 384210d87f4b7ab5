"""The queue of updates: handed out until confirmed, dropped when too old."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.sandbox.errors import SandboxError, conflict, refuse
from bot.sandbox.journal import Journal
from bot.sandbox.signal import Signal

DAY = 86_400.0
CALLBACK_LIFE = 150.0
LONGEST_POLL = 50
BATCH = 100
OFF_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
KINDS = {
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages",
    "message_reaction", "message_reaction_count", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll",
    "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost",
}  # fmt: skip
_REMEMBERED = 50_000
_A_MOMENT = 3.0


@dataclass(slots=True)
class Update:
    """An update that waits for its confirmation."""

    update_id: int
    body: dict[str, Any]
    expires: float

    def whole(self) -> dict[str, Any]:
        """Return Telegram's Update object."""
        return {"update_id": self.update_id, **self.body}


def kind_of(body: dict[str, Any]) -> str:
    """Return which kind of update a body is."""
    return next(iter(body), "")


def sender_of(body: dict[str, Any]) -> tuple[int, int]:
    """Return (user id, chat id) of an update's body, 0 where it has none."""
    inner = body.get(kind_of(body), {})
    chat = inner.get("chat") or inner.get("message", {}).get("chat") or {}
    return inner.get("from", {}).get("id", 0), chat.get("id", 0)


class Updates:
    """Pending updates in the order of their ids."""

    def __init__(self, lived: Callable[[], float], journal: Journal, first_id: int) -> None:
        self._lived = lived
        self._journal = journal
        self._pending: dict[int, Update] = {}
        self._bodies: dict[int, dict[str, Any]] = {}
        self._next_id = first_id
        self._earliest = float("inf")
        self._poller: object = None
        self._polled_at = float("-inf")
        self.waiting = False
        self.webhook = False
        self.allowed: set[str] | None = None
        self.arrived = Signal()
        self.progress = Signal()

    def add(self, body: dict[str, Any], update_id: int | None = None) -> int:
        """Queue an update; return its id, 0 when the bot did not ask for this kind."""
        kind = kind_of(body)
        if not self._wanted(kind):
            return 0
        fresh = update_id is None
        number = self._next_id if update_id is None else update_id
        if number in self._pending:
            message = f"An update with the id {number} is already waiting."
            raise SandboxError(message)
        self._next_id = max(self._next_id, number + 1)
        life = CALLBACK_LIFE if kind == "callback_query" else DAY
        update = Update(number, body, self._lived() + life)
        self._pending[number] = update
        self._earliest = min(self._earliest, update.expires)
        if not fresh:
            self._pending = dict(sorted(self._pending.items()))
        self._remember(update)
        self.arrived.bump()
        return number

    def _wanted(self, kind: str) -> bool:
        return kind not in OFF_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def _remember(self, update: Update) -> None:
        self._bodies[update.update_id] = update.body
        if len(self._bodies) > _REMEMBERED:
            del self._bodies[next(iter(self._bodies))]
        user_id, chat_id = sender_of(update.body)
        self._journal.record(
            "update",
            update_id=update.update_id,
            user_id=user_id,
            chat_id=chat_id,
            update=update.whole(),
        )

    def body(self, update_id: int) -> dict[str, Any] | None:
        """Return the body of an update, confirmed or not, if it is still remembered."""
        return self._bodies.get(update_id)

    def pending(self) -> list[Update]:
        """Return the updates that are not confirmed."""
        self.drop_expired()
        return list(self._pending.values())

    def __len__(self) -> int:
        return len(self._pending)

    def confirmed(self, update_id: int) -> bool:
        """Return whether an update was there and is gone."""
        return update_id in self._bodies and update_id not in self._pending

    def confirm(self, update_ids: Iterable[int], **how: Any) -> None:
        """Take updates out of the queue because the bot said that it has them."""
        gone = [number for number in update_ids if self._pending.pop(number, None)]
        if gone:
            self._journal.record("confirm", update_ids=gone, **how)
            self.progress.bump()

    def drop_all(self) -> None:
        """Forget what waits (drop_pending_updates)."""
        self.confirm(list(self._pending), offset=None, dropped=True)

    def drop_expired(self) -> None:
        """Drop what Telegram would no longer keep."""
        lived = self._lived()
        if lived < self._earliest:
            return
        gone = [u.update_id for u in self._pending.values() if u.expires <= lived]
        for number in gone:
            del self._pending[number]
        self._earliest = min((u.expires for u in self._pending.values()), default=float("inf"))
        if gone:
            self._journal.record("expired", update_ids=gone)
            self.progress.bump()

    def allow(self, kinds: list[str] | None) -> None:
        """Remember which kinds the bot wants; None keeps what was said before."""
        if kinds is None:
            return
        if unknown := set(kinds) - KINDS:
            refuse(f'unknown update type "{min(unknown)}" in allowed_updates')
        self.allowed = set(kinds) or None

    @property
    def polling(self) -> bool:
        """Whether the bot waits for updates, or did a moment ago."""
        return self.waiting or time.monotonic() - self._polled_at < _A_MOMENT

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """Confirm below `offset`, wait for updates, return a batch; a second poller ends this."""
        me = self._poller = object()
        self._confirm_below(offset)
        self.arrived.bump()
        deadline = time.monotonic() + seconds
        self.waiting = True
        self.progress.bump()
        try:
            return await self._batch(me, limit, deadline)
        finally:
            if self._poller is me:
                self.waiting = False
                self._polled_at = time.monotonic()

    async def _batch(self, me: object, limit: int, deadline: float) -> list[Update]:
        while True:
            self.drop_expired()
            if self._pending:
                return list(islice(self._pending.values(), limit))
            try:
                left = max(0.0, deadline - time.monotonic())
                await self.arrived.changed(self.arrived.version, left)
            except TimeoutError:
                return []
            if self._poller is not me:
                refuse(
                    conflict(
                        "terminated by other getUpdates request; "
                        "make sure that only one bot instance is running"
                    )
                )

    def _confirm_below(self, offset: int) -> None:
        self.drop_expired()
        if offset < 0:
            ids = list(self._pending)[:offset]
        else:
            ids = []
            for number in self._pending:
                if number >= offset:
                    break
                ids.append(number)
        self.confirm(ids, offset=offset)
