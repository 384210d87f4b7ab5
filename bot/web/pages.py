"""Screens as pages: the same words and buttons, with a heading and a place to type."""

from dataclasses import dataclass, replace

from bot.says.markup import Mark, spans
from bot.says.screens import Button, Rows, Screen
from templates.answer_page import AnswerPage, PageButton, PageField, Paragraph, Piece
from templates.texts import Texts

_ORDER: tuple[Mark, ...] = ("b", "i", "s")


@dataclass(frozen=True, slots=True)
class PageSurroundings:
    """What a page has around its screen; see `AnswerPage`."""

    texts: Texts
    company: str
    path: str = ""
    form: str = ""
    telegram: str = ""
    languages: tuple[PageButton, ...] = ()
    may_stop: bool = False
    withdraw: str = ""
    forget: str = ""


@dataclass(frozen=True, slots=True)
class PageExtras:
    """What else the page shows: a sentence, words typed before, the option a link proposes."""

    note: str = ""
    typed: str = ""
    chosen: str = ""


NOTHING = PageExtras()


def page_of(screen: Screen, around: PageSurroundings, also: PageExtras = NOTHING) -> AnswerPage:
    """Return the page that shows a screen."""
    paragraphs = [paragraph(text) for text in screen.text.split("\n\n") if text]
    place = next((i for i, one in enumerate(paragraphs) if _is_bold(one)), 0)
    numbers, rows = _apart(screen.rows)
    return AnswerPage(
        language=around.texts.language,
        company=around.company,
        path=around.path,
        form=around.form,
        heading=_unmarked(paragraphs[place]) if paragraphs else (),
        before=tuple(paragraphs[:place]),
        after=tuple(paragraphs[place + 1 :]),
        note=also.note,
        numbers=tuple(_proposed(one, also.chosen) for one in numbers),
        rows=rows,
        field=_field(screen, also),
        telegram=around.telegram,
        languages=around.languages,
        may_stop=around.may_stop,
        document=tuple(paragraph(text) for text in screen.document.split("\n\n") if text),
        withdraw=around.withdraw,
        forget=around.forget,
    )


def to_send_again(said: str, around: PageSurroundings, do: str, words: str) -> AnswerPage:
    """Return the page from which a form that could not be kept can be sent once more."""
    again = PageButton(around.texts("Send again"), do)
    return AnswerPage(
        language=around.texts.language,
        company=around.company,
        path=around.path,
        form=around.form,
        heading=(((said, ""),),),
        rows=() if words else ((again,),),
        field=PageField("words", do, words) if words else None,
    )


def paragraph(text: str) -> Paragraph:
    """Return a text's lines, each of pieces with their tags."""
    lines: list[list[Piece]] = [[]]
    for span in spans(text):
        tags = "".join(mark for mark in _ORDER if mark in span.marks)
        for number, part in enumerate(span.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append((part, tags))
    return tuple(map(tuple, lines))


def _is_bold(paragraph: Paragraph) -> bool:
    return any(paragraph) and all("b" in tags for line in paragraph for _, tags in line)


def _unmarked(paragraph: Paragraph) -> Paragraph:
    return tuple(tuple((text, "") for text, _ in line) for line in paragraph)


def _apart(rows: Rows) -> tuple[list[PageButton], tuple[tuple[PageButton, ...], ...]]:
    """Return the buttons of a scale, whichever rows they stand in, and the other rows."""
    numbers: list[PageButton] = []
    others = []
    for row in rows:
        if row and all(button.text.isdecimal() for button in row):
            numbers += map(_button, row)
        elif row:
            others.append(tuple(map(_button, row)))
    return numbers, tuple(others)


def _button(button: Button) -> PageButton:
    text = button.text.removeprefix("✓ ") if button.chosen else button.text
    return PageButton(text, button.data, button.url, button.chosen)


def _proposed(button: PageButton, chosen: str) -> PageButton:
    return replace(button, chosen=True) if button.text == chosen else button


def _field(screen: Screen, also: PageExtras) -> PageField | None:
    if screen.field is None:
        return None
    return PageField(screen.field.kind, screen.field.data, also.typed)
