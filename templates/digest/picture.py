"""The digest's first section as a picture for a chat: an SVG, and its PNG.

Drawn for a phone: 360 units wide, three pixels a unit. SVG breaks no lines, so they are broken here
by the widths of the packaged font's letters. Attributes are plain and colours are hex: the renderer
knows no style sheets. A text that must end at a certain place begins at that place less its width.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Final, Literal, NamedTuple

from surveys.counts.measures import NPS
from surveys.messages import Language
from surveys.reports.digest import Digest
from templates import charts
from templates.digest.headline import headline, unfinished
from templates.digest.part import titled
from templates.digest.sections.nps import nps
from templates.digest.sections.scorecard import others, scorecard
from templates.digest.shown import NPS_ENDS, EstimateShown
from templates.rendering import environment
from templates.texts import Texts
from templates.wording import measure_name

Weight = Literal["normal", "bold"]

FONTS: Final = Path(__file__).parents[1] / "fonts"
SCALE: Final = 3
WIDTH: Final = 360.0
MARGIN: Final = 16.0
UNKNOWN: Final = "\N{WHITE SQUARE}"
"""Stands for a letter that the font lacks."""
_INSIDE: Final = WIDTH - 2 * MARGIN
_VALUE_WIDTH: Final = 84.0
_MOST_ROWS: Final = 7


class Line(NamedTuple):
    """A line of text: where it begins, its baseline, size, weight and colour."""

    x: float
    y: float
    size: float
    weight: Weight
    colour: str
    text: str


class Bar(NamedTuple):
    """A value with its interval on an axis of the picture's width; `zero`: where zero is."""

    y: float
    value: float
    low: float
    width: float
    zero: float | None
    colour: str


class _Row(NamedTuple):
    """A criterion as the picture shows it."""

    name: str
    now: EstimateShown
    word: str
    style: str
    whisker: charts.Whisker
    zero: float | None


INK: Final = "#1a1a1a"
FAINT: Final = "#595959"
COLOURS: Final[Mapping[str, str]] = {"better": "#00623f", "worse": "#a8330a"}
ARROWS: Final[Mapping[str, str]] = {"better": "▲ ", "worse": "▼ "}


@cache
def _widths() -> Mapping[str, Mapping[str, int]]:
    """Return the width of each letter of the font in thousandths of its size, by weight."""
    found: Mapping[str, Mapping[str, int]] = json.loads((FONTS / "widths.json").read_text("utf-8"))
    return found


def drawable(text: str) -> str:
    """Return a text of letters that the font has, on one line, without signs that are unseen."""
    known = _widths()["normal"]
    seen = (sign for sign in text if unicodedata.category(sign) not in {"Cf", "Mn", "Me", "Cs"})
    shown = (sign if sign in known or sign.isspace() else UNKNOWN for sign in seen)
    return " ".join("".join(sign if sign in known else " " for sign in shown).split(" ")).strip()


def width_of(text: str, size: float, weight: Weight = "normal") -> float:
    """Return how wide a drawable text is, in units."""
    widths = _widths()[weight]
    return sum(widths[sign] for sign in text) * size / 1000


