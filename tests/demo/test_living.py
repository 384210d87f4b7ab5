"""The running demo: who acts, what a newcomer does in Chromium, and when the bot dies."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, expect

from bot.sandbox.sandbox import Sandbox
from tests.demo.living import Living, living
from tests.sandbox.browsing import IN_A_BROWSER, Visit, browser, visiting

__all__ = ["browser"]
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="it looks into /proc")
PATIENCE = 60.0
SLOW = 20_000
QUESTIONS = 14
Test = TypeVar("Test", bound=Callable[..., object])


def in_a_browser(test: Test) -> Test:
    """Mark one of the tests that need Chromium; the first and the last do not."""
    for mark in IN_A_BROWSER:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    out = tmp_path_factory.mktemp("living") / "out"
    with living(out, "--customers", "24", "--speed", "fast") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def visit(demo: Living, browser: Browser) -> AsyncIterator[Visit]:
    also = [f"http://127.0.0.1:{port}/a/" for port in [await _pages_port(demo)]]
    async with visiting(cast("Sandbox", demo), browser, bypass_csp=True, also=also) as visit:
        visit.page.set_default_timeout(SLOW)
        await visit.open("ru")
        yield visit


async def _pages_port(demo: Living) -> int:
    """Wait until the customer without Telegram has a link, and return the port of its page."""
    async with asyncio.timeout(SLOW * 3 / 1000):
        while (page := demo.ask("state")["page"]) is None:
            await asyncio.sleep(0.1)
    return urlsplit(page["url"]).port or 0


async def _write(visit: Visit, role: str, words: str) -> None:
    box = visit.phone(role).get_by_role("textbox", name="Сообщение")
    await box.fill(words)
    await box.press("Enter")


def until(what: Callable[[], bool]) -> None:
    """Wait for other processes."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.1)


def _acting(demo: Living) -> list[int]:
    entries = demo.ask("journal?limit=100000")
    return [entry["user_id"] for entry in entries if entry["kind"] == "person"]


def test_customers_answer_by_themselves_but_never_for_the_three_on_the_page(demo: Living) -> None:
    until(lambda: len(set(_acting(demo))) >= 6)
    untouched = {
        user["id"] for user in demo.ask("users") if user["role"] in {"customer", "manager"}
    } - set(_acting(demo))
    waiting = {
        user
        for user in untouched
        if "1 из" in str([one.get("text") for one in demo.ask(f"chat/{user}")["messages"]])
    }
    roles = {user["role"] for user in demo.ask("users") if user["id"] in waiting}
    assert roles == {"customer", "manager"}


@in_a_browser
async def test_a_customer_answers_the_waiting_survey_by_tapping_and_typing(visit: Visit) -> None:
    phone = visit.phone("customer")
    await expect(phone).to_contain_text("1 из 2", timeout=SLOW * 3)
    await visit.button("3").click()
    await expect(phone).to_contain_text("2 из 2")
    await visit.button("‹ Назад").click()
    await visit.button("10").click()
    await expect(phone).to_contain_text("Что для Вас самое ценное?")
    await _write(visit, "customer", "Точные сроки <и люди>")
    await expect(phone).to_contain_text("Спасибо за высокую оценку", timeout=SLOW)
    await expect(phone.locator(".words").get_by_text("Точные сроки <и люди>")).to_be_visible()


@in_a_browser
async def test_a_customer_without_telegram_answers_in_the_browser_beside(visit: Visit) -> None:
    beside = visit.phone("browser")
    page = beside.frame_locator("iframe")
    # The page speaks the browser's language, the chat page the one that was asked for.
    await page.get_by_role("button", name="I agree", exact=True).click(timeout=SLOW)
    await page.get_by_role("button", name="9", exact=True).click()
    await page.get_by_role("textbox").fill("Без мессенджера <удобнее>")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_role("heading")).to_contain_text("Thank", timeout=SLOW)
    await beside.get_by_role("button", name="Открыть ссылку снова").click()
    await expect(page.get_by_role("heading")).to_contain_text("Thank", timeout=SLOW)


@in_a_browser
async def test_a_manager_fills_in_the_self_assessment(visit: Visit) -> None:
    phone = visit.phone("manager")
    for place in range(1, QUESTIONS + 1):
        # After a tap the question is in the same message, after typed words in a new one.
        question = phone.locator("article").filter(has_text=re.compile(rf"\b{place} из 14")).last
        await expect(question).to_be_visible(timeout=SLOW * 3)
        await _answer(visit, question)
    await expect(phone.get_by_text("Спасибо").last).to_be_visible(timeout=SLOW)


async def _answer(visit: Visit, question: Locator) -> None:
    """Answer by words or by a button of the question: a case may have come below it."""
    text = await question.inner_text()
    if "Напишите число" in text:
        await _write(visit, "manager", "60")
    elif "Напишите ответ" in text:
        await _write(visit, "manager", "Поздние ответы склада")
    else:
        await question.locator(".inline").get_by_role("button").first.click()


@in_a_browser
async def test_the_admin_asks_for_the_digest_and_opens_it(visit: Visit) -> None:
    await expect(visit.button("Дайджест сейчас", "admin").last).to_be_visible(timeout=SLOW * 3)
    await visit.button("Дайджест сейчас", "admin").last.click()
    await visit.button("3\N{NON-BREAKING HYPHEN}й квартал 2026", "admin").last.click()
    file = visit.phone("admin").locator("a.file").last
    await expect(file).to_be_visible(timeout=SLOW * 3)
    address = await file.get_attribute("href")
    async with visit.page.context.expect_page() as opened:
        await file.click()
    digest = await opened.value
    assert address is not None
    await expect(digest.locator("h1")).to_be_visible()
    await expect(digest.locator("body")).to_contain_text("NPS")
    await digest.close()


@in_a_browser
async def test_a_customer_blocks_the_bot_and_comes_back(visit: Visit) -> None:
    phone = visit.phone("customer")
    await phone.get_by_label("Ещё").click()
    await visit.button("Заблокировать бота").click()
    await visit.button("Разблокировать").click()
    await expect(phone.get_by_role("textbox", name="Сообщение")).to_be_visible()
    await _write(visit, "customer", "/help")
    await expect(phone).to_contain_text("/stop", timeout=SLOW)


@in_a_browser
@pytest.mark.parametrize("width", [390, 1280])
async def test_axe_finds_no_violation_in_a_living_demo(visit: Visit, width: int) -> None:
    await visit.page.set_viewport_size({"width": width, "height": 844})
    await expect(visit.phone("customer").locator("article").first).to_be_visible(timeout=SLOW * 3)
    # The page in the frame has its own origin, and its own test.
    results = await Axe().run(visit.page, options={"iframes": False})
    assert results.violations_count == 0, results.generate_report()
    overflow = await visit.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


def test_a_bot_that_dies_is_started_again_and_hears_what_was_said(demo: Living) -> None:
    until(lambda: len(demo.bots()) == 1 and demo.ask("state")["connected"])
    (first,) = demo.bots()
    os.kill(first, signal.SIGKILL)
    until(lambda: bool(demo.bots()) and demo.bots() != [first])
    until(lambda: demo.ask("state")["polling"] and not demo.ask("state")["pending"])
    assert first not in demo.bots()
