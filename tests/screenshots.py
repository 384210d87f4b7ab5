"""`make screenshots`: the pictures of README.md, taken from the running product."""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.chromium import ARGUMENTS, CHROMIUM
from tests.demo.living import ROOT, living

DOCS = ROOT / "docs"
LARGEST = 300_000
LAPTOP, TELEPHONE = (1280, 800), (390, 760)
_PATIENCE = 90_000


async def _page(browser: Browser, size: tuple[int, int]) -> Page:
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        timezone_id="Europe/Moscow",
        locale="ru",
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE)
    return await context.new_page()


async def _digest(browser: Browser, out: Path) -> None:
    page = await _page(browser, LAPTOP)
    await page.goto((out / "digest.html").as_uri())
    await page.screenshot(path=DOCS / "digest.png")


async def _chat(browser: Browser, page_url: str) -> None:
    page = await _page(browser, LAPTOP)
    await page.goto(f"{page_url}?lang=ru")
    customer = page.locator('.phone[data-role="customer"]')
    await customer.get_by_role("button", name="9", exact=True).click()
    await customer.get_by_text("2 из 2").wait_for()
    await page.locator('.phone[data-role="manager"]').get_by_text("1 из 14").wait_for()
    await page.locator('.phone[data-role="admin"]').get_by_text("Дайджест сейчас").last.wait_for()
    await page.wait_for_timeout(4000)
    await page.screenshot(path=DOCS / "chat.png")
    telephone = await _page(browser, TELEPHONE)
    await telephone.goto(f"{page_url}?lang=ru")
    await telephone.locator('.phone[data-role="customer"]').get_by_text("2 из 2").wait_for()
    await telephone.screenshot(path=DOCS / "phone.png")


async def _take(out: Path, page_url: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        await _digest(browser, out)
        await _chat(browser, page_url)
        await browser.close()


def main() -> None:
    """Play the headless demo for the digest and a living one for the phones; say the sizes."""
    if not CHROMIUM.exists():
        sys.exit(f"The pictures need Chromium at {CHROMIUM}.")
    with tempfile.TemporaryDirectory() as folder:
        headless = Path(folder, "headless")
        command = [sys.executable, "-m", "bot.cli.main", "demo", "--headless", "--out"]
        subprocess.run([*command, str(headless)], check=True, cwd=ROOT)
        with living(Path(folder, "living"), "--speed", "slow") as demo:
            asyncio.run(_take(headless, demo.page_url))
    for picture in sorted(DOCS.glob("*.png")):
        size = picture.stat().st_size
        verdict = "too large" if size > LARGEST else "fine"
        sys.stdout.write(f"{picture.relative_to(ROOT)}: {size:,} bytes, {verdict}\n")


if __name__ == "__main__":
    main()
