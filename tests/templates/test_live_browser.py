"""The bar above the live digest and the pages beside it, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from surveys.messages import LANGUAGES, Language
from surveys.reports.scope import Scope
from templates.answer_page import PageButton
from templates.digest.page import Live, render_digest
from templates.live.bar import BarChoice, OfferedParts, query_of, ways
from templates.live.page import LiveForm, SmallPage, render
from templates.texts import Texts
from tests.chromium import CHROMIUM, SCHEMES
from tests.scoring.reports.documents import opened
from tests.templates.pages import document

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
LONG = "Общество-с-ограниченной-ответственностью-«Северный-машиностроительный-завод»" * 2
OFFERED = OfferedParts(
    periods=[("year", ["2026"]), ("quarter", ["2026-Q3"]), ("month", ["2026-09", "2026-08"])],
    segments=[LONG, "опт"],
    teams=["Север"],
    managers=[(7, LONG)],
    campaigns=[(1, LONG)],
    attributes=[LONG],
)


def _pages(language: Language) -> list[str]:
    texts = Texts(language)
    made = opened(document("sparse", language))
    form = LiveForm(
        "/digest/rows",
        "x",
        [(LONG, [PageButton("XLSX", "a"), PageButton("CSV", "b")])],
        texts("Period"),
        [BarChoice("2026-09", texts.period("2026-09"), chosen=True), BarChoice("", LONG)],
    )
    small = SmallPage(
        language,
        LONG,
        texts("Data"),
        paragraphs=((((LONG, "b"),), (("—", "i"),)),),
        ways=ways(texts, "/digest", "/rows", query_of("2026-09", Scope(segment=LONG))),
        forms=[form],
        links=ways(texts, "/digest", "", ""),
    )
    return [render_digest(made, language, Live("/digest", OFFERED)), render(small)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_live_pages_are_accessible_and_fit_a_narrow_phone(
    browser: Browser, language: Language
) -> None:
    # axe is injected as a script, which the page's own policy rightly refuses.
    context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page = context.new_page()
    for html in _pages(language):
        page.set_content(html)
        for summary in page.locator("[role=search] summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            results = Axe().run(page)
            assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"
    context.close()
