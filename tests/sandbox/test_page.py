"""The chat page in a real browser: three phones that act on the local Telegram."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Route, expect

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.browsing import (
    IN_A_BROWSER,
    QUESTION,
    Visit,
    ann,
    api,
    arrived,
    ask,
    browser,
    sandbox,
    visit,
)
from tests.sandbox.test_clients import png
from tests.telegram import MORNING, Call

__all__ = ["ann", "api", "browser", "sandbox", "visit"]
pytestmark = IN_A_BROWSER

HOSTILE = '<img src=x onerror="alert(1)">'


async def test_a_tapped_button_reaches_the_bot_and_its_answers_are_seen(
    sandbox: Sandbox, api: Call, ann: int, visit: Visit
) -> None:
    message_id = await ask(api, ann, reply_markup=QUESTION)
    await visit.open()
    await visit.button("5").click()
    (update,) = await arrived(sandbox, 1)
    query = update["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("a:5", message_id)
    await api("answerCallbackQuery", callback_query_id=query["id"], text="Saved")
    await api("editMessageText", chat_id=ann, message_id=message_id, text="Thanks!")
    phone = visit.phone("customer")
    await expect(phone.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    await expect(phone.locator(".words")).to_have_text("Thanks!")
    await expect(phone.locator(".stamp")).to_contain_text("edited")
    await expect(phone.locator(".inline")).to_have_count(0)


async def test_a_button_that_was_just_edited_away_is_tapped_as_it_was_seen(
    sandbox: Sandbox, api: Call, ann: int, visit: Visit
) -> None:
    message_id = await ask(api, ann, reply_markup=QUESTION)
    await visit.open()
    await expect(visit.button("5")).to_be_visible()
    seen = sandbox.chat_view(ann)
    await visit.page.route(re.compile(r"/chat/\d+"), lambda route: route.fulfill(json=seen))
    await api("editMessageText", chat_id=ann, message_id=message_id, text="Closed.")
    await visit.button("5").click()
    (update,) = await arrived(sandbox, 1)
    assert update["callback_query"]["data"] == "a:5"


async def test_an_alert_waits_for_its_reader(
    sandbox: Sandbox, api: Call, ann: int, visit: Visit
) -> None:
    await ask(api, ann, reply_markup=QUESTION)
    await visit.open()
    await visit.button("Skip").click()
    (update,) = await arrived(sandbox, 1)
    query_id = update["callback_query"]["id"]
    await api("answerCallbackQuery", callback_query_id=query_id, text="Not now", show_alert=True)
    await expect(visit.page.get_by_role("dialog")).to_contain_text("Not now")
    await visit.page.get_by_role("dialog").get_by_role("button").click()
    await expect(visit.page.get_by_role("dialog")).to_have_count(0)
    await expect(visit.button("Back")).to_be_disabled()


async def test_hostile_words_stay_words(
    sandbox: Sandbox, api: Call, ann: int, visit: Visit
) -> None:
    sandbox.add_user(HOSTILE, started=True)
    sandbox.say(ann, HOSTILE)
    escaped = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    await ask(api, ann, f"<b>{escaped}</b>", reply_markup=_one(HOSTILE))
    await api("sendMessage", chat_id=ann, text=HOSTILE * 2)
    await visit.open()
    await visit.page.click("#log-toggle")
    await expect(visit.phone("customer").locator("article")).to_have_count(3)
    assert await visit.page.locator("img").count() == 0
    await expect(visit.phone("customer").locator("b", has_text=HOSTILE)).to_be_visible()
    await expect(visit.button(HOSTILE)).to_be_visible()


async def test_entities_are_drawn_where_telegram_put_them(
    api: Call, ann: int, visit: Visit
) -> None:
    html = (
        "😀 <b>bold <i>both</i></b> <u>u</u> <s>s</s> <code>c</code> <pre>p</pre>"
        "<blockquote>q</blockquote> <tg-spoiler>secret</tg-spoiler> "
        '<a href="https://example.org/x">out</a> https://example.org/y. @ann_lee'
    )
    await ask(api, ann, html)
    await visit.open()
    words = visit.phone("customer").locator(".words")
    assert await words.locator("b > i").inner_text() == "both"
    for tag, text in [("u", "u"), ("s", "s"), ("code", "c"), ("pre", "p"), ("blockquote", "q")]:
        assert await words.locator(tag).inner_text() == text
    links = [await link.get_attribute("href") for link in await words.locator("a").all()]
    assert links == ["https://example.org/x", "https://example.org/y"]
    assert "secret" not in await words.inner_text()
    await words.get_by_role("button", name="Hidden text").click()
    assert "secret" in await words.inner_text()


async def test_words_commands_and_the_reply_keyboard_are_sent(
    sandbox: Sandbox, api: Call, ann: int, visit: Visit
) -> None:
    await api("setMyCommands", commands=[{"command": "help", "description": "What I can do"}])
    keyboard = [[{"text": "Menu"}, {"text": "My number", "request_contact": True}]]
    await ask(api, ann, "Try /help", reply_markup={"keyboard": keyboard})
    await visit.open()
    phone = visit.phone("customer")
    await phone.get_by_role("textbox", name="Message").fill("first line\nsecond")
    await phone.get_by_role("textbox", name="Message").press("Enter")
    await arrived(sandbox, 1)
    await phone.locator(".words").get_by_role("button", name="/help").click()
    await arrived(sandbox, 2)
    await phone.get_by_label("Commands").click()
    await visit.button("/help · What I can do").click()
    await arrived(sandbox, 3)
    await visit.button("Menu").click()
    await arrived(sandbox, 4)
    await visit.button("My number").click()
    said = [u["message"].get("text", "a contact") for u in await arrived(sandbox, 5)]
    assert said == ["first line\nsecond", "/help", "/help", "Menu", "a contact"]


async def test_files_pictures_voice_and_contact_are_sent(sandbox: Sandbox, visit: Visit) -> None:
    await visit.open()
    phone = visit.phone("manager")
    for label, name, content in [
        ("File…", "people.csv", "имя;роль\n".encode()),
        ("Photo…", "receipt.png", png(40, 30)),
    ]:
        await phone.get_by_label("Attach").click()
        async with visit.page.expect_file_chooser() as chooser:
            await visit.button(label, "manager").click()
        await (await chooser.value).set_files({"name": name, "mimeType": "", "buffer": content})
        await expect(phone.locator("article").last).to_be_visible()
    await arrived(sandbox, 2)
    for count, label in enumerate(("Voice message", "My contact"), start=3):
        await phone.get_by_label("Attach").click()
        await visit.button(label, "manager").click()
        await arrived(sandbox, count)
    document, photo, voice, contact = (u["message"] for u in await arrived(sandbox, 4))
    assert document["document"]["file_name"] == "people.csv"
    assert sandbox.file(document["document"]["file_id"]) == "имя;роль\n".encode()
    assert photo["photo"][0]["width"] == 40
    assert voice["voice"]["duration"] == 2
    assert contact["contact"]["phone_number"] == "+7912"
    await expect(phone.locator("audio, img, .file, .contact")).to_have_count(4)


async def test_a_document_opens_beside_the_page_and_cannot_run(
    sandbox: Sandbox, ann: int, visit: Visit
) -> None:
    page = b"<h1>Digest</h1><script>document.body.textContent = 'ran'</script>"
    sandbox.send_document(ann, page, "digest.html")
    await visit.open()
    async with visit.page.context.expect_page() as opened:
        await visit.phone("customer").get_by_role("link", name="Open digest.html").click()
    digest = await opened.value
    await expect(digest.locator("h1")).to_have_text("Digest")
    assert await digest.evaluate("window.origin") == "null"


async def test_a_deep_link_starts_the_bot(sandbox: Sandbox, visit: Visit) -> None:
    sandbox.introduce(sandbox.add_user("Newcomer"), "customer")
    link = f"https://t.me/{sandbox.bot['username']}?start=abc-1"
    await visit.open()
    await visit.page.get_by_role("button", name=re.compile("^Newcomer")).click()
    phone = visit.phone("customer")
    await phone.get_by_role("textbox").fill(link)
    await phone.get_by_role("button", name="Start").click()
    (update,) = await arrived(sandbox, 1)
    assert update["message"]["text"] == "/start abc-1"
    await phone.get_by_role("textbox", name="Message").fill(f"{link}2")
    await phone.get_by_role("button", name="Send").click()
    assert (await arrived(sandbox, 2))[1]["message"]["text"] == "/start abc-12"


async def test_a_phone_given_to_another_has_their_foot_before_their_chat(
    sandbox: Sandbox, visit: Visit
) -> None:
    newcomer = sandbox.add_user("Newcomer")
    sandbox.introduce(newcomer, "customer")
    await visit.open()
    phone = visit.phone("customer")
    await expect(phone.get_by_role("textbox", name="Message")).to_be_visible()
    chat_may_come = asyncio.Event()

    async def late(route: Route) -> None:
        await chat_may_come.wait()
        await route.continue_()

    await visit.page.route(f"**/chat/{newcomer}", late)
    await visit.page.get_by_role("button", name=re.compile("^Newcomer")).click()
    await expect(phone.get_by_role("textbox")).to_have_attribute("name", "link")
    await phone.get_by_role("textbox").fill("abc-1")
    chat_may_come.set()
    await expect(phone.get_by_text("Nothing here yet.")).to_be_visible()
    await phone.get_by_role("button", name="Start").click()
    (update,) = await arrived(sandbox, 1)
    assert update["message"]["text"] == "/start abc-1"


async def test_a_person_blocks_the_bot_and_comes_back(
    sandbox: Sandbox, ann: int, visit: Visit
) -> None:
    await visit.open()
    phone = visit.phone("customer")
    await phone.get_by_label("More").click()
    await visit.button("Block the bot").click()
    await expect(phone.get_by_text("You have blocked the bot.")).to_be_visible()
    assert sandbox.users[ann].blocked
    await visit.button("Unblock").click()
    await expect(phone.get_by_role("textbox", name="Message")).to_be_visible()
    assert not sandbox.users[ann].blocked


async def test_the_page_says_when_the_bot_is_stopped_and_what_waits(
    sandbox: Sandbox, api: Call, ann: int, visit: Visit
) -> None:
    sandbox.say(ann, "hello?")
    await visit.open()
    banner = visit.page.locator("#banner")
    await expect(banner).to_contain_text("The bot is stopped. Nothing is lost", timeout=10_000)
    await expect(banner).to_contain_text("waiting: 1")
    await api("getUpdates")
    await expect(banner).to_be_hidden()


async def test_the_log_shows_a_call_with_its_parameters_and_answer(
    api: Call, ann: int, visit: Visit
) -> None:
    await visit.open()
    await visit.page.get_by_role("button", name="Log", exact=True).click()
    await ask(api, ann, "Hello there")
    await api("sendMessage", chat_id=404, text="lost")
    entries = visit.page.locator(".entry")
    await expect(entries).to_have_count(2)
    await entries.first.locator("summary").click()
    await expect(entries.first).to_contain_text("Parameters")
    shown = await entries.first.inner_text()
    assert '"text": "Hello there"' in shown
    assert '"message_id": 1' in shown
    await visit.page.get_by_role("searchbox", name="Method or text").fill("chat not found")
    await expect(entries.first).to_be_hidden()
    await expect(entries.nth(1)).to_contain_text("chat not found")


async def test_the_clock_is_moved_and_sped_up(sandbox: Sandbox, visit: Visit) -> None:
    await visit.open()
    now = visit.page.locator("#now")
    await expect(now).to_contain_text("09:00")
    await visit.page.get_by_role("button", name="+1 hour").click()
    await expect(now).to_contain_text("10:00")
    await visit.page.get_by_role("button", name="Next morning").click()
    await expect(now).to_contain_text("Wed, Sep 2")
    assert sandbox.clock.now() == MORNING.replace(day=2, hour=10)
    await visit.page.get_by_role("button", name="Next month").click()
    await expect(now).to_contain_text("Oct 1")
    await visit.page.get_by_role("combobox", name="Speed of the clock").select_option("60")
    await expect(visit.page.get_by_role("combobox", name="Speed")).to_have_value("60")
    while sandbox.clock.speed != 60:
        await sandbox.clock.signal.changed(sandbox.clock.version, 5)


async def test_moments_are_the_companys_and_tomorrow_is_the_day_after(
    sandbox: Sandbox, visit: Visit
) -> None:
    sandbox.clock.zone = "Asia/Kamchatka"
    await sandbox.clock.set(MORNING.replace(day=1, hour=19, minute=25))
    await visit.open()
    now = visit.page.locator("#now")
    await expect(now).to_contain_text("Wed, Sep 2")
    await expect(now).to_contain_text("07:25")
    await visit.page.get_by_role("button", name="Next morning").click()
    await expect(now).to_contain_text("Thu, Sep 3")
    await expect(now).to_contain_text("10:00")


async def test_a_clientele_has_a_pace_that_can_be_set(sandbox: Sandbox, visit: Visit) -> None:
    sandbox.pace = "normal"
    await visit.open()
    before = sandbox.version(None)
    await visit.page.get_by_role("combobox", name="Customers answer").select_option("fast")
    await sandbox.changed(None, before)
    assert sandbox.pace == "fast"


async def test_unread_messages_are_counted_and_people_found(
    sandbox: Sandbox, api: Call, visit: Visit
) -> None:
    quiet = sandbox.add_user("Quentin", last_name="Quiet", started=True)
    await visit.open()
    row = visit.page.locator("#people").get_by_role("button", name=re.compile("^Quentin"))
    await expect(row).to_be_visible()
    await ask(api, quiet)
    await ask(api, quiet)
    await expect(row).to_contain_text("unread: 2")
    await visit.page.get_by_role("searchbox", name="Find a person").fill("quie")
    await expect(visit.page.locator("#people").get_by_role("button")).to_have_count(1)
    await row.click()
    await expect(row).not_to_contain_text("unread")
    await expect(visit.phone("customer").locator("article")).to_have_count(2)


async def test_a_new_person_gets_a_phone(sandbox: Sandbox, visit: Visit) -> None:
    await visit.open()
    await visit.page.get_by_role("textbox", name="A new person's name").fill("Zoe")
    await visit.page.get_by_role("button", name="Add").click()
    await expect(visit.phone("customer").get_by_role("button", name="Start")).to_be_visible()
    assert "Zoe" in {user.first_name for user in sandbox.users.values()}


async def test_a_narrow_screen_shows_one_phone_at_a_time(api: Call, ann: int, visit: Visit) -> None:
    await ask(api, ann, reply_markup=QUESTION)
    await visit.page.set_viewport_size({"width": 390, "height": 844})
    await visit.open()
    await expect(visit.phone("customer")).to_be_visible()
    await expect(visit.phone("admin")).to_be_hidden()
    await visit.page.get_by_role("button", name="Admin").click()
    await expect(visit.phone("admin")).to_be_visible()
    await expect(visit.phone("customer")).to_be_hidden()
    assert await visit.page.evaluate("document.documentElement.scrollWidth") == 390


def _one(label: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": "x"}]]}


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
async def test_the_page_is_as_high_as_the_window_and_its_bar_is_small(
    sandbox: Sandbox, visit: Visit, size: tuple[int, int]
) -> None:
    for number in range(70):
        other = sandbox.add_user(f"Person {number}", started=True)
        sandbox.introduce(other, "customer", "a firm")
        sandbox.say(other, "hello")
    width, height = size
    await visit.page.set_viewport_size({"width": width, "height": height})
    await visit.open()
    sizes = "[document.documentElement.scrollHeight, document.querySelector('.bar').offsetHeight]"
    scrolled, bar = await visit.page.evaluate(sizes)
    assert scrolled == height
    assert bar < height / 8
    labels = await visit.page.locator("select:not(.person) option").all_text_contents()
    assert len(set(labels)) == len(labels)
