"""The page on which a customer answers: one screen, no script needed, nothing from elsewhere."""

from dataclasses import dataclass
from typing import Literal

from surveys.messages import Language
from templates.rendering import environment, script, style
from templates.texts import Texts

Piece = tuple[str, str]
"""A piece of a line and the tags it stands in, of "b", "i" and "s"."""
Paragraph = tuple[tuple[Piece, ...], ...]
"""Lines of pieces."""


@dataclass(frozen=True, slots=True)
class PageButton:
    """A button: `value` is sent when it is pressed, or `url` is opened.

    `pressed`: how one stands that is switched on and off; `chosen`: proposed, not yet pressed.
    """

    text: str
    value: str = ""
    url: str = ""
    pressed: bool | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class PageField:
    """Where something is typed; it is sent with `value`, `text` stands in it already."""

    kind: Literal["words", "number"]
    value: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What a page shows. `form` goes back with whatever is pressed, to `path`.

    `before` stands above the heading, `after` below it; `numbers` are buttons of one scale.
    `telegram` opens the same survey there; `may_stop`: the way to get no more invitations is shown.
    `document` is a text of its own, folded; `withdraw` and `forget` are what these ways send,
    "" where they are not shown. `onward` leads to another page, where this one has no form.
    """

    language: Language
    company: str
    path: str
    form: str
    heading: Paragraph
    before: tuple[Paragraph, ...] = ()
    after: tuple[Paragraph, ...] = ()
    note: str = ""
    numbers: tuple[PageButton, ...] = ()
    rows: tuple[tuple[PageButton, ...], ...] = ()
    field: PageField | None = None
    telegram: str = ""
    languages: tuple[PageButton, ...] = ()
    may_stop: bool = False
    document: tuple[Paragraph, ...] = ()
    withdraw: str = ""
    forget: str = ""
    onward: PageButton | None = None


def render(page: AnswerPage) -> str:
    """Return the page as HTML."""
    chosen = next((one for one in page.numbers if one.chosen), None)
    return (
        environment()
        .get_template("answer.html.j2")
        .render(
            _=Texts(page.language),
            page=page,
            chosen=chosen,
            title="".join(text for line in page.heading for text, _ in line),
            css=style("answer.css")[0],
            js=script("answer.js")[0],
        )
    )


def policy(framed_by: str = "'none'") -> str:
    """Return the content security policy of every such page."""
    return (
        f"default-src 'none'; style-src '{style('answer.css')[1]}'; "
        f"script-src '{script('answer.js')[1]}'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {framed_by}"
    )
