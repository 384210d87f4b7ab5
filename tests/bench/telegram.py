"""A Telegram that costs little: ``python -m tests.bench.telegram PORT``.

It hands out taps and takes whatever is called, without looking at it, so that what a bench measures
is the bot. `POST /tap` with a count begins: each chat that has a message with buttons taps one,
and taps the next when the message was edited. The answer to that call comes when all is over.
"""

import asyncio
import json
import random
import sys
from collections import deque
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

LONGEST_POLL = 1.0


class Telegram:
    """Chats by their id: the message and the buttons each of them sees last."""

    def __init__(self) -> None:
        self.updates: deque[dict[str, Any]] = deque()
        self.arrived = asyncio.Event()
        self.screens: dict[int, tuple[int, list[str]]] = {}
        self.sent: list[float] = []
        self.polls = 0
        self.left = 0
        self.under_way: set[int] = set()
        self.over = asyncio.Event()
        self.waits: list[float] = []
        self._tapped: dict[int, float] = {}
        self._update_ids = count(1)
        self._message_ids = count(1)
        self._dice = random.Random(1)

    def call(self, method: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 (JSON)
        """Answer a call as Telegram would, as far as a bot reads it."""
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "bot", "username": "bench_bot"}
        if method == "sendMessage":
            self.sent.append(asyncio.get_running_loop().time())
            return self._shown(int(body["chat_id"]), next(self._message_ids), body)
        if method == "editMessageText":
            chat = int(body["chat_id"])
            message = self._shown(chat, int(body["message_id"]), body)
            if chat in self._tapped:
                self.waits.append(asyncio.get_running_loop().time() - self._tapped.pop(chat))
            self._next(chat)
            return message
        return True

    def _shown(self, chat: int, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        markup = body.get("reply_markup") or {}
        if isinstance(markup, str):
            markup = json.loads(markup)
        rows = markup.get("inline_keyboard", [])
        buttons = [button["callback_data"] for row in rows for button in row]
        if buttons:
            self.screens[chat] = message_id, buttons
        text = body.get("text", "")
        return {"message_id": message_id, "date": 1, "chat": _chat(chat), "text": text}

    def begin(self, taps: int, most: int) -> None:
        """Let the first `most` chats tap, until there were so many taps."""
        chats = list(self.screens)[:most]
        self.left, self.under_way, self.waits = taps, set(chats), []
        self.over.clear()
        for chat in chats:
            self._next(chat)

    def _next(self, chat: int) -> None:
        if chat not in self.under_way:
            return
        if self.left == 0:
            self.under_way.discard(chat)
            if not self.under_way:
                self.over.set()
            return
        self.left -= 1
        self._tapped[chat] = asyncio.get_running_loop().time()
        message_id, buttons = self.screens[chat]
        message = {"message_id": message_id, "date": 1, "chat": _chat(chat), "text": "…"}
        markup = [[{"text": data, "callback_data": data}] for data in buttons]
        message["reply_markup"] = {"inline_keyboard": markup}
        tap = {
            "id": str(self.left),
            "from": _user(chat),
            "chat_instance": "1",
            "message": message,
            "data": self._dice.choice(buttons),
        }
        self.updates.append({"update_id": next(self._update_ids), "callback_query": tap})
        self.arrived.set()

    async def poll(self) -> list[dict[str, Any]]:
        """Return up to a hundred updates, or none after a while."""
        self.polls += 1
        if not self.updates:
            self.arrived.clear()
            try:
                await asyncio.wait_for(self.arrived.wait(), LONGEST_POLL)
            except TimeoutError:
                return []
        return [self.updates.popleft() for _ in range(min(100, len(self.updates)))]


def _user(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": f"Клиент {chat}", "language_code": "ru"}


def _chat(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private", "first_name": f"Клиент {chat}"}


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = await request.json()
        return found
    if request.content_type == "multipart/form-data":
        return dict((await request.post()).items())
    return {name: values[0] for name, values in parse_qs(await request.text()).items()}


def application(telegram: Telegram) -> web.Application:
    """Return the server: the Bot API below /botTOKEN/, the bench's own calls beside it."""

    async def api(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        body = await _body(request)
        result = await telegram.poll() if method == "getUpdates" else telegram.call(method, body)
        return web.json_response({"ok": True, "result": result})

    async def tap(request: web.Request) -> web.Response:
        wanted = await request.json()
        for chat in range(1, wanted.get("chats", 0) + 1):  # for bots that send nothing first
            telegram.screens.setdefault(chat, (chat, [str(score) for score in range(11)]))
        telegram.begin(wanted["taps"], wanted.get("most", len(telegram.screens)))
        await telegram.over.wait()
        return web.json_response({"waits": telegram.waits})

    async def told(_: web.Request) -> web.Response:
        seen = {"chats": len(telegram.screens), "sent": telegram.sent, "polls": telegram.polls}
        return web.json_response(seen)

    async def screens(_: web.Request) -> web.Response:
        return web.json_response(telegram.screens)

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", api)
    app.router.add_post("/tap", tap)
    app.router.add_get("/told", told)
    app.router.add_get("/screens", screens)
    return app


if __name__ == "__main__":
    web.run_app(application(Telegram()), host="127.0.0.1", port=int(sys.argv[1]), print=None)
