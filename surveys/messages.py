"""What is told to a person later, in their language: an English template and what fills it.

The core knows no language. It says what is wrong in English, for logs and developers; whoever
speaks with the reader translates the template. A template is a literal in `mark`, so that the
catalogs find it.
"""

import errno
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Language = Literal["ru", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_PLACEHOLDER = re.compile(r"\{(\w+)\}(\.(?![\w.]))?")
_ENDED = re.compile(r"[.…](?:</\w+>)*\Z")


def known_language(code: str | None) -> Language | None:
    """Return the language of a code; None: the program does not speak it."""
    return next((language for language in LANGUAGES if language == code), None)


def mark(template: str) -> str:
    """Mark an English template for the catalogs; its ``{names}`` are filled when it is told."""
    return template


def fill(template: str, values: Mapping[str, object]) -> str:
    """Replace each ``{name}`` in one pass: braces inside a value stay text."""
    return _PLACEHOLDER.sub(lambda found: stopped(str(values[found[1]]), found[2]), template)


def stopped(words: str, stop: str | None) -> str:
    """Return words and the full stop behind them, which is one also after «Smith & Sons, Inc.».

    >>> stopped("Smith & Sons, Inc.", "."), stopped("Ромашка", "."), stopped("Петров А. И.", None)
    ('Smith & Sons, Inc.', 'Ромашка.', 'Петров А. И.')
    """
    return words if stop is None or _ENDED.search(words) else words + stop


@dataclass(frozen=True, slots=True)
class Message:
    """A template and its values: numbers, texts, other messages, or several of these.

    `str()` is the English sentence.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return fill(self.template, {name: _english(said) for name, said in self.values.items()})


class ToldError(Exception):
    """An error that a person may read: the class has the `template`, its fields are the values."""

    template = ""

    def values(self) -> Mapping[str, object]:
        """Return what fills the template."""
        return vars(self)

    def messages(self) -> tuple[Message, ...]:
        """Return what is to be said, a line each."""
        return (Message(self.template, self.values()),)

    def __str__(self) -> str:
        return "\n".join(map(str, self.messages()))


def _english(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


_REASONS: Mapping[int, str] = {
    errno.ENOENT: mark("there is no such file or folder"),
    errno.EACCES: mark("permission denied"),
    errno.EPERM: mark("permission denied"),
    errno.EISDIR: mark("it is a folder"),
    errno.ENOTDIR: mark("a part of the path is no folder"),
    errno.ENOSPC: mark("the disk is full"),
    errno.EROFS: mark("the disk is read-only"),
    errno.ENAMETOOLONG: mark("the name is too long"),
}


def reason_of(error: OSError) -> Message:
    """Return why a file cannot be used, without its name."""
    known = _REASONS.get(error.errno or 0)
    return Message("{said}", {"said": error.strerror or "?"}) if known is None else Message(known)
