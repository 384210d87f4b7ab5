"""The control API over HTTP: the acts and views of `Sandbox` as JSON, under a secret path."""

import base64
import binascii
import inspect
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.acts import ChatTap
from bot.sandbox.clock import told_after
from bot.sandbox.errors import SandboxError
from bot.sandbox.page import add_page
from bot.sandbox.sandbox import Sandbox

LONGEST_WAIT = 60.0
_PATHS = {"contact": "share_contact", "document": "send_document", "photo": "send_photo",
          "voice": "send_voice"}  # fmt: skip
ACTS = (
    "start", "say", "tap", "contact", "document", "photo", "voice", "block", "unblock",
    "deactivate", "inject", "replay", "migrate",
)  # fmt: skip

HttpHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_control(app: web.Application, sandbox: Sandbox) -> None:
    """Add the control API's routes."""
    control = _Control(sandbox)
    base = f"/sim/{sandbox.secret}"
    for path in ACTS:
        act = getattr(sandbox, _PATHS.get(path, path))
        app.router.add_post(f"{base}/{path}", _guarded(_act(act)))
    for method, path, handler in (
        ("GET", "users", control.users),
        ("POST", "users", _act(sandbox.add_user)),
        ("POST", "introduce", _act(sandbox.introduce)),
        ("POST", "pace", _act(sandbox.set_pace)),
        ("POST", "groups", _act(sandbox.add_group)),
        ("GET", "chats", control.chats),
        ("GET", "chat/{chat_id:-?[0-9]+}", control.chat),
        ("GET", "updates", control.updates),
        ("GET", "journal", control.journal),
        ("GET", "rates", control.rates),
        ("GET", "state", control.state),
        ("GET", "commands/{user_id:[0-9]+}", control.commands),
        ("GET", "file/{file_id}", control.file),
        ("GET", "faults", control.faults),
        ("POST", "faults", control.add_fault),
        ("DELETE", "faults", control.clear_faults),
        ("DELETE", "faults/{id:[0-9]+}", control.remove_fault),
        ("GET", "clock", control.clock),
        ("POST", "clock", control.set_clock),
    ):
        app.router.add_route(method, f"{base}/{path}", _guarded(handler))
    add_page(app, sandbox, base)


def _guarded(handler: HttpHandler) -> HttpHandler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except SandboxError as error:
            return _json({"error": str(error)}, status=400)
        except (ValueError, TypeError) as error:
            return _json({"error": f"Not understood: {error}"}, status=400)

    return guarded


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(text=json.dumps(body), status=status, content_type="application/json")


async def _object(request: web.Request) -> dict[str, Any]:
    if request.content_type == "multipart/form-data":
        return await _form(request)
    given = json.loads(await request.read() or b"{}")
    if not isinstance(given, dict):
        message = "a JSON object is expected"
        raise TypeError(message)
    if "content" in given:
        try:
            given["content"] = base64.b64decode(given["content"], validate=True)
        except binascii.Error as error:
            message = "content must be base64"
            raise ValueError(message) from error
    return given


async def _form(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            given[name] = value.file.read()
            given.setdefault("name", value.filename)
        else:
            text = str(value)
            given[name] = int(text) if name in {"user_id", "chat_id", "duration"} else text
    return given


def _act(act: Callable[..., object]) -> HttpHandler:
    takes = set(inspect.signature(act).parameters)

    async def handle(request: web.Request) -> web.StreamResponse:
        given = await _object(request)
        if request.content_type == "multipart/form-data":
            given = {name: value for name, value in given.items() if name in takes}
        if unknown := given.keys() - takes:
            message = f"unknown {min(unknown)!r}; it takes {', '.join(sorted(takes))}"
            raise TypeError(message)
        result = act(**given)
        if isinstance(result, ChatTap):
            return _json({"update_id": result.update_id, "query_id": result.query_id})
        return _json({"result": result})

    return handle


class _Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def users(self, _: web.Request) -> web.Response:
        return _json([self._sandbox.user_view(u) for u in self._sandbox.users.values()])

    async def chats(self, _: web.Request) -> web.Response:
        world = self._sandbox.world
        return _json(
            [world.chat_body(c) | {"version": c.signal.version} for c in world.chats.values()]
        )

    async def chat(self, request: web.Request) -> web.Response:
        chat_id = int(request.match_info["chat_id"])
        after = int(request.query.get("after", -1))
        seconds = min(float(request.query.get("timeout", 0)), LONGEST_WAIT)
        if seconds and self._sandbox.version(chat_id) <= after:
            try:
                await self._sandbox.changed(chat_id, after, seconds)
            except TimeoutError:
                return _json(self._sandbox.chat_view(chat_id))
        return _json(self._sandbox.chat_view(chat_id))

    async def updates(self, _: web.Request) -> web.Response:
        return _json(self._sandbox.unconfirmed())

    async def journal(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", 0))
        limit = int(request.query.get("limit", 1000))
        return _json(self._sandbox.journal.since(after, limit))

    async def rates(self, _: web.Request) -> web.Response:
        rates = self._sandbox.rates
        return _json(
            {
                "total": rates.total,
                "most_in_a_second": rates.most_in_a_second,
                "most_in_a_chat": rates.most_in_a_chat,
            }
        )

    async def state(self, _: web.Request) -> web.Response:
        return _json(self._sandbox.state())

    async def commands(self, request: web.Request) -> web.Response:
        return _json(self._sandbox.commands(int(request.match_info["user_id"])))

    async def file(self, request: web.Request) -> web.Response:
        stored = self._sandbox.world.files.by_id(request.match_info["file_id"])
        if stored is None:
            return _json({"error": "There is no such file."}, status=404)
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
            "img-src 'self' data:; media-src 'self'",
        }
        shown = quote(stored.name)
        headers["Content-Disposition"] = f"inline; filename*=UTF-8''{shown}"
        return web.Response(body=stored.content, content_type=stored.mime, headers=headers)

    async def faults(self, _: web.Request) -> web.Response:
        return _json([rule.told() for rule in self._sandbox.faults.rules])

    async def add_fault(self, request: web.Request) -> web.Response:
        return _json({"id": self._sandbox.faults.add(await _object(request))})

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._sandbox.faults.clear()
        return _json({})

    async def remove_fault(self, request: web.Request) -> web.Response:
        self._sandbox.faults.remove(int(request.match_info["id"]))
        return _json({})

    async def clock(self, request: web.Request) -> web.Response:
        clock = self._sandbox.clock
        after = int(request.query.get("after", 0))
        seconds = min(float(request.query.get("timeout", 0)), LONGEST_WAIT)
        if seconds > 0 and request.transport is not None:
            clock.follows(request.transport, after)
        return _json(await told_after(clock, after, seconds))

    async def set_clock(self, request: web.Request) -> web.Response:
        given = await _object(request)
        clock = self._sandbox.clock
        match given:
            case {"set": str(moment)}:
                await clock.set(datetime.fromisoformat(moment))
            case {"go_to": "tomorrow" | "next_month" as day}:
                await clock.go_to(day)
            case {"advance": int() | float() as seconds}:
                await clock.advance(seconds)
            case {"speed": int() | float() as speed}:
                await clock.set_speed(speed)
            case _:
                message = 'one of {"set": iso}, {"advance": seconds}, {"go_to": day}, {"speed": x}'
                raise ValueError(message)
        return _json(clock.told())
