"""A local Telegram for tests of anything that talks to one.

Import the fixtures where they are wanted: `from tests.telegram import sandbox, api`.
"""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run

TOKEN = "7000000001:a-token-for-tests-only-and-nothing-else"
MORNING = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)

Answer = dict[str, Any]
Call = Callable[..., Coroutine[Any, Any, Answer]]
Sim = Callable[..., Coroutine[Any, Any, Any]]


def local_telegram() -> AbstractAsyncContextManager[Sandbox]:
    """Run a local Telegram on a free port; its clock stands at a September morning."""
    return run(token=TOKEN, now=MORNING, speed=0)


@asynccontextmanager
async def calling(sandbox: Sandbox) -> AsyncIterator[Call]:
    """Yield what calls a Bot API method by name and returns the whole answer, refusals too."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **parameters: Any) -> Answer:
            url = f"{sandbox.base_url}/bot{sandbox.token}/{method}"
            async with session.post(url, json=parameters) as response:
                answer: Answer = json.loads(await response.read())
            assert response.status == answer.get("error_code", 200)
            return answer

        yield call


@asynccontextmanager
async def controlling(sandbox: Sandbox) -> AsyncIterator[Sim]:
    """Yield what calls the control API: sim("POST", "say", user_id=…, text=…)."""
    async with aiohttp.ClientSession() as session:

        async def call(verb: str, path: str, **body: Any) -> Any:  # noqa: ANN401 (JSON)
            url = f"{sandbox.sim_url}/{path}"
            async with session.request(verb, url, json=body or None) as response:
                return json.loads(await response.read())

        yield call


def add_ann(sandbox: Sandbox) -> int:
    """Add a customer who has started the bot."""
    return sandbox.add_user(
        "Ann", last_name="Lee", username="ann_lee", phone="+79120000001", started=True
    )


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A local Telegram."""
    async with local_telegram() as running:
        yield running


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Call]:
    """Call the Bot API."""
    async with calling(sandbox) as call:
        yield call


@pytest.fixture
async def sim(sandbox: Sandbox) -> AsyncIterator[Sim]:
    """Call the control API."""
    async with controlling(sandbox) as call:
        yield call


@pytest.fixture
def ann(sandbox: Sandbox) -> int:
    """A customer who has started the bot."""
    return add_ann(sandbox)
