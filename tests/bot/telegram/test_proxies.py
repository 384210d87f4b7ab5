"""Telegram through a proxy that refuses, hangs or is down: nothing ends, nothing is doubtful."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import get_args

import pytest
from aiogram.methods import GetMe
from structlog.testing import capture_logs

from bot import proxies
from bot.app import serve
from bot.delivery.outcomes import Delivered, NotSent, Unknown
from bot.errors import DownloadFailed, SettingsInvalid
from bot.settings import Settings
from bot.telegram import reaching, receive, session
from bot.telegram.fetch import downloader
from bot.telegram.outcomes import attempt
from bot.telegram.reaching import connected_bot
from tests.bot.delivery.faults import queue, states
from tests.bot.telegram.proxy import Mood, proxy
from tests.bot.telegram.test_network import _invited, _until_tried
from tests.bot.test_operator import otklik
from tests.bot.upkeep.test_starting import _free_port
from tests.bot.world import ANNA, BORIS, PATIENCE, World

SCHEMES = ("http", "socks5")
BROKEN = tuple(mood for mood in get_args(Mood) if mood != "works")
SECRET = "hidden-password"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(reaching, "_FIRST_WAIT", 0.001)
    monkeypatch.setattr(reaching, "LONGEST_WAIT", 0.02)
    monkeypatch.setattr(receive, "_LONGEST_RETRY", 0.05)


def _by(world: World, *addresses: str, **changed: str) -> Settings:
    """Return the world's settings with proxies before its Telegram."""
    given = world.settings.model_dump() | {"proxy": ", ".join(addresses)} | changed
    return Settings(_env_file=None, **given)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("mood", BROKEN)
async def test_a_broken_proxy_means_certainly_not_sent(
    world: World, scheme: str, mood: Mood
) -> None:
    async with proxy(mood) as one, connected_bot(_by(world, one.url(scheme))) as bot:
        assert isinstance(await attempt(bot(GetMe())), NotSent)
        with pytest.raises(DownloadFailed):
            await downloader(bot)("file", Path("nowhere"))
        one.mood = "works"
        assert isinstance(await attempt(bot(GetMe())), Delivered)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_proxy_that_is_down_or_cannot_speak_tls_is_certainly_not_sent(
    world: World, scheme: str
) -> None:
    nowhere = f"{scheme}://127.0.0.1:{_free_port()}"
    async with connected_bot(_by(world, nowhere)) as bot:
        assert isinstance(await attempt(bot(GetMe())), NotSent)
    tls = world.settings.api_url.replace("http://", "https://")
    async with proxy() as one:
        for addresses in ((), (one.url(scheme),)):
            async with connected_bot(_by(world, *addresses, api_url=tls)) as bot:
                assert isinstance(await attempt(bot(GetMe())), NotSent), addresses


async def test_a_name_that_nobody_knows_is_certainly_not_sent(world: World) -> None:
    for changed in ({"proxy": "http://nobody.invalid:1"}, {"api_url": "http://nobody.invalid"}):
        settings = Settings(_env_file=None, **world.settings.model_dump() | changed)
        async with connected_bot(settings) as bot:
            assert isinstance(await attempt(bot(GetMe())), NotSent), changed


async def test_what_breaks_after_the_request_was_written_is_doubtful(world: World) -> None:
    world.sandbox.faults.add({"kind": "cut_before", "method": "getMe"})
    async with proxy() as one, connected_bot(_by(world, one.url("socks5"))) as bot:
        assert isinstance(await attempt(bot(GetMe())), Unknown)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_start_waits_for_the_proxy_and_says_so(world: World, scheme: str) -> None:
    await queue(world, 3)
    async with proxy("refuses") as one:
        world.settings = _by(world, one.url(scheme, f"user:{SECRET}@"))
        running = asyncio.create_task(serve(world.settings, world.announce))
        try:
            async with asyncio.timeout(PATIENCE):
                while not (world.announced or running.done()):
                    await asyncio.sleep(0.01)
                one.mood = "works"
                while not world.sandbox.polling and not running.done():
                    await asyncio.sleep(0.01)
            assert not running.done(), running.exception()
            await world.settle()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    assert "OTKLIK_PROXY" in world.announced[0]
    assert await states(world) == {"sent": 3}


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_proxy_that_fails_under_the_running_bot_is_outlasted(
    world: World, scheme: str
) -> None:
    async with proxy() as one:
        world.settings = _by(world, one.url(scheme))
        async with world.bot():
            await world.arrive("C1", "C2")
            await one.stop()
            await world.operate("start_campaign", survey="nps", segment=None)
            await world.sandbox.clock.advance(60)
            await _until_tried(world)
            one.mood = "refuses"
            await one.start()
            for _ in range(3):
                await world.sandbox.clock.advance(600)
                await _until_tried(world)
            assert not _invited(world)
            one.mood = "works"
            await world.pass_time(minutes=6)
            await world.tap(ANNA, "9")
    assert sorted(_invited(world)) == [ANNA, BORIS]
    assert await states(world) == {"sent": 2}


