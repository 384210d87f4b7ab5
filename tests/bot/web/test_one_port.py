"""Pages, events and the webhook share an address and a port, or keep their own."""

import aiohttp
import pytest

from tests.bot.campaigns.test_events import TOKEN
from tests.bot.telegram.test_webhook import _serving
from tests.bot.web.browser import browser, free_port, with_pages
from tests.bot.web.test_answering import answered, begun
from tests.bot.world import World


@pytest.mark.parametrize("shared", [True, False], ids=["one port", "three ports"])
async def test_each_service_answers_what_is_its_own(world: World, shared: bool) -> None:
    with_pages(world, events_port=free_port(), events_token=TOKEN)
    if shared:
        url = f"http://127.0.0.1:{world.settings.events_port}"
        with_pages(world, web_port=world.settings.events_port, web_url=url)
    webhook_port = world.settings.web_port if shared else free_port()
    deal = f"http://127.0.0.1:{world.settings.events_port}/events/deal-closed"
    told = {"customer": "C1", "deal": "D-1", "token": TOKEN}
    async with (
        _serving(world, webhook_port) as hook,
        browser(world) as anna,
        aiohttp.ClientSession() as crm,
    ):
        async with crm.get(deal, params=told) as answer:
            assert answer.status == 200
        async with crm.post(hook, json={}) as answer:
            assert answer.status == 401
        await world.launch("nps")
        await world.settle()
        await begun(world, anna)
        await anna.press("9")
        assert (await anna.open("/events")).status == 404
        assert "Здесь ничего нет" in anna.page.heading
        assert (await anna.open("/telegram")).status == 404
    assert (await answered(world, "C1"))[1] == {"recommend": 9}
