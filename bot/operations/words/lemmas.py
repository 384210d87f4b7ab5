"""Words and their dictionary forms, Russian and English, in one spelling (ё as е)."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse
    from snowballstemmer import stemmer

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
"""Letters, with an apostrophe or a hyphen inside: don't, интернет-магазин."""
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
KEPT: Final = 50_000
"""How many words' forms are remembered at most; a company's comments hold far fewer."""


def folded(text: str) -> str:
    """Return the text as words are compared: small letters, ё as е.

    >>> folded("Счёт")
    'счет'
    """
    return text.casefold().replace("ё", "е").replace("’", "'")


@lru_cache(maxsize=KEPT)
def forms(word: str) -> frozenset[str]:
    """Return a folded word with every word that it may be a form of.

    >>> sorted(forms("ценой"))
    ['цена', 'ценой']
    """
    if _CYRILLIC.search(word):
        return frozenset({word, *(folded(parse.normal_form) for parse in parses(word))})
    return frozenset({word, _english().stemWord(word)})


def parses(word: str) -> "Sequence[Parse]":
    """Return what a Russian word can be, the likeliest first."""
    found: Sequence[Parse] = _russian().parse(word)
    return found


@cache
def inflections(word: str) -> frozenset[str]:
    """Return all forms of a Russian word, folded."""
    every = (form.word for parse in parses(word) for form in parse.lexeme)
    return frozenset(map(folded, every))


def is_known(word: str) -> bool:
    """Tell whether the dictionary has a Russian word."""
    known: bool = _russian().word_is_known(word)
    return known


def is_cyrillic(word: str) -> bool:
    """Tell whether a word is written in Russian letters."""
    return _CYRILLIC.search(word) is not None


@cache
def _russian() -> "MorphAnalyzer":
    """Load the dictionary where it is first needed: it takes a fifth of a second."""
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 (most programs never need it)

    return MorphAnalyzer()


@cache
def _english() -> "stemmer":
    from snowballstemmer import stemmer  # noqa: PLC0415 (most programs never need it)

    return stemmer("english")
