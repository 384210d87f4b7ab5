"""The small pages around the live digest: no script, nothing from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.messages import Language
from templates.answer_page import PageButton, Paragraph
from templates.live.bar import BarChoice, Way
from templates.rendering import environment, style
from templates.texts import Texts

_STYLES = ("answer.css", "live.css")


@dataclass(frozen=True, slots=True)
class LiveForm:
    """A form: `form` goes back with the button that is pressed and with what is chosen."""

    action: str
    form: str
    rows: Sequence[tuple[str, Sequence[PageButton]]]
    """A label (may be empty) and the buttons beside it."""
    label: str = ""
    choices: Sequence[BarChoice] = ()


@dataclass(frozen=True, slots=True)
class SmallPage:
    """What a page shows: ways to the others, a heading, links, paragraphs, forms."""

    language: Language
    company: str
    heading: str
    paragraphs: Sequence[Paragraph] = ()
    ways: Sequence[Way] = ()
    forms: Sequence[LiveForm] = ()
    links: Sequence[Way] = ()


def render(page: SmallPage) -> str:
    """Return the page as HTML."""
    css = [style(name)[0] for name in _STYLES]
    return (
        environment()
        .get_template("live.html.j2")
        .render(_=Texts(page.language), page=page, css=css)
    )


def policy(framed_by: str = "'none'") -> str:
    """Return the content security policy of every such page."""
    styles = " ".join(f"'{style(name)[1]}'" for name in _STYLES)
    return (
        f"default-src 'none'; style-src {styles}; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {framed_by}"
    )
