"""The digest in a real browser: accessible, and nothing to scroll sideways on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from surveys.messages import LANGUAGES, Language
from tests.templates.pages import SAMPLES, document, render_digest, with_words

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_has_no_accessibility_violation(
    browser: Browser, name: str, language: Language, scheme: Literal["light", "dark"]
) -> None:
    # axe is injected as a script, which the page's own policy rightly refuses.
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.set_content(render_digest(document(name, language), language))
    results = Axe().run(page)
    context.close()
    assert results.violations_count == 0, results.generate_report()


def test_long_unbroken_words_do_not_push_a_phones_page_sideways(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(render_digest(with_words(document("rich", "ru"), "ы" * 500), "ru"))
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width == 390


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_phone_needs_no_sideways_scrolling_and_the_policy_stops_nothing(
    browser: Browser, tmp_path: Path, name: str, language: Language
) -> None:
    file = tmp_path / "digest.html"
    file.write_text(render_digest(document(name, language), language), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    width = page.evaluate("document.documentElement.scrollWidth")
    font = page.evaluate("getComputedStyle(document.querySelector('.lead')).fontSize")
    page.close()
    assert width == 390
    assert said == []
    assert font != "16px", "the style sheet is refused"
