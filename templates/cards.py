"""Cards with QR codes to print and hand out: one self-contained page, eight to a sheet of A4."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from markupsafe import Markup

from surveys.messages import Language
from templates.rendering import environment, style
from templates.texts import Texts

_TELEGRAM = "https://t.me/"


@dataclass(frozen=True, slots=True)
class LinkCard:
    """Whom a link is for (a name and, say, the company), and the link."""

    name: str
    note: str
    link: str


def render_cards(company: str, cards: Sequence[LinkCard], language: Language) -> str:
    """Return the page as HTML: no script, nothing from outside."""
    css, digest = style("cards.css")
    shown = [
        {
            "name": card.name,
            "note": card.note,
            "link": card.link,
            "qr": qr_svg(card.link),
            "in_telegram": card.link.startswith(_TELEGRAM),
        }
        for card in cards
    ]
    page = environment().get_template("cards.html.j2")
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
