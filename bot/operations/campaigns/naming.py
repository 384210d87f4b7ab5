"""Whether customers' words name their manager: by lemma, for Russian names are declined.

A wrong yes costs little: the admins read the words first and pass them on.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 3
"""Initials and particles name nobody."""
_ROLE = "менеджер manager"
"""Whoever writes of «the manager» means their own."""


def names_manager(texts: Iterable[str], names: Iterable[str]) -> bool:
    """Tell whether any text holds a word of the managers' `names`, in any case and spelling of ё.

    >>> names_manager(["Орловой не дозвонишься"], ["Мария Орлова"])
    True
    """
    named = _lemmas(" ".join((_ROLE, *names)))
    return any(named & _lemmas(text) for text in texts)


def _lemmas(text: str) -> frozenset[str]:
    """Return the words and every form that they may be a form of, with ё as е."""
    words = [word for word in _WORD.findall(_folded(text)) if len(word) >= _SHORTEST]
    forms = (parse.normal_form for word in words for parse in _morphology().parse(word))
    return frozenset(words) | {_folded(form) for form in forms}


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")


@cache
def _morphology() -> "MorphAnalyzer":
    """Load the dictionary at the first low score: it takes a fifth of a second."""
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 (most programs never need it)

    return MorphAnalyzer()
