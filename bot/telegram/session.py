"""One way to Telegram, directly or by one proxy; each failure of it gets its name here.

What goes wrong before the request is written certainly did not arrive and may be tried again. What
goes wrong afterwards may have arrived. The exception alone does not tell the two apart: a timeout
is possible in both, and each kind of proxy, TLS and DNS has errors of its own. So the HTTP client's
tracing says how far a request had come.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from contextvars import ContextVar
from enum import Enum
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError
from aiogram.methods import GetFile, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientError, ClientSession, ClientTimeout, TraceConfig

CONNECT_SECONDS = 10.0
"""Seconds for a connection, the proxy's consent and TLS included."""
_A_FILE = GetFile(file_id="")


class NotReached(TelegramNetworkError):
    """No connection was made and nothing of the request was written. `kind` names the cause."""

    def __init__(self, method: TelegramMethod[Any], cause: BaseException) -> None:
        self.kind = type(cause).__name__
        super().__init__(method=method, message=f"not reached: {self.kind}")


Content = dict[str, Any]


class Call(TelegramMethod[Any]):
    """A call as JSON, answered by JSON: no model is made of either.

    Every tap makes two, and aiogram's models of a message cost more than the message.
    """

    __returning__ = Any
    name: str
    content: Content

    @property
    def __api_method__(self) -> str:  # type: ignore[override]  # aiogram's is of a class
        """The method's name in the Bot API."""
        return self.name

    @classmethod
    def of(cls, name: str, content: Content) -> "Call":
        """Return a call; its content is what JSON can hold."""
        return cls.model_construct(name=name, content=content)


class _Stage(Enum):
    PREPARING = "preparing"
    CONNECTING = "connecting"
    WRITING = "writing"


class _Request:
    """How far a request has come."""

    def __init__(self) -> None:
        self.stage = _Stage.PREPARING

    def fate(self, method: TelegramMethod[Any], error: Exception) -> Exception:
        """Return what the caller is to learn of an error."""
        cause = error.__cause__ if isinstance(error, TelegramNetworkError) else None
        if self.stage is _Stage.CONNECTING:
            return NotReached(method, cause or error)
        known = isinstance(error, TelegramAPIError | ClientDecodeError)
        if self.stage is _Stage.WRITING and not known and isinstance(error, _OF_THE_NETWORK):
            return TelegramNetworkError(method, type(error).__name__)
        return error


_OF_THE_NETWORK = (ClientError, OSError, EOFError, UnicodeError)
"""Errors of the network, and of an answer that is no JSON: the other side may not be Telegram."""
_under_way: ContextVar[_Request] = ContextVar("the request that this task makes")


class DirectSession(AiohttpSession):
    """aiogram's session, whose errors are Telegram's answers, `NotReached` or a broken network."""

    async def create_session(self) -> ClientSession:
        """Return the HTTP client, which says how far a request has come."""
        session = await super().create_session()
        if not session.trace_configs:
            session.trace_configs.append(_tracing())
        return session

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 (aiogram's)
    ) -> TelegramType:
        """Make a call; raise `NotReached` where it certainly had no effect."""
        seconds = self.timeout if timeout is None else timeout
        limits = ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        request = _Request()
        _under_way.set(request)
        try:
            if isinstance(method, Call):
                return cast("TelegramType", await self._made(bot, method, limits))
            # aiogram hands its timeout on, so it may be one with a limit for each stage.
            return await super().make_request(bot, method, cast("int", limits))
        except Exception as error:
            told = request.fate(method, error)
            if told is error:
                raise
            raise told from (error.__cause__ or error)

    async def _made(self, bot: Bot, call: Call, limits: ClientTimeout) -> Any:  # noqa: ANN401 (JSON)
        """Make a call of plain JSON; every answer but a good one is aiogram's to judge."""
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=call.name)
        try:
            async with session.post(url, json=call.content, timeout=limits) as response:
                status, answered = response.status, await response.text()
        except TimeoutError as error:
            raise TelegramNetworkError(method=call, message="Request timeout error") from error
        except ClientError as error:
            message = f"{type(error).__name__}: {error}"
            raise TelegramNetworkError(method=call, message=message) from error
        with suppress(ValueError):
            answer = json.loads(answered)
            if status == HTTPStatus.OK and isinstance(answer, dict) and answer.get("ok") is True:
                return answer.get("result")
        return self.check_response(bot, call, status, answered).result

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 (aiogram's)
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Yield a file's bytes; raise `NotReached` before the first of them."""
        request = _Request()
        _under_way.set(request)
        try:
            async for chunk in super().stream_content(
                url, headers, timeout, chunk_size, raise_for_status
            ):
                yield chunk
        except Exception as error:
            told = request.fate(_A_FILE, error)
            if told is error:
                raise
            raise told from error


def _tracing() -> TraceConfig:
    tracing = TraceConfig()
    tracing.on_request_start.append(_connecting)
    tracing.on_request_headers_sent.append(_writing)
    tracing.freeze()
    return tracing


async def _connecting(_: ClientSession, __: SimpleNamespace, ___: object) -> None:
    _under_way.get().stage = _Stage.CONNECTING


async def _writing(_: ClientSession, __: SimpleNamespace, ___: object) -> None:
    _under_way.get().stage = _Stage.WRITING
