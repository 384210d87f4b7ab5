"""What a text of a survey may be: plain characters, known placeholders, a length that fits."""

import re
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from pydantic_core import PydanticCustomError

from surveys import placeholders

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class _InLanguages(Protocol):
    @property
    def ru(self) -> str: ...
    @property
    def en(self) -> str: ...


MISTAKE: Final = "mistake"
"""The type of our own validation errors, whose messages need no rewriting."""

T = TypeVar("T", bound=_InLanguages)


def plain_text(text: str) -> str:
    """Return the text itself; raises a validation error when Telegram could not show it."""
    if not text:
        raise PydanticCustomError(MISTAKE, "Write a text here: it is empty.")
    if _UNWRITABLE.search(text):
        raise PydanticCustomError(MISTAKE, "Remove the control characters from this text.")
    if odd := placeholders.unknown(text):
        raise PydanticCustomError(
            MISTAKE,
            "{odd} is not a placeholder; there are {known}.",
            {
                "odd": ", ".join(odd),
                "known": ", ".join(f"{{{name}}}" for name in placeholders.NAMES),
            },
        )
    return text


def at_most_characters(limit: int) -> Callable[[T], T]:
    """Make a check that a text is no longer than `limit` characters in any language."""

    def check(text: T) -> T:
        for language, words in (("ru", text.ru), ("en", text.en)):
            if len(words) > limit:
                raise PydanticCustomError(
                    MISTAKE,
                    "Shorten the {language} text: it has {length} of at most {limit} characters.",
                    {"language": language, "length": len(words), "limit": limit},
                )
        return text

    return check
