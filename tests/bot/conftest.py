"""Fixtures for whole paths: the local Telegram, a small company, the real bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.world import World, small_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path) as small:
        yield small
