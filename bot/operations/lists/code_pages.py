"""In what encoding a file is: stated, marked, UTF-8, or a code page that the words speak for."""

import codecs
from dataclasses import dataclass

from bot.operations.lists.problems import FileRefused, Refusal

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding's name in Python; `is_guess`: nothing in the file says so but its words."""

    name: str
    is_guess: bool = False


def encoding_of(content: bytes, stated: str = "") -> Encoding:
    """Return the encoding of a text; raises FileRefused, naming the line that is in another."""
    name = _known(stated) if stated else "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
    if not name.startswith("utf-16") and not name.startswith("utf-32") and b"\0" in content:
        raise FileRefused(Refusal.NOT_A_TABLE)
    bad = _first_invalid(content, name)
    if bad is None:
        return Encoding(name)
    line = str(content.count(b"\n", 0, bad) + 1)
    if stated:
        raise FileRefused(Refusal.NOT_STATED_ENCODING, stated, line)
    if name != "utf-8-sig" or _mostly_utf8(content):
        raise FileRefused(Refusal.BROKEN_ENCODING, line)
    if _first_invalid(content, "cp1251") is not None:
        raise FileRefused(Refusal.ENCODING)
    return Encoding("cp1251", is_guess=True)


def _known(stated: str) -> str:
    try:
        found = codecs.lookup(stated)
    except (LookupError, ValueError) as error:
        raise FileRefused(Refusal.UNKNOWN_ENCODING, stated[:40]) from error
    try:
        "".encode(found.name)
    except LookupError as error:  # such as «rot13»: text to text
        raise FileRefused(Refusal.UNKNOWN_ENCODING, stated[:40]) from error
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _first_invalid(content: bytes, name: str) -> int | None:
    """Return where the text stops being in an encoding; None: nowhere. Bounded in memory."""
    decoder = codecs.getincrementaldecoder(name)()
    for start in range(0, len(content) + 1, _CHUNK):
        try:
            decoder.decode(content[start : start + _CHUNK], final=start + _CHUNK > len(content))
        except UnicodeError as error:
            return start + max(0, getattr(error, "start", 0) - len(decoder.getstate()[0]))
    return None


def _mostly_utf8(content: bytes) -> bool:
    """Tell whether more letters are sound UTF-8 than are not: it was UTF-8, and was damaged."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    return sum(1 for letter in text if letter > "\x7f") - broken >= broken
