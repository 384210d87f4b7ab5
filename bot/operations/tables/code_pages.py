"""The encoding of a file: stated, marked, UTF-8, or the code page that suits its words."""

import codecs
import io
import json
import re
from dataclasses import dataclass
from itertools import islice

from bot.operations.tables.refusals import FileRefusal, FileRefused

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_RUSSIAN = ("cp1251", "koi8_r", "cp866")
_OTHERS = ("cp1251", "koi8-r", "cp866", "cp1252")
_CHUNK = 1 << 20
_SAMPLE = 200
_LONGEST_SAMPLE = 40
_LONGEST_LINE = 500
_FEWEST = 0.5
_RUSSIAN_WORD = re.compile("[А-яЁё]+")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding's name in Python; `is_guess`: nothing in the file says so but its words."""

    name: str
    is_guess: bool = False

    @property
    def usual_name(self) -> str:
        """Return the name as people know it: without what Python adds about a byte order mark."""
        return self.name.removesuffix("-sig")


def encoding_of(content: bytes, stated: str = "") -> Encoding:
    """Return the encoding of a text; raises FileRefused, naming the line that is in another."""
    name = _known(stated) if stated else "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
    if not name.startswith("utf-16") and not name.startswith("utf-32") and b"\0" in content:
        raise FileRefused(FileRefusal.NOT_A_TABLE)
    bad = _first_invalid(content, name)
    if bad is None:
        return Encoding(name)
    line = str(content.count(b"\n", 0, bad) + 1)
    if stated:
        raise FileRefused(FileRefusal.NOT_STATED_ENCODING, stated, line)
    if name != "utf-8-sig" or _mostly_utf8(content):
        raise FileRefused(FileRefusal.BROKEN_ENCODING, line)
    return Encoding(_guessed(content), is_guess=True)


def _guessed(content: bytes) -> str:
    """Return the Russian code page in which the text consists of words; raises FileRefused.

    Any bytes are letters in a code page, so being readable proves nothing: the words decide, and
    where several code pages give words, their capitals do.
    """
    from charset_normalizer import from_bytes  # noqa: PLC0415 (mostly a text is UTF-8)

    sample = _foreign_lines(content)
    matches = list(from_bytes(sample, cp_isolation=list(_RUSSIAN), language_threshold=0))
    best = max(matches, key=lambda match: _well_written(str(match)), default=None)
    if (
        best is None
        or _well_written(str(best)) < _FEWEST
        or _first_invalid(content, best.encoding) is not None
    ):
        raise FileRefused(FileRefusal.ENCODING, more=json.dumps(as_read(content)))
    return best.encoding


def as_read(content: bytes) -> list[tuple[str, str]]:
    """Return the usual encodings in which the whole text can be read, with words from each."""
    lines = b" ".join(_foreign_lines(content).split(b"\n")[:3])
    known = [name for name in _OTHERS if _first_invalid(content, name) is None]
    words = {name: _WORD.findall(lines.decode(name, "replace")) for name in known}
    return [
        (name, " ".join(word for word in said if not word.isascii())[:_LONGEST_SAMPLE])
        for name, said in words.items()
    ]


def _foreign_lines(content: bytes) -> bytes:
    """Return lines with more than ASCII in them: only these tell one code page from another."""
    lines = (line for line in io.BytesIO(content) if not line.isascii())
    return b"".join(line[:_LONGEST_LINE] for line in islice(lines, _SAMPLE))


def _well_written(text: str) -> float:
    """Return the share of Russian words, capitalized as usual, among those that are not Latin."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    usual = (word for word in words if word[1:].islower() or word.isupper())
    return sum(1 for word in usual if _RUSSIAN_WORD.fullmatch(word)) / max(1, len(words))


def _known(stated: str) -> str:
    try:
        found = codecs.lookup(stated)
    except (LookupError, ValueError) as error:
        raise FileRefused(FileRefusal.UNKNOWN_ENCODING, stated[:40]) from error
    try:
        "".encode(found.name)
    except LookupError as error:  # such as «rot13», which makes text of text
        raise FileRefused(FileRefusal.UNKNOWN_ENCODING, stated[:40]) from error
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
    foreign = len(text) - len(content.translate(None, bytes(range(0x80, 0x100))))
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    return foreign - broken >= broken