async def test_several_are_tried_in_turn_and_the_log_names_the_one_in_use(world: World) -> None:
    who = f"user:{SECRET}@"
    async with AsyncExitStack() as stack:
        first, second, third = [await stack.enter_async_context(proxy()) for _ in range(3)]
        first.mood, second.mood = "refuses", "silent"
        addresses = (first.url("http", who), second.url("socks5", who), third.url("socks5", who))
        logs = stack.enter_context(capture_logs())
        bot = await stack.enter_async_context(connected_bot(_by(world, *addresses)))
        for _ in range(3):
            assert isinstance(await attempt(bot(GetMe())), Delivered)
        assert (first.asked, second.asked) == (1, 1), "a broken one is not asked each time"
        await third.stop()
        first.mood = "works"
        outcome = await attempt(bot(GetMe()))
        assert isinstance(outcome, Unknown | Delivered), "its open connection broke"
        assert isinstance(await attempt(bot(GetMe())), Delivered)
        await first.stop()
        await attempt(bot(GetMe()))
        assert isinstance(await attempt(bot(GetMe())), NotSent), "none works"
    reached = [one["proxy"] for one in logs if one["event"] == "telegram_reached"]
    assert reached == [third.url("socks5"), first.url("http")]
    assert SECRET not in str(logs)


async def test_doctor_works_through_proxies_and_says_which(world: World, tmp_path: Path) -> None:
    who = f"user:{SECRET}@"
    async with proxy("refuses") as broken, proxy() as one:
        told = {
            "bot_token": world.sandbox.token,
            "api_url": world.sandbox.base_url,
            "database_url": world.settings.database_url,
            "proxy": f"{broken.url('http', who)}, {one.url('socks5', who)}",
        }
        done = await asyncio.to_thread(otklik, tmp_path, "doctor", "--json", **told)
        assert SECRET not in done.stdout + done.stderr
        found = [(row["subject"], row["level"], row["sentence"]) for row in json.loads(done.stdout)]
        assert ("token", "fine", "known to Telegram.") in found
        assert [row[:2] for row in found if "://" in row[0]] == [
            (broken.url("http"), "look"),
            (one.url("socks5"), "fine"),
        ]
        one.mood = "refuses"
        done = await asyncio.to_thread(otklik, tmp_path, "doctor", "--json", **told)
        assert done.returncode == 1
        assert "OTKLIK_PROXY" in done.stdout


async def test_doctor_says_which_proxy_the_running_bot_uses(world: World, tmp_path: Path) -> None:
    async with proxy("refuses") as broken, proxy() as one:
        world.settings = _by(world, broken.url("http"), one.url("http", f"user:{SECRET}@"))
        told = {
            "bot_token": world.sandbox.token,
            "api_url": world.sandbox.base_url,
            "database_url": world.settings.database_url,
            "proxy": broken.url("http"),
        }
        async with world.bot():
            done = await asyncio.to_thread(otklik, tmp_path, "doctor", "--json", **told)
        assert SECRET not in done.stdout + done.stderr
        found = [(row["subject"], row["sentence"]) for row in json.loads(done.stdout)]
        assert (one.url("http"), "The running bot uses this proxy.") in found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("socks5h://h:1", ("socks5://h:1",)),
        (
            "http://u:a,b@h:1,socks5://[::1]:2\nSOCKS4://x:3",
            ("http://u:a,b@h:1", "socks5://[::1]:2", "socks4://x:3"),
        ),
    ],
)
def test_proxies_are_told_apart(text: str, found: tuple[str, ...]) -> None:
    assert Settings(_env_file=None, proxy=text).proxies == found


@pytest.mark.parametrize(
    "text",
    [
        "h:1",
        "https://h:1",
        "socks5://h",
        f"http://u:{SECRET}#@h:1",
        "http://h:99999",
        "socks5://h:1 x",
    ],
)
def test_what_is_no_proxy_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(SettingsInvalid, match="OTKLIK_PROXY") as caught:
        Settings.load(_env_file=None, proxy=text)
    assert SECRET not in str(caught.value)


def test_a_proxy_is_shown_without_name_and_password() -> None:
    assert proxies.shown(f"socks5://user:{SECRET}@@h:1") == "socks5://h:1"
