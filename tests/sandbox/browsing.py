"""A Chromium for the tests of the chat page; one browser and one event loop a module."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright

from bot.sandbox.sandbox import Sandbox
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.telegram import Call, add_ann, calling, local_telegram

QUESTION: dict[str, Any] = {
    "inline_keyboard": [
        [{"text": str(score), "callback_data": f"a:{score}"} for score in range(6)],
        [{"text": "Skip", "callback_data": "s"}, {"text": "Back", "disabled": {}}],
    ]
}
IN_A_BROWSER = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.asyncio(loop_scope="module"),
]


class Visit:
    """The open page; what its console said and what it asked from elsewhere is kept."""

    def __init__(self, sandbox: Sandbox, page: Page, also: Sequence[str] = ()) -> None:
        self.sandbox = sandbox
        self.also = also
        self.page = page
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((f"{self.sandbox.sim_url}/", "blob:", *self.also)):
            self.elsewhere.append(url)

    async def open(self, language: str = "en") -> None:
        """Load the page and wait until it knows the people."""
        await self.page.goto(f"{self.sandbox.page_url}?lang={language}")
        await self.page.wait_for_selector("#people button", state="attached")

    def phone(self, role: str) -> Locator:
        """Return the phone of a role."""
        return self.page.locator(f'.phone[data-role="{role}"]')

    def button(self, label: str, role: str = "customer") -> Locator:
        """Return a button of a phone by its whole name."""
        return self.phone(role).get_by_role("button", name=label, exact=True)


@asynccontextmanager
async def visiting(
    sandbox: Sandbox, browser: Browser, *, bypass_csp: bool = False, also: Sequence[str] = ()
) -> AsyncIterator[Visit]:
    """Come with a laptop; nothing may be complained of, nothing asked from elsewhere.

    `also`: what addresses beside the page's own begin with.
    """
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800},
        locale="en",
        timezone_id="UTC",
        bypass_csp=bypass_csp,
    )
    context.set_default_timeout(10_000)
    visit = Visit(sandbox, await context.new_page(), also)
    yield visit
    await context.close()
    assert visit.complaints == [], visit.complaints
    assert visit.elsewhere == [], visit.elsewhere


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    """Ann the customer, Max the manager, Ada the admin."""
    async with local_telegram() as running:
        running.introduce(add_ann(running), "customer", "Acme")
        running.introduce(running.add_user("Max", phone="+7912", started=True), "manager")
        running.introduce(running.add_user("Ada", started=True), "admin")
        yield running


@pytest.fixture
def ann(sandbox: Sandbox) -> int:
    return min(sandbox.users)


@pytest_asyncio.fixture(loop_scope="module")
async def api(sandbox: Sandbox) -> AsyncIterator[Call]:
    async with calling(sandbox) as call:
        yield call


@pytest_asyncio.fixture(loop_scope="module")
async def visit(sandbox: Sandbox, browser: Browser) -> AsyncIterator[Visit]:
    async with visiting(sandbox, browser) as visit:
        yield visit


@pytest_asyncio.fixture(loop_scope="module")
async def lenient_visit(sandbox: Sandbox, browser: Browser) -> AsyncIterator[Visit]:
    """For axe, which is injected as a script: the page's own policy rightly refuses it."""
    async with visiting(sandbox, browser, bypass_csp=True) as visit:
        yield visit


async def ask(api: Call, chat_id: int, text: str = "How <b>likely</b>?", **more: Any) -> int:
    """Send a message as the bot; return its id."""
    sent = await api("sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **more)
    message_id: int = sent["result"]["message_id"]
    return message_id


async def arrived(sandbox: Sandbox, count: int) -> list[dict[str, Any]]:
    """The updates that wait, once there are so many."""
    updates = sandbox.world.updates
    while len(updates) < count:
        await updates.arrived.changed(updates.arrived.version, 10)
    found = sandbox.unconfirmed()
    assert len(found) == count
    return found
