"""Replies: what was answered is said after its transaction was committed.

A reply that fails is not kept: the person's next tap or message shows the present screen again.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.delivery.channel import Channels
from bot.delivery.outcomes import (
    Delivered,
    NotSent,
    Outcome,
    Rejected,
    Sent,
    SlowDown,
    Unknown,
    Unreachable,
)
from bot.says.heard import Heard
from bot.says.said import Change, Later, Now, Said, Show, Toast, Unbutton
from storage.answering import invitations
from storage.database import Database
from storage.errors import StorageError
from storage.people import people
from storage.people.addresses import Address
from storage.sending import pauses

log = structlog.get_logger()

_TRIES = 3
_RETRY_SECONDS = 0.5
_LONGEST_PAUSE = 30.0
_REPEATABLE = (Change, Unbutton, Toast)
"""Said twice, these are as good as said once."""


@dataclass(frozen=True, slots=True)
class Replies:
    """What is to be said in answer to what was heard."""

    heard: Heard
    said: Sequence[Said]


class Replier:
    """Gives replies, ahead of any broadcast."""

    def __init__(self, channels: Channels, database: Database, clock: Clock) -> None:
        self._channels = channels
        self._database = database
        self._clock = clock

    async def give(self, replies: Replies) -> None:
        """Give the replies in order; those that cannot be delivered are logged and dropped."""
        for one in replies.said:
            said = await self._made(one)
            if said is None:
                continue
            outcome = await self._deliver(said, replies.heard)
            try:
                await self._note(said, replies.heard, outcome)
            except StorageError as error:
                log.error("reply_not_noted", error=type(error).__name__)

    async def _made(self, one: Said) -> Now | None:
        if not isinstance(one, Later):
            return one
        try:
            async with self._database.reading() as reader:
                return await one.make(reader)
        except Exception as error:  # noqa: BLE001 (the update is handled; the next tap asks again)
            log.error("reply_not_made", error=type(error).__name__)
            return None

    async def _deliver(self, said: Now, heard: Heard) -> Outcome:
        outcome: Outcome = NotSent("not tried")
        for _ in range(_TRIES):
            outcome = await self._channels[heard.who.channel].say(said, heard)
            match outcome:
                case SlowDown(seconds):
                    await self._hold_broadcast(seconds)
                    if seconds > _LONGEST_PAUSE:
                        return outcome
                    await asyncio.sleep(seconds)
                case NotSent():
                    await asyncio.sleep(_RETRY_SECONDS)
                case Unknown() if isinstance(said, _REPEATABLE):
                    await asyncio.sleep(_RETRY_SECONDS)
                case _:
                    return outcome
        return outcome

    async def _hold_broadcast(self, seconds: float) -> None:
        now = self._clock.now()
        with contextlib.suppress(StorageError):  # the channel asks again at the next message
            async with self._database.transaction() as tx:
                await pauses.pause(tx, now + timedelta(seconds=seconds), now)

    async def _note(self, said: Now, heard: Heard, outcome: Outcome) -> None:
        match said, outcome:
            case Show(invitation_id=int(number)), Delivered(Sent(message=int(message))):
                async with self._database.transaction() as tx:
                    await invitations.set_message(tx, number, message)
            case _, Unreachable() if not isinstance(said, Toast):
                async with self._database.transaction() as tx:
                    await people.unreachable(tx, Address(*heard.who.at), self._clock.now())
            case _, Delivered() | Rejected(unchanged=True) | Rejected(too_old=True):
                pass
            case _:
                log.warning(
                    "reply_not_delivered",
                    said=type(said).__name__,
                    outcome=type(outcome).__name__,
                )
