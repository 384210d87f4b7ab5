"""Spacing of messages as Telegram asks: so many a second over all chats, one a second in a chat.

Evenly spaced deadlines without catching up: a bucket of thirty lets fifty-nine into one second.
A program that is woken late still makes up for less than one interval, each time; so the moments at
which messages really went are looked at as well, a little more than a second back.
A chat that spoke a moment ago waits by itself: nobody else waits for it.
"""

import asyncio
from collections import deque

from storage.people.addresses import Address

CHAT_INTERVAL = 1.0
_MOST_A_SECOND = 30
"""How many Telegram takes."""


class Pacer:
    """Hands out moments to send at; a person waiting for a reply passes the broadcast."""

    def __init__(self, messages_per_second: float, begins_in: float = 0.0) -> None:
        """Begin after so many seconds: another program may have sent until now."""
        self._interval = 1 / messages_per_second
        self._free_at = asyncio.get_running_loop().time() + begins_in if begins_in else 0.0
        most = int(messages_per_second) + 1
        if messages_per_second <= _MOST_A_SECOND:
            most = min(most, _MOST_A_SECOND)
        self._gone: deque[float] = deque(maxlen=most)
        # Longer than a second as far as the rate allows: on their way messages may draw together.
        self._window = max(1.0, (most - 0.1) / messages_per_second)
        self._chats: dict[Address, float] = {}
        self._broadcast = asyncio.Lock()
        self._people_waiting = 0
        self._nobody_waiting = asyncio.Event()
        self._nobody_waiting.set()

    async def reply_turn(self, chat: Address) -> None:
        """Wait for the chat's next free moment, then for one before any broadcast message."""
        await self.chat_turn(chat)
        self._people_waiting += 1
        self._nobody_waiting.clear()
        try:
            await self._message_turn()
        finally:
            self._people_waiting -= 1
            if not self._people_waiting:
                self._nobody_waiting.set()

    async def broadcast_turn(self) -> None:
        """Wait until a message that nobody waits for may be sent."""
        async with self._broadcast:
            await self._nobody_waiting.wait()
            await self._message_turn()

    async def chat_turn(self, chat: Address) -> None:
        """Wait until this chat has been quiet for a second."""
        await self._sleep_until(self._claim_chat(chat))

    def resting(self) -> dict[Address, float]:
        """Return the chats that may not be written to yet, and in how many seconds they may."""
        now = asyncio.get_running_loop().time()
        self._chats = {chat: moment for chat, moment in self._chats.items() if moment > now}
        return {chat: moment - now for chat, moment in self._chats.items()}

    async def _message_turn(self) -> None:
        await self._sleep_until(self._claim_moment())
        loop = asyncio.get_running_loop()
        while len(self._gone) == self._gone.maxlen and self._gone[0] + self._window > loop.time():
            await self._sleep_until(self._gone[0] + self._window)
        self._gone.append(loop.time())

    def _claim_moment(self) -> float:
        moment = max(self._free_at, asyncio.get_running_loop().time())
        self._free_at = moment + self._interval
        return moment

    def _claim_chat(self, chat: Address) -> float:
        moment = max(self._chats.get(chat, 0.0), asyncio.get_running_loop().time())
        self._chats[chat] = moment + CHAT_INTERVAL
        return moment

    @staticmethod
    async def _sleep_until(moment: float) -> None:
        delay = moment - asyncio.get_running_loop().time()
        if delay > 0:
            await asyncio.sleep(delay)
