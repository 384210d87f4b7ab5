"""What the company calls a small change: kept, refused where it is none, used by the digest."""

import pytest

from bot.errors import Refused
from bot.operations.reports import digest
from surveys.counts.figures import Margins
from tests.bot.world import World


async def test_the_margins_are_kept_and_used_by_the_digest(world: World) -> None:
    async with world.bot():
        shown = await world.operate("company", margin_nps="8", margin_index="")
        assert (shown["margin_nps"], shown["margin_index"]) == (8, None)
        with pytest.raises(Refused):
            await world.operate("company", margin_nps="0")
        made = await digest.make(
            world.settings.database_url, "2026-09", "ru", world.sandbox.clock.now()
        )
    assert made.document.method.margins == Margins(nps=8, index=5.0)
