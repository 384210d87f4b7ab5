"""Two channels side by side: each hears its own updates and says what goes to its addresses."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.delivery.handle import InboxHandler
from bot.delivery.outcomes import Delivered, Outcome, Sent
from bot.delivery.replies import Replier
from bot.delivery.send import OutboxSender
from bot.says import heard
from bot.says.heard import Heard, Words
from bot.says.said import Now, Said, Show
from bot.says.screens import Screen
from storage.database import Transaction, open_database
from storage.people.addresses import Address
from storage.people.people import Person
from storage.sending import inbox, outbox
from storage.sending.outbox import NewMessage
from tests.engines import database_in

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
NAMES = ("telegram", "other")


@dataclass
class Recording:
    """A channel that keeps what passes through it."""

    name: str
    passed: list[str] = field(default_factory=list)
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def _note(self, what: str) -> None:
        self.passed.append(what)
        if len(self.passed) == 3:
            self.complete.set()

    def hear(self, told: dict[str, Any], now: datetime) -> Heard:
        self._note(f"heard {told['text']}")
        return Words(heard.Sender(self.name, "7"), 0, now, told["text"])

    async def say(self, said: Now, heard: Heard) -> Outcome:
        assert isinstance(said, Show)
        self._note(f"said {said.screen.text} to {heard.who.channel}")
        return Delivered(Sent(1))

    async def deliver(self, claimed: outbox.Claimed) -> Outcome:
        self._note(f"delivered {claimed.content['text']} to {claimed.address.channel}")
        return Delivered(Sent(2))

    async def broadcast_turn(self, address: Address) -> None:
        assert address.channel == self.name

    def resting(self) -> dict[Address, float]:
        return {}


async def _answer(heard: Heard, _: Person | None, __: Transaction, ___: datetime) -> Sequence[Said]:
    assert isinstance(heard, Words)
    return [Show(Screen(heard.text.upper()))]


async def test_each_channel_hears_and_says_its_own(tmp_path: Path) -> None:
    channels = {name: Recording(name) for name in NAMES}
    async with open_database(database_in(tmp_path)) as database:
        clock = SystemClock()
        async with database.transaction() as tx:
            told = [(number, Address(name, "7"), json.dumps({"text": name}))
                    for number, name in enumerate(NAMES)]  # fmt: skip
            await inbox.add(tx, told, clock.now())
            for name in NAMES:
                said = {"text": name, "rows": []}
                await outbox.put(
                    tx, NewMessage(name, Address(name, "8"), "staff", 1, NOW, "show", said), NOW
                )
        replier = Replier(channels, database, clock)
        handler = InboxHandler(channels, _answer, database, clock, replier, lambda: None)
        sender = OutboxSender(channels, database, clock)
        loops = [
            asyncio.create_task(handler.run(asyncio.Event())),
            asyncio.create_task(sender.run(asyncio.Event())),
        ]
        async with asyncio.timeout(20):
            await asyncio.gather(*(channel.complete.wait() for channel in channels.values()))
        for loop in loops:
            loop.cancel()
        await asyncio.gather(handler.drain(), sender.drain())
    for name, channel in channels.items():
        assert set(channel.passed) == {
            f"heard {name}", f"said {name.upper()} to {name}", f"delivered {name} to {name}"
        }  # fmt: skip
