"""Fixtures for whole paths: the local Telegram, a small company, the real bot."""

import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.telegram import pacing
from tests.bot.world import World, small_world


@pytest.fixture(autouse=True, scope="session")
def _forking(forking: None) -> None: ...


@pytest.fixture(autouse=True, scope="session")
def _certificates() -> Iterator[None]:
    """Read them once: aiogram does for each bot, and here a bot speaks plain HTTP."""
    once = SimpleNamespace(create_default_context=cache(ssl.create_default_context))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aiogram.client.session.aiohttp.ssl", once)
        yield


@pytest.fixture(autouse=True, scope="session")
def _answers() -> Iterator[None]:
    """Make the model of each kind of answer once: pydantic forgets those that nobody holds."""
    from aiogram.methods.base import Response  # noqa: PLC0415 - after `bot.telegram`: see there

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aiogram.client.session.base.Response", _Kept(Response))
        yield


class _Kept:
    """In place of aiogram's generic model."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 (a generic type)
        self._model = model
        self._made: dict[object, type] = {}

    def __getitem__(self, kind: object) -> type:
        if kind not in self._made:
            self._made[kind] = self._model[kind]
        return self._made[kind]


@pytest.fixture(autouse=True, scope="module")
def _no_power_cuts(no_power_cuts: None) -> None: ...


@pytest.fixture(autouse=True)
def _quick_chats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test's conversation go on without a second between two messages of a chat."""
    monkeypatch.setattr(pacing, "CHAT_INTERVAL", 0.0)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path) as small:
        yield small
