"""The HTTP server: the Bot API as Telegram serves it, and the control API beside it."""

import json
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from aiohttp import web
from aiohttp.web_request import FileField

from bot.private_files import append_privately
from bot.sandbox.api import Api, ApiResponse, answer_after
from bot.sandbox.clock import SandboxClock
from bot.sandbox.content.files import LARGEST_UPLOAD, MEGABYTE
from bot.sandbox.control import add_control
from bot.sandbox.errors import ApiError, refuse
from bot.sandbox.journal import Journal
from bot.sandbox.parameters import Upload
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import World

BOT_ID = 7_000_000_001
_JSON = "application/json"


def made_up_token() -> str:
    """Return a token that looks like Telegram's."""
    return f"{BOT_ID}:{secrets.token_urlsafe(26)}"


def _bot(token: str, username: str) -> dict[str, Any]:
    flags = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    bot_id = int(token.split(":", maxsplit=1)[0])
    return {"id": bot_id, "is_bot": True, "first_name": "Otklik", "username": username} | flags


@asynccontextmanager
async def run(  # noqa: PLR0913 (the command line's options)
    host: str = "127.0.0.1",
    port: int = 0,
    token: str | None = None,
    *,
    journal: Path | None = None,
    now: datetime | None = None,
    speed: float = 1.0,
    faults: Iterable[Mapping[str, Any]] = (),
    bot_username: str = "otklik_local_bot",
    secret: str | None = None,
    zone: str = "UTC",
) -> AsyncIterator[Sandbox]:
    """Serve a local Telegram; port 0 takes a free one. Yields the `Sandbox` that runs it."""
    token = token or made_up_token()
    secret = secret or secrets.token_urlsafe(16)
    clock = SandboxClock(now, speed, zone)
    file = _opened(journal)
    world = World(_bot(token, bot_username), clock, Journal(clock.now, file))
    world.journal.record("start", bot_id=world.bot["id"], username=bot_username)
    world.faults.add_all(faults)
    api = Api(world)
    sandbox = Sandbox(world, token, "", secret)
    runner = web.AppRunner(
        _application(api, sandbox), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_address=True).start()
        shown = f"[{host}]" if ":" in host else host
        sandbox.base_url = f"http://{shown}:{runner.addresses[0][1]}"
        yield sandbox
    finally:
        await api.webhook.close()
        await runner.cleanup()
        if file is not None:
            file.close()


def _opened(journal: Path | None) -> TextIO | None:
    if journal is None:
        return None
    journal.parent.mkdir(parents=True, exist_ok=True)
    return append_privately(journal)


def _application(api: Api, sandbox: Sandbox) -> web.Application:
    app = web.Application(client_max_size=LARGEST_UPLOAD + MEGABYTE)
    serve = _BotApi(api, sandbox.token)
    app.router.add_route("*", "/bot{token}/{method}", serve.call)
    app.router.add_get("/file/bot{token}/{path:.+}", serve.file)
    add_control(app, sandbox)
    return app


class _BotApi:
    def __init__(self, api: Api, token: str) -> None:
        self._api = api
        self._token = token

    async def call(self, request: web.Request) -> web.StreamResponse:
        refused = self._stranger(request)
        if refused is not None:
            return refused
        try:
            given = await _parameters(request)
        except ApiError as error:
            return _response(ApiResponse(error.code, error.body()))
        answer = await answer_after(await self._api.call(request.match_info["method"], given))
        if answer.cut and request.transport is not None:
            request.transport.abort()
        return _response(answer)

    async def file(self, request: web.Request) -> web.StreamResponse:
        refused = self._stranger(request)
        if refused is not None:
            return refused
        stored = self._api.world.files.by_path(request.match_info["path"])
        if stored is None:
            error = ApiError(404, "Not Found")
            return _response(ApiResponse(404, error.body()))
        return web.Response(body=stored.content, content_type="application/octet-stream")

    def _stranger(self, request: web.Request) -> web.Response | None:
        if secrets.compare_digest(request.match_info["token"].encode(), self._token.encode()):
            return None
        error = ApiError(401, "Unauthorized")
        return _response(ApiResponse(401, error.body()))


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Return what a request gives: query, form, multipart or JSON; attached files put in place."""
    given: dict[str, Any] = dict(request.query)
    if request.method not in {"GET", "POST"}:
        refuse(ApiError(405, "Method Not Allowed"))
    try:
        if request.content_type == _JSON:
            given |= _json_object(await request.read())
        elif request.can_read_body:
            form = await request.post()
            given |= {name: _value(value) for name, value in form.items()}
    except web.HTTPRequestEntityTooLarge:
        refuse(ApiError(413, "Request Entity Too Large"))
    except (UnicodeDecodeError, ValueError, AssertionError):
        refuse("strings must be encoded in UTF-8")
    return _attached(given)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        refuse("can't parse JSON object")
    if not isinstance(given, dict):
        refuse("JSON object expected")
    return given


def _value(value: str | bytes | bytearray | FileField) -> Any:
    if isinstance(value, FileField):
        return Upload(value.filename, value.file.read(), value.content_type)
    return value if isinstance(value, str) else bytes(value).decode()


def _attached(given: dict[str, Any]) -> dict[str, Any]:
    """Put files that came as attach://name where they belong."""
    used = set()
    placed = dict(given)
    for name, value in given.items():
        if isinstance(value, str) and value.startswith("attach://"):
            part = value.removeprefix("attach://")
            if not isinstance(given.get(part), Upload):
                refuse(f"can't find the attached file {part}")
            placed[name] = given[part]
            used.add(part)
    return {name: value for name, value in placed.items() if name not in used}


def _response(answer: ApiResponse) -> web.Response:
    headers = {}
    if wait := answer.body.get("parameters", {}).get("retry_after"):
        headers["Retry-After"] = str(wait)
    return web.Response(
        text=json.dumps(answer.body, separators=(",", ":")),
        status=answer.status or 500,
        content_type=_JSON,
        headers=headers,
    )
