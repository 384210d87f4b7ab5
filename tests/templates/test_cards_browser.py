"""Cards with QR codes in a real browser: eight whole cards to a sheet, and readable codes."""

import re

import pytest
import segno
from playwright.sync_api import Browser, Page

from surveys.messages import LANGUAGES, Language
from templates.cards import LinkCard, render_cards
from tests.chromium import CHROMIUM

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
LINK = "https://t.me/very_long_company_name_bot?start=" + "aB3_" * 8
PEOPLE = (
    ("Ли Ю", ""),
    ("Рождественский-Преображенский Александр Константинович", "ИП Ли"),
    (
        "Мак-Магон-де-Рождественский-Преображенский Константин-Владислав Александрович младший",
        "ООО «Научно-производственное объединение «Северный машиностроительный завод»",
    ),
)
COMPANY = "Общество с ограниченной ответственностью «Ромашка и Компания Северо-Запад»"
SAMPLED = """async svg => {
    const copy = svg.cloneNode(true)
    copy.setAttribute("width", 400); copy.setAttribute("height", 400)
    const image = new Image()
    const drawn = new XMLSerializer().serializeToString(copy)
    image.src = "data:image/svg+xml," + encodeURIComponent(drawn)
    await image.decode()
    const canvas = document.createElement("canvas")
    canvas.width = canvas.height = 400
    const pen = canvas.getContext("2d")
    pen.fillStyle = "white"; pen.fillRect(0, 0, 400, 400); pen.drawImage(image, 0, 0, 400, 400)
    const side = svg.viewBox.baseVal.width, step = 400 / side
    const dark = (x, y) => pen.getImageData((x + .5) * step, (y + .5) * step, 1, 1).data[0] < 128
    return [...Array(side).keys()].map(y => [...Array(side).keys()].map(x => dark(x, y)))
}"""


def _opened(browser: Browser, count: int, language: Language) -> Page:
    cards = [LinkCard(*PEOPLE[number % 3], f"{LINK}{number}") for number in range(count)]
    page = browser.new_context(bypass_csp=True).new_page()
    page.set_content(render_cards(COMPANY, cards, language))
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("count", "sheets"), [(1, 1), (8, 1), (9, 2), (200, 25)])
def test_eight_cards_stand_on_a_sheet_whatever_people_are_called(
    browser: Browser, language: Language, count: int, sheets: int
) -> None:
    page = _opened(browser, count, language)
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    cut = page.eval_on_selector_all(
        "li", "all => all.filter(one => one.scrollHeight > one.clientHeight + 1).length"
    )
    page.context.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == sheets
    assert cut == 0


def test_a_printed_code_is_the_links_own_dot_by_dot(browser: Browser) -> None:
    page = _opened(browser, 1, "ru")
    drawn = page.locator("svg.qr").evaluate(SAMPLED)
    page.context.close()
    code = segno.make(f"{LINK}0", error="m", micro=False)
    wanted = [[bool(dot) for dot in row] for row in code.matrix_iter(border=2)]
    assert drawn == wanted
