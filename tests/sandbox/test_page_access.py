"""The chat page for everybody: by keyboard, in both languages, by axe; and for nobody else."""

import aiohttp
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.sandbox.sandbox import Sandbox
from tests.chromium import SCHEMES
from tests.sandbox.browsing import (
    IN_A_BROWSER,
    QUESTION,
    Visit,
    ann,
    api,
    arrived,
    ask,
    browser,
    lenient_visit,
    sandbox,
    visit,
)
from tests.sandbox.test_clients import png
from tests.telegram import Call

__all__ = ["ann", "api", "browser", "lenient_visit", "sandbox", "visit"]
pytestmark = IN_A_BROWSER


async def test_everything_is_reached_and_done_by_keyboard(
    sandbox: Sandbox, api: Call, ann: int, visit: Visit
) -> None:
    await ask(api, ann, reply_markup=QUESTION)
    await visit.open()
    await expect(visit.button("3")).to_be_visible()
    for _ in range(60):
        await visit.page.keyboard.press("Tab")
        if await visit.page.evaluate("document.activeElement.textContent") == "3":
            break
    await visit.page.keyboard.press("Enter")
    assert (await arrived(sandbox, 1))[0]["callback_query"]["data"] == "a:3"


async def test_the_language_is_switched_and_kept(visit: Visit) -> None:
    await visit.open()
    await visit.page.get_by_role("button", name="Русский").click()
    await expect(visit.page.get_by_role("heading", name="Что попробовать")).to_be_visible()
    assert await visit.page.get_attribute("html", "lang") == "ru"
    await visit.page.goto(visit.sandbox.page_url)
    await expect(visit.page.get_by_role("button", name="+1 час")).to_be_visible()


async def test_both_languages_say_everything(visit: Visit) -> None:
    await visit.open()
    same = await visit.page.evaluate(
        """async () => {
            const { TEXTS } = await import("./texts.js");
            const shape = (value) => typeof value === "string"
                ? [...value.matchAll(/\\{\\w+\\}/g)].map(String).sort()
                : Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v)]));
            return [JSON.stringify(shape(TEXTS.ru)), JSON.stringify(shape(TEXTS.en))];
        }"""
    )
    assert same[0] == same[1]


@pytest.mark.parametrize("width", [390, 1280])
async def test_axe_finds_no_violation_by_day_and_by_night(
    sandbox: Sandbox, api: Call, ann: int, lenient_visit: Visit, width: int
) -> None:
    await _fill(sandbox, api, ann)
    await lenient_visit.page.set_viewport_size({"width": width, "height": 844})
    await lenient_visit.open("ru")
    await expect(lenient_visit.phone("customer").locator("article")).to_have_count(5)
    await expect(lenient_visit.page.locator("#banner")).to_be_visible(timeout=10_000)
    await lenient_visit.page.click("#log-toggle")
    if width < 1000:
        await lenient_visit.page.click("#side-toggle")
    for scheme in SCHEMES:
        await lenient_visit.page.emulate_media(color_scheme=scheme)
        results = await Axe().run(lenient_visit.page)
        assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"


async def test_the_page_allows_nothing_but_itself(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(sandbox.page_url) as response:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
        async with session.get(f"{sandbox.base_url}/page/") as response:
            assert response.status == 404


async def _fill(sandbox: Sandbox, api: Call, ann: int) -> None:
    styles = [{"text": s, "style": s, "callback_data": s} for s in ("danger", "success", "primary")]
    markup = {"inline_keyboard": [styles, *QUESTION["inline_keyboard"]]}
    await ask(api, ann, '<a href="https://x.org">x</a> <code>c</code> /help', reply_markup=markup)
    sandbox.say(ann, "/start https://x.org")
    sandbox.send_document(ann, b"x", "a.csv")
    sandbox.send_photo(ann, png(40, 30), caption="me")
    sandbox.share_contact(ann)
    await api("sendMessage", chat_id=404, text="lost")
