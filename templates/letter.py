"""A piece of HTML to paste into a letter: the first question, with a link for each answer.

It loads nothing and holds no script or style sheet, of which mail programs would take neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.messages import Language
from templates.rendering import environment
from templates.texts import Texts


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says; `links` are the answers with their addresses, none: only `link` is there.

    `low` and `high` are the words at the ends of the scale.
    """

    greeting: str
    question: str
    low: str
    high: str
    links: Sequence[tuple[str, str]]
    link: str
    language: Language


def render_letter(letter: Letter) -> str:
    """Return the piece of HTML."""
    page = environment().get_template("letter.html.j2")
    return page.render(_=Texts(letter.language), letter=letter).strip()
