"""Cards to print: self-contained, escaped, a code that reads back as the link."""

import re

import pytest

from surveys.messages import Language
from templates.cards import LinkCard, qr_png, render_cards

LINK = "https://t.me/some_bot?start=" + "a" * 32
HOSTILE = LinkCard("<script>alert(1)</script>", 'ООО "Лес" & {{ 7 * 7 }}', LINK)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_card_escapes_whatever_people_are_called(language: Language) -> None:
    page = render_cards("Ромашка <и Ко>", [HOSTILE], language)
    assert "<script" not in page
    assert "{{ 7 * 7 }}" in page
    assert "Ромашка &lt;и Ко&gt;" in page


def test_a_page_asks_nothing_from_outside() -> None:
    page = render_cards("Ромашка", [HOSTILE] * 3, "ru")
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert page.count('class="qr"') == 3
    assert page.count(LINK) == 3


def test_different_links_have_different_codes_and_the_same_link_the_same() -> None:
    one, two = (render_cards("Р", [LinkCard("А", "", LINK + end)], "ru") for end in "bc")
    drawn = [re.findall(r"<svg.*?</svg>", page, re.DOTALL) for page in (one, two)]
    assert drawn[0] != drawn[1]
    assert qr_png(LINK) == qr_png(LINK)
    assert qr_png(LINK).startswith(b"\x89PNG")
