"""Scripted trouble, the journal that tells of it, the shared clock, the rates."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import running_clock
from bot.sandbox.errors import SandboxError
from bot.sandbox.faults import KINDS, UPDATE_KINDS
from bot.sandbox.journal import read_journal
from bot.sandbox.rates import Rates
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run
from tests.telegram import MORNING, TOKEN, Call, Sim

EXPECTED: list[tuple[str, int, str]] = [
    ("429", 429, "Too Many Requests: retry after 5"),
    ("5xx", 502, "Bad Gateway"),
    ("forbidden_blocked", 403, "Forbidden: bot was blocked by the user"),
    ("deactivated", 403, "Forbidden: user is deactivated"),
    ("chat_not_found", 400, "Bad Request: chat not found"),
    ("cant_parse", 400, "Bad Request: can't parse entities"),
    ("migrate", 400, "group chat was upgraded to a supergroup chat"),
    ("unauthorized", 401, "Unauthorized"),
    ("conflict", 409, "Conflict: terminated by other getUpdates request"),
    ("callback_expired", 400, "query is too old"),
]


@pytest.mark.parametrize(("kind", "code", "words"), EXPECTED, ids=[e[0] for e in EXPECTED])
async def test_a_fault_happens_once_and_delivers_nothing(
    sandbox: Sandbox, api: Call, ann: int, kind: str, code: int, words: str
) -> None:
    sandbox.faults.add({"kind": kind, "method": "sendMessage"})
    failed = await api("sendMessage", chat_id=ann, text="x")
    assert (failed["error_code"], words in failed["description"]) == (code, True)
    assert sandbox.messages(ann) == []
    assert (await api("sendMessage", chat_id=ann, text="x"))["ok"]
    call = next(e for e in sandbox.journal.entries() if e["kind"] == "call")
    assert (call["fault"], call["delivered"], call["status"]) == (kind, False, code)


def test_every_kind_of_fault_is_tried_here() -> None:
    tried = {kind for kind, *_ in EXPECTED} | {"slow", "cut_before", "cut_after"}
    assert tried | UPDATE_KINDS == KINDS


@pytest.mark.parametrize(("kind", "delivered"), [("cut_before", False), ("cut_after", True)])
async def test_a_cut_connection_tells_nothing(
    sandbox: Sandbox, api: Call, ann: int, kind: str, delivered: bool
) -> None:
    sandbox.faults.add({"kind": kind})
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=ann, text="x")
    assert [m.text for m in sandbox.messages(ann)] == ["x"] * delivered
    call = sandbox.journal.entries()[-1]
    assert (call["fault"], call["delivered"]) == (kind, delivered)


async def test_a_gateway_may_fail_after_the_message_went_out(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    sandbox.faults.add({"kind": "5xx", "delivered": True})
    assert (await api("sendMessage", chat_id=ann, text="x"))["error_code"] == 502
    assert [m.text for m in sandbox.messages(ann)] == ["x"]
    assert sandbox.journal.entries()[-1]["delivered"] is True


async def test_a_slow_answer_comes_after_the_message(sandbox: Sandbox, api: Call, ann: int) -> None:
    sandbox.faults.add({"kind": "slow", "delay": 30})
    before = sandbox.version(ann)
    call = asyncio.create_task(api("sendMessage", chat_id=ann, text="x"))
    await sandbox.changed(ann, before)
    assert not call.done()
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)


async def test_rules_choose_by_method_chat_count_and_chance(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    bob = sandbox.add_user("Bob", started=True)
    sandbox.faults.add({"kind": "5xx", "chat_id": bob, "after": 1, "times": 2, "status": 504})
    sent = [(await api("sendMessage", chat_id=who, text="x"))["ok"] for who in (ann, *[bob] * 4)]
    assert sent == [True, True, False, False, True]
    rule = sandbox.faults.add({"kind": "429", "probability": 0.5, "seed": 3, "times": None})
    luck = [(await api("sendMessage", chat_id=ann, text="x"))["ok"] for _ in range(20)]
    assert 0 < sum(luck) < 20
    sandbox.faults.remove(rule)
    assert (await api("sendMessage", chat_id=ann, text="x"))["ok"]


async def test_receiving_fails_only_when_it_is_named(sandbox: Sandbox, api: Call) -> None:
    sandbox.faults.add({"kind": "5xx", "times": None})
    assert (await api("getUpdates"))["ok"]
    sandbox.faults.add({"kind": "conflict", "method": "getUpdates"})
    assert (await api("getUpdates"))["error_code"] == 409


async def test_updates_can_come_twice_and_out_of_order(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    sandbox.faults.add({"kind": "duplicate_updates"})
    sandbox.faults.add({"kind": "reorder_updates"})
    sandbox.say(ann, "one")
    sandbox.say(ann, "two")
    updates = (await api("getUpdates"))["result"]
    assert [u["message"]["text"] for u in updates] == ["two", "one", "one"]
    ids = [u["update_id"] for u in updates]
    assert ids == sorted(set(ids))


async def test_a_wrong_rule_is_refused_with_what_to_write(sandbox: Sandbox, sim: Sim) -> None:
    with pytest.raises(SandboxError, match="There is no fault"):
        sandbox.faults.add({"kind": "plague"})
    with pytest.raises(SandboxError, match="does not take"):
        sandbox.faults.add({"kind": "429", "sometimes": True})
    added = await sim("POST", "faults", kind="429", times=2)
    assert [rule["id"] for rule in await sim("GET", "faults")] == [added["id"]]
    await sim("DELETE", f"faults/{added['id']}")
    assert await sim("GET", "faults") == []


async def test_the_journal_tells_who_was_told_what_and_what_was_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    async with run(token=TOKEN, journal=path, now=MORNING, speed=0) as sandbox:
        ann = sandbox.add_user("Ann", started=True)
        said = sandbox.say(ann, "hi \ud800")
        await _post(sandbox, "sendMessage", chat_id=ann, text="hello")
        await _post(sandbox, "getUpdates", offset=said + 1)
        assert read_journal(path) == sandbox.journal.entries()
    entries = read_journal(path)
    assert [e["kind"] for e in entries] == ["start", "update", "person", "call", "confirm"]
    assert [e["seq"] for e in entries] == [1, 2, 3, 4, 5]
    _, update, person, call, confirm = entries
    assert update["update"]["message"]["text"] == person["text"] == "hi \ud800"
    assert (call["method"], call["message_id"], call["delivered"]) == ("sendMessage", 2, True)
    assert confirm["update_ids"] == [said]
    assert TOKEN not in path.read_text()
    with path.open("a") as file:
        file.write('{"seq": 6, "ki')
    assert read_journal(path) == entries


async def test_faults_can_be_scheduled_from_the_start() -> None:
    async with run(faults=[{"kind": "unauthorized", "method": "getMe"}]) as sandbox:
        assert (await _post(sandbox, "getMe"))["error_code"] == 401
        assert (await _post(sandbox, "getMe"))["ok"]


async def test_the_bots_clock_follows_every_change_before_it_is_reported(sandbox: Sandbox) -> None:
    async with running_clock(sandbox.clock_url) as clock:
        await _until_followed(sandbox)
        assert abs(clock.now() - MORNING) < timedelta(seconds=1)
        await sandbox.clock.advance(timedelta(days=30))
        assert abs(clock.now() - MORNING - timedelta(days=30)) < timedelta(seconds=1)
        await sandbox.clock.set(MORNING)
        assert abs(clock.now() - MORNING) < timedelta(seconds=1)


async def test_the_clock_is_set_over_the_control_api(sim: Sim) -> None:
    told = await sim("GET", "clock?after=0&timeout=0")
    assert told == {"now": MORNING.isoformat(), "speed": 0, "version": 1, "zone": "UTC"}
    told = await sim("POST", "clock", advance=60)
    assert told["now"] == (MORNING + timedelta(minutes=1)).isoformat()
    told = await sim("POST", "clock", set="2026-10-01T10:00:00+03:00")
    assert told["now"] == "2026-10-01T07:00:00+00:00"
    assert (await sim("POST", "clock", speed=60))["speed"] == 60
    assert "zone" in (await sim("POST", "clock", set="2026-10-01T10:00:00"))["error"]
    assert "error" in await sim("POST", "clock", speed=-1)
    assert "error" in await sim("POST", "clock")


def test_rates_are_the_most_in_any_one_second() -> None:
    rates = Rates()
    for chat, at in [(1, 0.0), (2, 0.5), (1, 0.9), (1, 0.95), (2, 1.0), (1, 3.0)]:
        rates.count(chat, at)
    assert (rates.total, rates.most_in_a_second, rates.most_in_a_chat) == (6, 4, 3)


async def _post(sandbox: Sandbox, method: str, **given: Any) -> dict[str, Any]:
    url = f"{sandbox.base_url}/bot{sandbox.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=given) as response:
        answer: dict[str, Any] = json.loads(await response.read())
        return answer


async def _until_followed(sandbox: Sandbox) -> None:
    """The bot's clock polls in the background; wait until its connection is known."""
    while not sandbox.clock._followers:
        await sandbox.clock._caught_up.changed(sandbox.clock._caught_up.version, 5)
