"""The pages in a phone-sized Chromium: with and without JavaScript, for everybody, in the dark."""

import random
import string
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from tests.bot.web.browser import with_pages
from tests.bot.web.test_answering import NUMBERS, answered
from tests.bot.world import ANNA, World, small_world
from tests.chromium import SCHEMES
from tests.sandbox.browsing import IN_A_BROWSER, browser

__all__ = ["browser"]
pytestmark = IN_A_BROWSER
NARROWEST = 320


@pytest_asyncio.fixture(loop_scope="module")
async def pages(tmp_path: Path) -> AsyncIterator[World]:
    """A small world whose bot serves pages, in the browser's own event loop."""
    async with small_world(tmp_path) as world:
        yield with_pages(world)


async def press(tab: Tab, label: str) -> None:
    """Press a button and wait for what follows."""
    await tab.get_by_role("button", name=label, exact=True).click()
    await tab.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_a_survey_begun_in_telegram_goes_on_on_a_phone_and_back(
    pages: World, browser: Browser, scripts: bool
) -> None:
    async with pages.bot():
        await pages.arrive("C1")
        await pages.launch("loyalty")
        await pages.tap(ANNA, "8")
        context = await browser.new_context(
            viewport={"width": NARROWEST, "height": 640}, java_script_enabled=scripts, locale="ru"
        )
        tab = await context.new_page()
        said: list[str] = []
        tab.on("console", lambda message: said.append(message.text))
        await tab.goto(f"{pages.settings.web_url}/a/{pages.tokens['C1']}")
        assert "2 из 4" in await tab.inner_text("main")
        await press(tab, "4")
        assert "3 из 4" in await tab.inner_text("main")
        await tab.go_back()
        assert "2 из 4" not in await tab.inner_text("main"), "Back asks for where it stands"
        await pages.start(ANNA)
        await pages.tap(ANNA, "1")
        await tab.reload()
        await tab.get_by_role("textbox").fill("Всё\nхорошо")
        await press(tab, "Отправить")
        await tab.get_by_role("heading").wait_for()
        assert "Спасибо" in await tab.get_by_role("heading").inner_text()
        assert not said
        await context.close()
    invitation, given = await answered(pages, "C1")
    assert invitation.state == "finished"
    assert given == {"recommend": 8, "buy_again": 4, "try_other": 1, "comment": "Всё\nхорошо"}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_back_and_reload_after_a_refused_answer_show_our_pages_and_send_nothing(
    pages: World, browser: Browser, scripts: bool
) -> None:
    async with pages.bot():
        await pages.arrive("C1")
        await pages.launch("nps")
        await pages.tap(ANNA, "9")
        context = await browser.new_context(
            viewport={"width": 390, "height": 844}, java_script_enabled=scripts, locale="ru"
        )
        tab = await context.new_page()
        sent: list[str] = []
        tab.on("request", lambda one: sent.append(one.method))
        await tab.goto(f"{pages.settings.web_url}/a/{pages.tokens['C1']}")
        typed = "Ждали курьера, а он не приехал. " * 140
        await tab.get_by_role("textbox").fill(typed)
        await press(tab, "Отправить")
        for _ in range(2):
            assert await tab.get_by_role("alert").inner_text()
            assert await tab.get_by_role("textbox").input_value() == typed
            await tab.reload()
        await tab.get_by_role("textbox").fill("Хорошо")
        await press(tab, "Отправить")
        assert "Спасибо" in await tab.get_by_role("heading").inner_text()
        for _ in range(2):
            await tab.go_back()
            assert "Спасибо" in await tab.get_by_role("heading").inner_text()
            assert not await tab.get_by_role("alert").count()
        assert sent.count("POST") == 2
        await context.close()
    assert (await answered(pages, "C1"))[1] == {"recommend": 9, "why": "Хорошо"}


async def test_back_to_a_page_that_answered_a_form_itself_sends_no_form(
    pages: World, browser: Browser
) -> None:
    async with pages.bot():
        await pages.arrive("C1")
        await pages.launch("nps")
        await pages.tap(ANNA, "9")
        tab = await browser.new_page(locale="ru")
        sent: list[str] = []
        tab.on("request", lambda one: sent.append(one.method))
        await tab.goto(f"{pages.settings.web_url}/a/{pages.tokens['C1']}")
        noise = "".join(random.Random(1).choices(string.ascii_letters, k=5_000))
        await tab.get_by_role("textbox").fill(noise)
        await press(tab, "Отправить")
        assert await tab.get_by_role("textbox").input_value() == noise
        await tab.get_by_role("textbox").fill("Хорошо")
        await press(tab, "Отправить")
        await tab.go_back()
        assert "Спасибо" in await tab.get_by_role("heading").inner_text()
        assert sent.count("POST") == 2
        await tab.close()


async def _violations(tab: Tab) -> str:
    found = await Axe().run(tab)
    return "" if found.violations_count == 0 else str(found.generate_report())


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_axe_finds_nothing_and_nothing_is_too_wide_by_day_and_by_night(
    pages: World, browser: Browser, language: str
) -> None:
    async with pages.bot():
        await pages.launch("nps")
        # axe is injected as a script, which the pages' own policy rightly refuses.
        context = await browser.new_context(
            viewport={"width": NARROWEST, "height": 640},
            locale=language,
            bypass_csp=True,
        )
        tab = await context.new_page()
        url = f"{pages.settings.web_url}/a/{pages.tokens['C1']}"
        texts = {"ru": ("Согласен", "Пропустить", "Отправить"), "en": ("I agree", "Skip", "Send")}
        agree, skip, send = texts[language]

        async def looks_well() -> None:
            for scheme in SCHEMES:
                await tab.emulate_media(color_scheme=scheme)
                assert await _violations(tab) == "", scheme
                assert await tab.evaluate("document.documentElement.scrollWidth") == NARROWEST
            assert await tab.get_attribute("html", "lang") == language

        await tab.goto(f"{pages.settings.web_url}/a/unknown")
        await looks_well()
        await tab.goto(f"{url}/9")
        await looks_well()
        await press(tab, agree)
        await looks_well()
        boxes = [
            await tab.get_by_role("button", name=number, exact=True).bounding_box()
            for number in NUMBERS
        ]
        sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box}
        assert len(sizes) == 1, sizes
        assert min(min(size) for size in sizes) >= 40
        await press(tab, "3")
        await looks_well()
        await tab.get_by_role("textbox").fill("x" * 5_000)
        await press(tab, send)
        await looks_well()
        await press(tab, skip)
        await looks_well()
        await context.close()


async def test_a_question_is_answered_by_keyboard_alone(pages: World, browser: Browser) -> None:
    async with pages.bot():
        await pages.launch("nps")
        tab = await browser.new_page(locale="ru")
        await tab.goto(f"{pages.settings.web_url}/a/{pages.tokens['C1']}")
        await tab.keyboard.press("Tab")
        await tab.keyboard.press("Enter")
        await tab.get_by_role("button", name="10", exact=True).wait_for()
        for _ in range(3):
            await tab.keyboard.press("Tab")
        await tab.keyboard.press("Enter")
        await tab.get_by_role("textbox").wait_for()
        await tab.close()
    assert (await answered(pages, "C1"))[1] == {"recommend": 2}
