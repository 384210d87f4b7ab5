"""The real program behind the chat page: what a customer, a manager and an admin do with it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.telegram import pacing
from tests.bot.world import ADMIN, ANNA, MANAGER, PATIENCE, World, small_world
from tests.sandbox.browsing import IN_A_BROWSER, Visit, browser, visiting

__all__ = ["browser"]
pytestmark = IN_A_BROWSER
MOST_QUESTIONS = 30


@pytest.fixture(autouse=True)
def _quick_chats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "CHAT_INTERVAL", 0.0)


@pytest_asyncio.fixture(loop_scope="module")
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path) as world:
        for telegram_id, role in ((ANNA, "customer"), (MANAGER, "manager"), (ADMIN, "admin")):
            world.sandbox.introduce(telegram_id, role)
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def visit(world: World, browser: Browser) -> AsyncIterator[Visit]:
    async with visiting(world.sandbox, browser) as visit:
        await visit.open("ru")
        yield visit


async def _come(visit: Visit, role: str, payload: str) -> None:
    phone = visit.phone(role)
    await phone.get_by_role("textbox").fill(payload)
    await phone.get_by_role("button", name="Начать").click()


async def _write(visit: Visit, role: str, words: str) -> None:
    box = visit.phone(role).get_by_role("textbox", name="Сообщение")
    await box.fill(words)
    await box.press("Enter")


async def test_a_customer_answers_a_whole_survey_by_tapping_and_typing(
    world: World, visit: Visit
) -> None:
    async with world.bot():
        await _come(visit, "customer", world.tokens["C1"])
        await visit.button("Согласен").click()
        await expect(visit.button("Согласен")).to_have_count(0)
        await world.launch("nps")
        await visit.button("9").click()
        await expect(visit.phone("customer")).to_contain_text("2 из 2")
        await _write(visit, "customer", "Быстро & <b>вежливо</b>")
        await expect(visit.button("Изменить ответы")).to_be_visible()
        await visit.button("Изменить ответы").click()
        await expect(visit.button("10")).to_be_visible()


async def test_a_manager_fills_in_the_self_assessment(world: World, visit: Visit) -> None:
    async with world.bot():
        await _come(visit, "manager", world.tokens["M1"])
        await visit.button("Согласен", "manager").click()
        await expect(visit.button("Согласен", "manager")).to_have_count(0)
        await world.launch("manager_self_assessment")
        asked = await _answer_everything(world, visit)
        assert asked > 10
        await expect(visit.button("Изменить ответы", "manager")).to_be_visible()


async def _answer_everything(world: World, visit: Visit) -> int:
    """Tap the first answer, type where there is none; return how many questions there were."""
    for asked in range(MOST_QUESTIONS):
        labels = world.labels(MANAGER)
        if labels == ["Изменить ответы"]:
            return asked
        shown = world.screen(MANAGER).text.splitlines()[0]
        await expect(visit.phone("manager")).to_contain_text(shown)
        before = world.sandbox.version(MANAGER)
        if len(labels) > 2:
            await visit.button(labels[0], "manager").last.click()
        else:
            await _write(visit, "manager", "15")
        await world.sandbox.changed(MANAGER, before, PATIENCE)
        await world.settle()
    return MOST_QUESTIONS


async def test_the_admin_asks_for_the_digest_and_opens_it(world: World, visit: Visit) -> None:
    async with world.bot():
        await _come(visit, "admin", world.announced[-1])
        await expect(visit.button("Дайджест сейчас", "admin")).to_be_visible()
        await _write(visit, "admin", "/digest")
        await expect(visit.phone("admin")).to_contain_text("Ответов пока нет")
        await visit.button("сентябрь 2026", "admin").click()
        async with visit.page.context.expect_page() as opened:
            await visit.phone("admin").locator("a.file").click()
        digest = await opened.value
        await expect(digest.locator("h1").first).to_contain_text("Ромашка <и Ко>")


async def test_what_people_do_while_the_bot_is_stopped_is_done_when_it_is_back(
    world: World, visit: Visit
) -> None:
    async with world.bot():
        await _come(visit, "customer", world.tokens["C1"])
        await visit.button("Согласен").click()
        await expect(visit.button("Согласен")).to_have_count(0)
        await world.launch("nps")
    await visit.button("7").click()
    banner = visit.page.locator("#banner")
    await expect(banner).to_contain_text("Бот остановлен", timeout=PATIENCE * 1000)
    async with world.bot():
        await expect(visit.phone("customer")).to_contain_text("2 из 2", timeout=PATIENCE * 1000)
        await expect(banner).to_be_hidden()
