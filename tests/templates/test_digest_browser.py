"""The digest in a real browser: accessible, and nothing to scroll sideways on a phone."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from scoring.reports.casework import casework
from surveys.counts.casework import CaseCounts
from surveys.messages import LANGUAGES, Language
from surveys.reports.as_json import read_digest
from templates.digest.page import render_digest as render_page
from tests.chromium import CHROMIUM, SCHEMES
from tests.templates.pages import COMPANIES, SAMPLES, document, render_digest, with_words

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
UNTIL = datetime(2026, 10, 1, tzinfo=UTC)
WAITING = read_digest(json.dumps(document("rich", "ru")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_has_no_accessibility_violation_by_day_and_by_night(
    browser: Browser, name: str, language: Language
) -> None:
    # axe is injected as a script, which the page's own policy rightly refuses.
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.set_content(render_digest(document(name, language), language))
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"
    context.close()


def test_long_unbroken_words_do_not_push_a_phones_page_sideways(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(render_digest(with_words(document("rich", "ru"), "ы" * 500), "ru"))
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width == 390


BROKEN = """() => {
    const found = [];
    for (const element of document.querySelectorAll('th, caption, figcaption, strong, dt, h3, p')) {
        if (element.offsetWidth <= 1) continue;  // said, not shown
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            for (const word of walker.currentNode.data.matchAll(/[\\p{L}]+/gu)) {
                const range = document.createRange();
                range.setStart(walker.currentNode, word.index);
                range.setEnd(walker.currentNode, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
                if (lines.size > 1) found.push(word[0]);
            }
        }
    }
    return found;
}"""


@pytest.mark.parametrize("name", [*COMPANIES, "rich"])
def test_no_word_of_a_name_is_broken_and_nothing_is_wider_than_a_narrow_phone(
    browser: Browser, name: str
) -> None:
    html = render_digest(document(name, "ru"), "ru")
    assert len(html.encode()) <= 300_000
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.set_content(html)
    widths = []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
    page.set_viewport_size({"width": 320, "height": 700})
    broken = page.evaluate(BROKEN)
    page.close()
    assert widths == [320, 390, 1280]
    assert broken == []


@pytest.mark.parametrize("name", ["rich", "empty"])
def test_on_a_narrow_phone_a_folded_line_leads_to_every_section(
    browser: Browser, name: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.set_content(render_digest(document(name, "ru"), "ru"))
    contents, first = page.locator(".contents"), page.locator("main h2").first
    closed = first.bounding_box()
    assert contents.locator("a").first.is_visible() is False
    contents.locator("summary").click()
    named = {link.get_attribute("href"): link.inner_text() for link in contents.locator("a").all()}
    headings = {f"#{one.get_attribute('id')}": one.inner_text() for one in page.locator("h2").all()}
    assert list(named.items()) == list(headings.items())
    tapped = [link.bounding_box() for link in contents.locator("a").all()]
    assert all(box is not None and box["height"] >= 24 for box in tapped)
    contents.locator("a").last.click()
    assert page.evaluate("document.querySelector('#method').getBoundingClientRect().top") < 700
    page.set_viewport_size({"width": 1280, "height": 700})
    wide = contents.is_visible()
    page.emulate_media(media="print")
    printed = contents.is_visible()
    page.close()
    assert (wide, printed) == (False, False)
    assert closed is not None
    assert closed["y"] < 1_000


def test_two_hundred_managers_are_no_longer_to_scroll_through_than_forty(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(render_digest(document("crowd", "ru"), "ru"))
    height = page.evaluate("document.documentElement.scrollHeight")
    names = page.locator("section[aria-labelledby=managers] tbody tr").count()
    page.close()
    assert names == 200, "everybody is there, below a tap"
    assert height < 30_000


def test_where_nothing_is_drawn_there_is_no_scale() -> None:
    for language in LANGUAGES:
        shown = render_digest(document("rich", language), language)
        themes = shown[shown.index('<table class="groups themes said">') :]
        themes = themes[: themes.index("</table>")]
        assert ("reach" in themes) == ('class="ends"' in themes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_in_words_among_the_cases_fits_a_narrow_phone(
    browser: Browser, language: Language
) -> None:
    waiting = replace(WAITING, casework=casework(CaseCounts(UNTIL, opened=3, resolved=1, open=2)))
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.set_content(render_page(waiting, language))
    width = page.evaluate("document.documentElement.scrollWidth")
    value = page.locator("section[aria-labelledby=cases] .value").first
    box, said = value.bounding_box(), value.inner_text()
    page.close()
    assert said in {"не меньше половины ещё ждут", "half of them or more wait still"}
    assert width == 320
    assert box is not None
    assert box["x"] + box["width"] <= 320


def test_a_printed_page_shows_every_picture_and_no_folded_table(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.emulate_media(media="print")
    page.set_content(render_digest(document("rich", "ru"), "ru"))
    shown = page.evaluate("[...document.querySelectorAll('summary')].map(x => x.offsetHeight)")
    heights = page.evaluate("[...document.querySelectorAll('figure')].map(x => x.offsetHeight)")
    page.close()
    assert set(shown) == {0}
    assert all(0 < height < 900 for height in heights)


def test_paper_says_how_many_managers_it_leaves_out(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.emulate_media(media="print")
    page.set_content(render_digest(document("crowd", "en"), "en"))
    lines = page.locator("summary:visible").all_inner_texts()
    page.close()
    assert lines == [
        "180 more managers: between them, or without a score",
        "The other managers, all questions together",
    ]


PAPER: ViewportSize = {"width": 688, "height": 1001}
"""A4 within its margins."""


@pytest.mark.parametrize("name", ["promoters", "ten"])
def test_paper_holds_two_rows_of_managers_and_keeps_words_below_their_heading(
    browser: Browser, name: str
) -> None:
    page = browser.new_page(viewport=PAPER)
    page.emulate_media(media="print")
    page.set_content(render_digest(document(name, "ru"), "ru"))
    heights = page.evaluate("[...document.querySelectorAll('.mirror')].map(x => x.offsetHeight)")
    kept = page.evaluate(
        "[...document.querySelectorAll('.quotes')].map(x => getComputedStyle(x).breakInside)"
    )
    sizes = page.evaluate(
        "['.content p', '.about', 'dd'].map(one => parseFloat("
        "getComputedStyle(document.querySelector(one)).fontSize))"
    )
    page.close()
    assert heights
    assert 2 * max(heights) + 20 < PAPER["height"]
    assert set(kept) <= {"avoid"}
    assert sizes[0] >= max(sizes), "what explains is not printed larger than what is said"


def test_an_amount_stands_on_one_line_of_a_narrow_phone(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.set_content(render_digest(document("rich", "ru"), "ru"))
    amounts = page.locator("section[aria-labelledby=money] .facts td.number")
    heights = amounts.evaluate_all(
        """all => all.map(one => {
            const range = document.createRange();
            range.selectNodeContents(one);
            return new Set([...range.getClientRects()].map(rect => Math.round(rect.top))).size;
        })"""
    )
    page.close()
    assert heights
    assert set(heights) == {1}


def test_a_table_is_not_named_twice_where_its_section_says_its_name(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content(render_digest(document("rich", "ru"), "ru"))
    named = page.evaluate(
        """[...document.querySelectorAll('section')].flatMap(section =>
            [...section.querySelectorAll('caption')]
                .filter(one => one.offsetWidth > 1)
                .filter(one => one.innerText === section.querySelector('h2').innerText)
                .map(one => one.innerText))"""
    )
    page.close()
    assert named == []


@pytest.mark.parametrize("name", ["empty", "single", "crowd"])
def test_a_printed_page_ends_with_its_last_words(browser: Browser, name: str) -> None:
    """A margin below them made one more page of nothing."""
    page = browser.new_page()
    page.set_content(render_digest(document(name, "en"), "en"))
    pages = _pages(page)
    page.evaluate("[...document.querySelectorAll('dd')].at(-1).style.marginBottom = '-4rem'")
    assert _pages(page) == pages
    page.close()


def _pages(page: Page) -> int:
    return page.pdf(format="A4").count(b"/Type /Page\n")


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
