"""Masks in comments who a person is, and how to reach or find them.

Names are recognised by the dictionary and by the names that the company knows; a name in a language
that the dictionary does not know stays unless it is one of those. It masks one word too many rather
than one too few.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal

from bot.operations.words.lemmas import KEPT, WORD, folded, forms, is_cyrillic, parses

MaskedKind = Literal["name", "contact", "number"]
_CONTACT: Final = re.compile(
    r"(?:https?://|www\.|t\.me/)\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@])@[A-Za-z]\w{3,}"
)
_PHONE: Final = re.compile(r"\+?\d(?:[ ()\u00a0\u2009-]{0,3}\d){9,14}(?!\d)")
_NUMBER: Final = re.compile(r"(?:№|#|N\s?)\s*[\w/-]*\d[\w/-]*|\b[^\W\d_]{0,4}-?\d{5,}[\d/-]*")
_MONEY: Final = re.compile(r"\s*(?:[₽$€]|руб|р\.|тыс|тнг|usd|eur|rub)", re.IGNORECASE)
_NAMES: Final = frozenset({"Name", "Surn", "Patr"})
_SHORTEST: Final = 3
"""Initials and particles name nobody."""
_SAID: Final[Mapping[Literal["ru", "en"], Mapping[MaskedKind, str]]] = {
    "ru": {"name": "[имя]", "contact": "[контакт]", "number": "[номер]"},
    "en": {"name": "[name]", "contact": "[contact]", "number": "[number]"},
}


def masked(text: str, language: Literal["ru", "en"], known: Iterable[str] = ()) -> str:
    """Return a comment without names, addresses, phones and numbers of orders.

    `known` are names of people of the company, in any case.

    >>> masked("Ольге Викторовне спасибо, пишите на o@example.com, заказ 1045671", "ru")
    '[имя] спасибо, пишите на [контакт], заказ [номер]'
    """
    said = _SAID[language]
    text = _CONTACT.sub(said["contact"], text)
    text = _PHONE.sub(said["contact"], text)
    text = _NUMBER.sub(lambda found: found[0] if _is_money(text, found) else said["number"], text)
    return _without_names(text, said["name"], _forms_of(tuple(known)))


def _is_money(text: str, found: re.Match[str]) -> bool:
    return found[0].isdecimal() and _MONEY.match(text, found.end()) is not None


@lru_cache(maxsize=8)
def _forms_of(names: tuple[str, ...]) -> frozenset[str]:
    words = {folded(word) for name in names for word in WORD.findall(name)}
    return frozenset(form for word in words if len(word) >= _SHORTEST for form in forms(word))


def _without_names(text: str, mask: str, known: frozenset[str]) -> str:
    """Put one mask in place of each run of names."""
    words = list(WORD.finditer(text))
    sure = [_is_name(text, word, known) for word in words]
    named = [
        one or (_can_be_name(word[0]) and _touches(text, words, sure, at))
        for at, (word, one) in enumerate(zip(words, sure, strict=True))
    ]
    kept, written = [], 0
    for word, is_named in zip(words, named, strict=True):
        if is_named:
            kept += [text[written : word.start()], mask]
            written = word.end()
    several = re.escape(mask)
    return re.sub(rf"{several}(?:\s+{several})+", mask, "".join((*kept, text[written:])))


def _is_name(text: str, found: re.Match[str], known: frozenset[str]) -> bool:
    """Tell whether a word names a person whatever stands beside it."""
    word = found[0]
    if word[0].isupper() and len(word) >= _SHORTEST and not forms(folded(word)).isdisjoint(known):
        return True
    if not is_cyrillic(word) or len(word) < _SHORTEST:
        return False
    likely = _named(word)
    if not word[0].isupper():
        return all(likely)
    return likely[0] or (any(likely) and not _begins_sentence(text, found.start()))


def _can_be_name(word: str) -> bool:
    if not word[0].isupper() or not is_cyrillic(word):
        return False
    return any(_named(word))


@lru_cache(maxsize=KEPT)
def _named(word: str) -> tuple[bool, ...]:
    """Tell for each reading of a word, the likeliest first, whether it is a name.

    In capitals «ИНН» is the taxpayer's number and not of several women called Inna.
    """
    readings = [one.tag.grammemes for one in parses(word)]
    is_short = word.isupper() and any("Abbr" in reading for reading in readings)
    return tuple(
        not _NAMES.isdisjoint(reading) and not (is_short and "plur" in reading)
        for reading in readings
    )


def _touches(text: str, words: list[re.Match[str]], sure: list[bool], at: int) -> bool:
    """Tell whether a sure name stands right before or after a word."""
    before = at > 0 and sure[at - 1] and text[words[at - 1].end() : words[at].start()].isspace()
    follows = at + 1 < len(words) and sure[at + 1]
    return before or (follows and text[words[at].end() : words[at + 1].start()].isspace())


def _begins_sentence(text: str, start: int) -> bool:
    return re.search(r"(?:^|[.!?\n…]\s*)[\s«\"(—-]*$", text[:start]) is not None
