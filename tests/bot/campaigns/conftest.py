"""What the tests of this folder share."""

from datetime import timedelta

import pytest

from tests.bot.campaigns.crowds import CROWD, FIRST_ID
from tests.bot.world import START, World
from tests.crowds import add_crowd


@pytest.fixture
async def crowd(world: World) -> World:
    """Besides the three customers there are many, all of them in Telegram."""
    async with world.writing() as database, database.transaction() as tx:
        rows = [
            {
                "external_id": f"X{number}",
                "name": f"Клиент {number}",
                "is_customer": True,
                "consented_at": START - timedelta(days=400),
                "created_at": START - timedelta(days=400),
            }
            for number in range(CROWD)
        ]
        await add_crowd(tx, rows, FIRST_ID)
    return world