def broken(text: str, size: float, weight: Weight, width: float, most: int) -> list[str]:
    """Break a text at its spaces into at most so many lines; what does not fit becomes "…".

    A word that is wider than a line is cut at its end, never broken.
    """
    lines = [""]
    for word in drawable(text).split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if width_of(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines += [_cut(word, size, weight, width)]
    lines = [line for line in lines if line]
    if len(lines) > most:
        rest = f"{lines[most - 1]} {lines[most]}"
        lines = [*lines[: most - 1], _cut(rest, size, weight, width)]
    return lines


def _cut(text: str, size: float, weight: Weight, width: float) -> str:
    if width_of(text, size, weight) <= width:
        return text
    fitting = takewhile(
        lambda length: width_of(f"{text[:length]}…", size, weight) <= width, range(len(text))
    )
    return f"{text[: max(fitting, default=0)].rstrip()}…"


def render_picture(document: Digest, language: Language) -> str:
    """Return the picture as SVG."""
    page = _Page(Texts(language))
    page.head(document)
    rows = list(_rows(page.texts, document))
    for row in rows[:_MOST_ROWS]:
        page.row(row)
    undrawn = sum(1 for one in others(page.texts, document) if one.value)
    page.left_out(max(len(rows) - _MOST_ROWS, 0) + undrawn)
    drawing = environment().get_template("digest/picture.svg.j2")
    return drawing.render(
        width=WIDTH, height=round(page.y + MARGIN, 1), lines=page.lines, bars=page.bars,
        margin=MARGIN, inside=_INSIDE,
    )  # fmt: skip


def render_png(document: Digest, language: Language) -> bytes:
    """Return the picture as PNG, three pixels a unit, drawn with the packaged font alone."""
    import resvg_py  # noqa: PLC0415 - only making a picture needs it

    drawn: bytes = resvg_py.svg_to_bytes(
        svg_string=render_picture(document, language),
        zoom=SCALE,
        skip_system_fonts=True,
        font_files=[str(path) for path in sorted(FONTS.glob("*.ttf"))],
        font_family="DejaVu Sans Condensed",
    )
    return bytes(drawn)


class _Page:
    """The picture as it grows downwards."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.y = MARGIN
        self.lines: list[Line] = []
        self.bars: list[Bar] = []

    def head(self, document: Digest) -> None:
        """Write the company, the period and the first sentences."""
        texts = self.texts
        self._write(document.company, 12, "normal", FAINT, 2)
        self._write(texts.period(document.period.key), 12, "bold", FAINT, 1)
        self._write(titled(texts, document.part), 12, "bold", FAINT, 2)
        self.y += 4
        self._write(headline(texts, document), 16, "bold", INK, 7)
        self._write(unfinished(texts, document), 12, "normal", FAINT, 2)
        self.y += 4

    def row(self, row: _Row) -> None:
        """Write a criterion: its name and value, its interval as words and drawn, its verdict."""
        self.y += 12
        top = self.y
        self._write(row.name, 13, "normal", INK, 2, _INSIDE - _VALUE_WIDTH)
        value = drawable(row.now.value)
        x = WIDTH - MARGIN - width_of(value, 20, "bold")
        self._line(x, top + 16, 20, "bold", INK, value)
        self.y = max(self.y, top + 21) + 8
        colour = COLOURS.get(row.style, INK)
        drawn = row.whisker
        self.bars.append(
            Bar(
                y=self.y,
                value=drawn.x + MARGIN,
                low=drawn.low + MARGIN,
                width=drawn.width,
                zero=None if row.zero is None else row.zero + MARGIN,
                colour=colour,
            )
        )
        self.y += 7
        self._write(f"{row.now.interval}; {row.now.answers}", 11.5, "normal", FAINT, 2)
        arrow = ARROWS.get(row.style, "")
        self._write(f"{arrow}{row.word}", 12, "bold" if arrow else "normal", colour, 3)

    def left_out(self, count: int) -> None:
        """Say how many criteria the picture has no room for; those of facts are not drawn."""
        if count > 0:
            said = self.texts.plural(
                "{n} more criterion: in the digest.", "{n} more criteria: in the digest.", count
            )
            self.y += 12
            self._write(said, 12, "normal", FAINT, 2)

    def _write(
        self, text: str, size: float, weight: Weight, colour: str, most: int, width: float = _INSIDE
    ) -> None:
        for line in broken(text, size, weight, width, most):
            self._line(MARGIN, self.y + size, size, weight, colour, line)
            self.y += size * 1.32

    def _line(
        self, x: float, y: float, size: float, weight: Weight, colour: str, text: str
    ) -> None:
        self.lines.append(
            Line(x=round(x, 1), y=round(y, 1), size=size, weight=weight, colour=colour, text=text)
        )


def _rows(texts: Texts, document: Digest) -> Iterator[_Row]:
    """Yield what has a value: the NPS first, then the other criteria of the scorecard."""
    found = nps(texts, document)
    if found and found.score and document.nps:
        drawn = charts.whisker(
            document.nps.score.low, document.nps.score.value, document.nps.score.high,
            NPS_ENDS, _INSIDE,
        )  # fmt: skip
        yield _Row(
            name=measure_name(texts, NPS),
            now=found.score,
            word=found.verdict,
            style=found.word,
            whisker=drawn,
            zero=_INSIDE / 2,
        )
    for shown, row in zip(scorecard(texts, document), document.scorecard.criteria, strict=True):
        if shown.now is None or row.current is None:
            continue
        current = row.current
        drawn = charts.whisker(current.low, current.value, current.high, (0.0, 100.0), _INSIDE)
        yield _Row(
            name=shown.name,
            now=shown.now,
            word=shown.verdict,
            style=shown.word,
            whisker=drawn,
            zero=None,
        )
