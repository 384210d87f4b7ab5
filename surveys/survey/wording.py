"""What a text of a survey may be: plain characters, known placeholders, a length that fits."""

import re
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from pydantic_core import PydanticCustomError

from surveys.messages import Message, mark
from surveys.survey import placeholders

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class _InLanguages(Protocol):
    @property
    def ru(self) -> str: ...
    @property
    def en(self) -> str: ...


MISTAKE: Final = "mistake"
"""The type of our own validation errors, whose `message` needs no rewriting."""

T = TypeVar("T", bound=_InLanguages)


def mistake(template: str, /, **given: object) -> PydanticCustomError:
    """Return a validation error of our own: a marked template and what fills it."""
    message = Message(template, given)
    return PydanticCustomError(MISTAKE, "{said}", {"said": str(message), "message": message})


def plain_text(text: str) -> str:
    """Return the text itself; raises a validation error when Telegram could not show it."""
    if not text:
        raise mistake(mark("Write a text here: it is empty."))
    if _UNWRITABLE.search(text):
        raise mistake(mark("Remove the control characters from this text."))
    if odd := placeholders.unknown(text):
        known = [f"{{{name}}}" for name in placeholders.NAMES]
        raise mistake(
            mark("{odd} is not a placeholder; there are {known}."), odd=list(odd), known=known
        )
    return text


def at_most_characters(limit: int) -> Callable[[T], T]:
    """Make a check that a text is no longer than `limit` characters in any language."""

    def check(text: T) -> T:
        for language, words in (("ru", text.ru), ("en", text.en)):
            if len(words) > limit:
                raise mistake(
                    mark("Shorten the {language} text: it has {n} of at most {limit} characters."),
                    language=language,
                    n=len(words),
                    limit=limit,
                )
        return text

    return check
