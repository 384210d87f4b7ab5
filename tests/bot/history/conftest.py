"""What the tests of this folder share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.operations.surveys import save_catalog
from storage.database import Database, open_database
from tests.bot.history.imported import NOW
from tests.engines import database_in


@pytest.fixture
def url(tmp_path: Path) -> str:
    return database_in(tmp_path)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with open_database(url) as opened:
        await save_catalog(opened, NOW)
        yield opened
