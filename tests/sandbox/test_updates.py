"""Updates: handed out until confirmed, one poller, retention by the clock, webhooks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.sandbox import Sandbox
from tests.telegram import Call

Received = list[dict[str, Any]]
SECRET = "only-the-two-of-us"


async def test_updates_are_handed_out_again_until_they_are_confirmed(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    first, second = sandbox.say(ann, "one"), sandbox.say(ann, "two")
    again = [(await api("getUpdates"))["result"] for _ in range(2)]
    assert [u["update_id"] for u in again[0]] == [first, second]
    assert again[0] == again[1]
    rest = (await api("getUpdates", offset=second))["result"]
    assert [u["message"]["text"] for u in rest] == ["two"]
    assert sandbox.confirmed(first)
    assert not sandbox.confirmed(second)


async def test_a_limit_and_a_negative_offset(sandbox: Sandbox, api: Call, ann: int) -> None:
    ids = [sandbox.say(ann, str(i)) for i in range(5)]
    assert len((await api("getUpdates", limit=2))["result"]) == 2
    assert [u["update_id"] for u in (await api("getUpdates", offset=-2))["result"]] == ids[-2:]
    assert sandbox.pending() == 2


async def test_a_long_poll_ends_with_the_first_update(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=30))
    await _until_polling(sandbox)
    sandbox.say(ann, "hello")
    assert [u["message"]["text"] for u in (await poll)["result"]] == ["hello"]


async def test_a_second_poller_ends_the_first(sandbox: Sandbox, api: Call, ann: int) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=30))
    await _until_polling(sandbox)
    second = asyncio.create_task(api("getUpdates", timeout=30))
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    sandbox.say(ann, "hello")
    assert len((await second)["result"]) == 1


async def test_taps_live_150_seconds_and_messages_a_day(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    tap = await _asked_and_tapped(sandbox, api, ann)
    said = sandbox.say(ann, "hello")
    await sandbox.clock.advance(149)
    assert [u["update_id"] for u in sandbox.unconfirmed()] == [tap, said]
    await sandbox.clock.advance(2)
    assert [u["update_id"] for u in sandbox.unconfirmed()] == [said]
    await sandbox.clock.advance(86_400)
    assert (await api("getUpdates"))["result"] == []
    expired = [e["update_ids"] for e in sandbox.journal.entries() if e["kind"] == "expired"]
    assert expired == [[tap], [said]]


async def test_a_tap_is_answered_once_and_in_time(sandbox: Sandbox, api: Call, ann: int) -> None:
    await _asked_and_tapped(sandbox, api, ann)
    tap = sandbox.tap(ann, label="7")
    assert (await api("answerCallbackQuery", callback_query_id=tap.query_id, text="Saved"))["ok"]
    again = await api("answerCallbackQuery", callback_query_id=tap.query_id)
    late = sandbox.tap(ann, label="7")
    await sandbox.clock.advance(16)
    too_late = await api("answerCallbackQuery", callback_query_id=late.query_id)
    assert again["description"] == too_late["description"]
    assert "query is too old" in again["description"]
    assert [t.text for t in sandbox.toasts(ann)] == ["Saved"]


async def test_a_fast_clock_does_not_age_taps(sandbox: Sandbox) -> None:
    clock = sandbox.clock
    await clock.set_speed(1_000_000)
    seen, lived = clock.now(), clock.lived()
    clock._since -= 2
    assert clock.now() - seen > timedelta(seconds=1_999_999)
    assert 2 <= clock.lived() - lived < 100


async def test_only_the_kinds_asked_for_are_queued(sandbox: Sandbox, api: Call, ann: int) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    assert sandbox.say(ann, "hello") == 0
    await api("getUpdates", allowed_updates=[])
    assert sandbox.say(ann, "hello") > 0
    assert sandbox.pending() == 1


async def test_blocking_and_coming_back_are_told(sandbox: Sandbox, api: Call, ann: int) -> None:
    sandbox.block(ann)
    sandbox.start(ann, "again")
    blocked, unblocked, started = (await api("getUpdates"))["result"]
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start again"


@pytest.fixture
async def received() -> Received:
    return []


@pytest.fixture
async def hook(received: Received) -> AsyncIterator[tuple[str, list[int]]]:
    """A bot's webhook; it answers with the statuses given, then with 200."""
    statuses: list[int] = []

    async def take(request: web.Request) -> web.Response:
        status = statuses.pop(0) if statuses else 200
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        received.append(await request.json() | {"status": status, "secret": secret})
        return web.Response(status=status, headers={"Retry-After": "0.01"})

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", statuses
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret_until_it_takes_them(
    sandbox: Sandbox, api: Call, ann: int, hook: tuple[str, list[int]], received: Received
) -> None:
    url, statuses = hook
    statuses += [500, 503]
    sandbox.say(ann, "before")
    assert (await api("setWebhook", url=url, secret_token=SECRET))["result"] is True
    sandbox.say(ann, "after")
    await sandbox.settled(5)
    assert [(u["message"]["text"], u["status"]) for u in received] == [
        ("before", 500),
        ("before", 503),
        ("before", 200),
        ("after", 200),
    ]
    assert {u["secret"] for u in received} == {SECRET}
    info = (await api("getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"]) == (url, 0)
    assert "503" in info["last_error_message"]


async def test_polling_and_a_webhook_exclude_each_other(
    api: Call, hook: tuple[str, list[int]]
) -> None:
    await api("setWebhook", url=hook[0])
    refused = await api("getUpdates")
    assert refused["error_code"] == 409
    assert "can't use getUpdates method while webhook is active" in refused["description"]
    await api("deleteWebhook")
    assert (await api("getUpdates"))["ok"]


async def test_dropped_updates_are_gone(sandbox: Sandbox, api: Call, ann: int) -> None:
    sandbox.say(ann, "hello")
    await api("deleteWebhook", drop_pending_updates=True)
    assert sandbox.pending() == 0


async def _until_polling(sandbox: Sandbox) -> None:
    updates = sandbox.world.updates
    while not updates.waiting:
        await updates.progress.changed(updates.progress.version, 5)


async def _asked_and_tapped(sandbox: Sandbox, api: Call, ann: int) -> int:
    keyboard = {"inline_keyboard": [[{"text": "7", "callback_data": "7"}]]}
    await api("sendMessage", chat_id=ann, text="How likely?", reply_markup=keyboard)
    return sandbox.tap(ann, label="7").update_id
