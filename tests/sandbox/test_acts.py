"""What people do and see, by Python and over the control API."""

import base64
import json
from typing import Any

import aiohttp
import pytest

from bot.sandbox.acts import ChatTap
from bot.sandbox.errors import ButtonDisabled, NoSuchButton, SandboxError
from bot.sandbox.sandbox import Sandbox
from tests.telegram import MORNING, Call, Sim


def _buttons(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


async def test_a_tap_carries_the_message_with_its_keyboard(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    keyboard = _buttons({"text": "7", "callback_data": "a:7", "style": "success"})
    await api("sendMessage", chat_id=ann, text="How likely?", reply_markup=keyboard)
    tap = sandbox.tap(ann, data="a:7")
    (update,) = sandbox.unconfirmed()
    query = update["callback_query"]
    assert (update["update_id"], query["id"], query["data"]) == (*_ids(tap), "a:7")
    assert query["message"]["reply_markup"] == keyboard
    assert query["from"]["id"] == query["message"]["chat"]["id"] == ann


async def test_a_button_that_is_not_there_cannot_be_tapped_unless_forged(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    off = {"text": "Off", "disabled": {}}
    await api("sendMessage", chat_id=ann, text="x", reply_markup=_buttons(off))
    with pytest.raises(NoSuchButton):
        sandbox.tap(ann, data="a:10")
    with pytest.raises(ButtonDisabled):
        sandbox.tap(ann, label="Off")
    sandbox.tap(ann, data="a:10", forged=True)
    assert sandbox.unconfirmed()[0]["callback_query"]["data"] == "a:10"


async def test_a_deep_link_button_starts_the_bot(sandbox: Sandbox, api: Call, ann: int) -> None:
    link = f"https://t.me/{sandbox.bot['username']}?start=abc"
    keyboard = _buttons({"text": "Go", "url": link}, {"text": "Out", "url": "https://x.org"})
    await api("sendMessage", chat_id=ann, text="x", reply_markup=keyboard)
    assert sandbox.tap(ann, label="Go").query_id == ""
    assert sandbox.unconfirmed()[0]["message"]["text"] == "/start abc"
    with pytest.raises(NoSuchButton):
        sandbox.tap(ann, label="Out")


async def test_a_reply_keyboard_writes_its_label_or_shares_the_contact(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    rows = [[{"text": "Menu"}, {"text": "Phone", "request_contact": True}]]
    markup = {"keyboard": rows, "one_time_keyboard": True}
    await api("sendMessage", chat_id=ann, text="x", reply_markup=markup)
    assert sandbox.keyboard(ann) == [["Menu", "Phone"]]
    sandbox.tap(ann, label="Phone")
    assert sandbox.keyboard(ann) is None
    contact = sandbox.unconfirmed()[0]["message"]["contact"]
    assert contact == {"phone_number": "+79120000001", "first_name": "Ann", "user_id": ann}
    sandbox.share_contact(ann, phone="+7999", of=0, first_name="Bob")
    assert "user_id" not in sandbox.unconfirmed()[1]["message"]["contact"]


async def test_people_cannot_do_what_telegram_does_not_let_them(sandbox: Sandbox) -> None:
    bob = sandbox.add_user("Bob")
    with pytest.raises(SandboxError, match="not started"):
        sandbox.say(bob, "hello")
    sandbox.start(bob)
    sandbox.block(bob)
    with pytest.raises(SandboxError, match="blocked"):
        sandbox.say(bob, "hello")
    sandbox.deactivate(bob)
    with pytest.raises(SandboxError, match="deleted"):
        sandbox.start(bob)
    with pytest.raises(SandboxError, match="Nobody"):
        sandbox.say(404, "hello")


async def test_updates_can_be_injected_and_replayed(sandbox: Sandbox, ann: int) -> None:
    first = sandbox.say(ann, "hello")
    second = sandbox.replay(first)
    third = sandbox.inject({"message": {"message_id": 1, "date": 0, "chat": {"id": ann}}})
    assert (second, third) == (first + 1, first + 2)
    bodies = sandbox.unconfirmed()
    assert bodies[0]["message"] == bodies[1]["message"]
    old = sandbox.inject({"poll": {}}, update_id=5)
    assert [u["update_id"] for u in sandbox.unconfirmed()] == [old, first, second, third]


async def test_a_bot_in_a_group_hears_commands_and_replies_only(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    group = sandbox.add_group("Sales", [ann])
    await api("sendMessage", chat_id=group, text="The digest")
    assert sandbox.say(ann, "nice", chat_id=group) == 0
    sandbox.say(ann, "/digest", chat_id=group)
    sandbox.say(ann, "thanks", chat_id=group, reply_to=1)
    kinds = [u.get("message", {}).get("text", "added") for u in sandbox.unconfirmed()]
    assert kinds == ["added", "/digest", "thanks"]


async def test_a_group_that_became_a_supergroup_says_so(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    group = sandbox.add_group("Sales", [ann], supergroup=False)
    new = sandbox.migrate(group)
    answer = await api("sendMessage", chat_id=group, text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    assert (await api("sendMessage", chat_id=new, text="x"))["ok"]


async def test_waiting_for_a_change_ends_with_it(sandbox: Sandbox, api: Call, ann: int) -> None:
    before = sandbox.version(ann)
    with pytest.raises(TimeoutError):
        await sandbox.changed(ann, before, 0)
    await api("sendMessage", chat_id=ann, text="x")
    assert await sandbox.changed(ann, before) == sandbox.version(ann) > before


async def test_dates_are_of_the_shared_clock(sandbox: Sandbox, api: Call, ann: int) -> None:
    sent = await api("sendMessage", chat_id=ann, text="x")
    assert sent["result"]["date"] == MORNING.timestamp()
    await sandbox.clock.advance(3600)
    edited = await api("editMessageText", chat_id=ann, message_id=1, text="y")
    assert edited["result"]["edit_date"] - edited["result"]["date"] == 3600


async def test_the_control_api_does_the_same(api: Call, sim: Sim) -> None:
    user_id = (await sim("POST", "users", first_name="Eva", phone="+7911"))["result"]
    await sim("POST", "start", user_id=user_id, payload="x")
    keyboard = _buttons({"text": "7", "callback_data": "7"})
    await api("sendMessage", chat_id=user_id, text="<b>x</b>", reply_markup=keyboard)
    tap = await sim("POST", "tap", user_id=user_id, label="7")
    assert tap["query_id"]
    content = base64.b64encode(b"a;b").decode()
    await sim("POST", "document", user_id=user_id, content=content, name="people.csv")
    chat = await sim("GET", f"chat/{user_id}?after=0&timeout=5")
    assert [m.get("text") for m in chat["messages"]] == ["/start x", "<b>x</b>", None]
    assert len(await sim("GET", "updates")) == 3
    assert (await sim("GET", "rates"))["total"] == 1
    state = await sim("GET", "state")
    assert (state["pending"], state["polling"]) == (3, False)
    assert [u["first_name"] for u in await sim("GET", "users")] == ["Eva"]
    assert (await sim("POST", "say", user_id=404, text="x"))[
        "error"
    ] == "Nobody here has the id 404."
    assert "unknown 'txt'" in (await sim("POST", "say", user_id=user_id, txt="x"))["error"]
    assert "base64" in (await sim("POST", "photo", user_id=user_id, content="?"))["error"]


async def test_the_control_api_needs_its_secret(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.base_url}/sim/guessed/state"
        async with session.get(url) as response:
            assert response.status == 404


async def test_files_are_served_to_people_without_a_right_to_run(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    update = sandbox.send_document(ann, b"<script>alert(1)</script>", "x.html")
    body = sandbox.world.updates.body(update)
    assert body is not None
    file_id = body["message"]["document"]["file_id"]
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.sim_url}/file/{file_id}") as response,
    ):
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert json.dumps((await response.read()).decode())
    assert (await api("getFile", file_id=file_id))["result"]["file_path"].endswith(".html")


def _ids(tap: ChatTap) -> tuple[int, str]:
    return tap.update_id, tap.query_id
