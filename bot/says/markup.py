"""The markup of every text that the bot says, the same for each channel.

Three tags, `<b>`, `<i>` and `<s>`; `&lt;`, `&gt;` and `&amp;` for those characters themselves; a
line break is a line break. Whatever comes from people or files goes through `literal` first.
Telegram reads this form as it is; other channels draw `spans` their own way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal

Mark = Literal["b", "i", "s"]
"""Bold, italic, struck out."""

_TAG = re.compile("<(/?)([bis])>")
_MARKS: dict[str, Mark] = {"b": "b", "i": "i", "s": "s"}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text as it is read, and how it is set off."""

    text: str
    marks: frozenset[Mark] = frozenset()


def spans(markup: str) -> Iterator[Span]:
    """Yield the pieces of a text in order; anything outside this markup is plain text."""
    marks: frozenset[Mark] = frozenset()
    place = 0
    for tag in _TAG.finditer(markup):
        if tag.start() > place:
            yield Span(unescape(markup[place : tag.start()]), marks)
        mark = frozenset({_MARKS[tag[2]]})
        marks = marks - mark if tag[1] else marks | mark
        place = tag.end()
    if place < len(markup):
        yield Span(unescape(markup[place:]), marks)


def plain(markup: str) -> str:
    """Return a text as it is read, without its markup."""
    return "".join(span.text for span in spans(markup))


def literal(text: str) -> str:
    """Return words as they stand in our markup, whatever signs they hold."""
    return escape(text, quote=False)
