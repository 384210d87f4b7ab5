"""The picture of the first section: readable, of its font's letters, and nothing but words."""

import json
import struct
from collections import Counter
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont

from surveys.messages import LANGUAGES, Language
from templates.catalog import messages, read
from templates.digest.message import MESSAGE_LINES
from templates.digest.picture import (
    FONTS,
    MARGIN,
    UNKNOWN,
    WIDTH,
    Weight,
    broken,
    drawable,
    render_picture,
    render_png,
    width_of,
)
from tests.hostile import WORDS
from tests.scoring.reports.documents import opened
from tests.templates.pages import (
    COMPANIES,
    SAMPLES,
    document,
    render_summary,
    with_words,
)

SVG = "{http://www.w3.org/2000/svg}"
EVERY = [(name, language) for name in (*SAMPLES, *COMPANIES) for language in LANGUAGES]


def _elements(drawing: str) -> Counter[tuple[str, tuple[str, ...]]]:
    every = ET.fromstring(drawing).iter()  # noqa: S314 - it is what we have just made
    return Counter((one.tag, tuple(one.attrib)) for one in every)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_line_is_within_the_picture(name: str, language: Language) -> None:
    drawing = render_picture(opened(document(name, language)), language)
    lines = list(ET.fromstring(drawing).iter(f"{SVG}text"))  # noqa: S314 - ours
    assert lines
    for line in lines:
        weight: Weight = "bold" if line.get("font-weight") == "bold" else "normal"
        size = float(line.get("font-size", "0"))
        assert size >= 11, "a phone shows it so large"
        right = float(line.get("x", "0")) + width_of(line.text or "", size, weight)
        assert right <= WIDTH - MARGIN + 1
        assert UNKNOWN not in (line.text or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_drawn_three_pixels_a_unit(language: Language) -> None:
    image = render_png(opened(document("rich", language)), language)
    assert image.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", image[16:24])
    assert width == 3 * WIDTH
    assert height < 2.2 * width, "taller ones are cut in the chat"
    assert len(image) < 400_000


def test_criteria_of_facts_are_counted_among_those_left_out() -> None:
    shown = document("rich", "ru")
    figures = [row for row in shown["scorecard"]["others"] if row["value"] is not None]
    measured = {row["key"] for row in shown["scorecard"]["criteria"]}
    assert len([row for row in figures if row["key"] not in measured]) == 2
    drawn = render_picture(opened(shown), "ru").replace("\u00a0", " ")
    assert "Ещё 2 критерия — в дайджесте." in drawn


@pytest.mark.parametrize("word", WORDS)
def test_words_of_anybody_add_nothing_but_letters(word: str) -> None:
    usual = with_words(document("rich", "ru"), "Ромашка")
    changed = with_words(usual, f"Ромашка {word}")
    drawing = render_picture(opened(changed), "ru")
    plain = _elements(render_picture(opened(usual), "ru"))
    more = _elements(drawing) - plain
    assert {tag for tag, _ in more} <= {f"{SVG}text"}, "a name may take a second line"
    assert set(_elements(drawing)) == set(plain)
    assert "\u202e" not in drawing
    assert render_png(opened(changed), "ru").startswith(b"\x89PNG")


def test_a_long_word_is_cut_at_its_end_and_never_broken() -> None:
    first, second = broken("Рыба " + "ы" * 99, 12, "normal", 100, 3)
    assert first == "Рыба"
    assert second.endswith("ы…")
    assert width_of(second, 12) <= 100 < width_of(f"ы{second}", 12), "as many letters as there fit"
    lines = broken("один два три четыре пять шесть семь", 12, "normal", 50, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert drawable("漢 \u200b\u202eа\nб") == f"{UNKNOWN} а б"


def test_the_font_has_what_texts_are_made_of() -> None:
    widths = json.loads((FONTS / "widths.json").read_text())
    for weight, name in (("normal", ""), ("bold", "-Bold")):
        font: Any = TTFont(FONTS / f"DejaVuSansCondensed{name}.ttf")
        advances, per_em = font["hmtx"], font["head"].unitsPerEm
        real = {
            chr(code): round(1000 * advances[glyph][0] / per_em)
            for code, glyph in font.getBestCmap().items()
        }
        font.close()
        assert real == widths[weight]
    known = set(widths["normal"])
    assert set("\u2009\u202f\u00a0−↑↓→▲▼…—–‑«»“”№₽·•≥≤") <= known
    texts = (str(one.string) for language in LANGUAGES for one in messages(read(language)))
    written = {sign for text in texts for sign in text}
    assert {sign for sign in written if sign.isalpha()} - known == {"ᵢ"}, "of a formula"
    assert "Bitstream" in (FONTS / "LICENSE.txt").read_text()


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_the_words_below_it_are_six_lines_at_most(name: str, language: Language) -> None:
    assert len(render_summary(document(name, language), language).splitlines()) <= MESSAGE_LINES
