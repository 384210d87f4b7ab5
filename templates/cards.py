"""Cards with QR codes to print and hand out: one self-contained page, eight to a sheet of A4."""

import hashlib
import io
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from templates.texts import Language, Texts

PAGES: Final = Path(__file__).parent / "pages"


@dataclass(frozen=True, slots=True)
class LinkCard:
    """Whom a link is for (a name and, say, the company), and the link."""

    name: str
    note: str
    link: str


def render_cards(company: str, cards: Sequence[LinkCard], language: Language) -> str:
    """Return the page as HTML: no script, nothing from outside."""
    css, digest = _style()
    shown = [
        {"name": card.name, "note": card.note, "link": card.link, "qr": qr_svg(card.link)}
        for card in cards
    ]
    page = _environment().get_template("cards.html.j2")
    return page.render(
        _=Texts(language),
        language=language,
        company=company,
        cards=shown,
        css=css,
        css_digest=digest,
    )


def qr_svg(link: str) -> Markup:
    """Return a link's QR code as inline SVG, which grows with its box."""
    code = segno.make(link, error="m", micro=False)
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn by us: squares, no text of anybody's


def qr_png(link: str) -> bytes:
    """Return a link's QR code as a picture of some 400 points."""
    picture = io.BytesIO()
    segno.make(link, error="m", micro=False).save(picture, kind="png", scale=10, border=4)
    return picture.getvalue()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> tuple[Markup, str]:
    css = "\n" + (PAGES / "cards.css").read_text(encoding="utf-8")
    hashed = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return Markup(css), f"sha256-{hashed}"  # noqa: S704 - our own file
