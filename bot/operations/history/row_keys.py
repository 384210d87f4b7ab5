"""What a past answer is recognised by, whenever its file is read again.

A key begins with a lead, which lets keys ascend as rows mostly do: the day that a row names, or the
thousands of an id that is a number. No lead begins with a hexadecimal digit; what follows it are 32
of them, the row's own.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

_ID = re.compile(r"\d{1,20}", re.ASCII)
_OF_QUESTION = 8
"""How many of a row's own digits stand for the question; the others stand for what the row says."""


class RowMarks(NamedTuple):
    """What tells rows apart, by column: `numbers` count those of the same `contents`.

    Days are ISO texts; `ids` are "" where the file gives none.
    """

    days: Sequence[str]
    ids: Sequence[str]
    contents: Sequence[str]
    numbers: Sequence[int]


def keys(rows: RowMarks, question: str) -> list[str]:
    """Return each row's key: by its id, else by its contents.

    `question` names the survey and its question, as a file may hold answers to several.
    """
    mark = fingerprint(question)[:_OF_QUESTION]
    contents = rows.contents
    if max(rows.numbers) > 1:
        pairs = zip(contents, rows.numbers, strict=True)
        contents = [said if n == 1 else fingerprint(f"{said}\0{n}") for said, n in pairs]
    pairs_by_day = zip(rows.days, contents, strict=True)
    found = [f"t{day[2:10]}{mark}{said[:-_OF_QUESTION]}" for day, said in pairs_by_day]
    if not any(rows.ids):
        return found
    return [
        _lead(key) + _own_part(f"id\0{key}", question) if key else by_content
        for key, by_content in zip(rows.ids, found, strict=True)
    ]


def earlier_keys(rows: RowMarks, question: str) -> list[str]:
    """Return by what rows without an id were recognised before; "" for the others."""
    return [
        "" if key else f"r{day[2:10]}" + _own_part(f"row\0{said}\0{number}", question)
        for day, key, said, number in zip(*rows, strict=True)
    ]


def nameless(key: str) -> str:
    """Return by what a row of its own key is called whose customer has no name."""
    return key[-28:-8]


def _own_part(row: str, question: str) -> str:
    return fingerprint(f"{question}\0{fingerprint(row)}")


def _lead(key: str) -> str:
    """Return how an id begins, where it is a number; the longer number is the greater."""
    return f"n{len(key):02}{key[:-3]}" if _ID.fullmatch(key) else "o"


def fingerprints(texts: Iterable[str]) -> list[str]:
    """Return of each text 32 hexadecimal digits that only it gives."""
    return [sha256(text.encode()).hexdigest()[:32] for text in texts]


def fingerprint(text: str) -> str:
    """Return the same of one text."""
    return fingerprints([text])[0]
