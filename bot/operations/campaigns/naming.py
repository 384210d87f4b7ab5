"""Whether customers' words name their manager: compared by lemma, since Russian declines names.

A wrong yes costs little: the admins read the words first and pass them on.
"""

from collections.abc import Iterable
from itertools import chain

from bot.operations.words.lemmas import WORD, folded, forms

_SHORTEST = 3
"""Initials and particles name nobody."""
_ROLE = "менеджер manager"
"""A customer who writes «the manager» means their own."""


def names_manager(texts: Iterable[str], names: Iterable[str]) -> bool:
    """Tell whether any text holds a word of the managers' `names`, in any case and spelling of ё.

    >>> names_manager(["Орловой не дозвонишься"], ["Мария Орлова"])
    True
    """
    named = _forms(" ".join((_ROLE, *names)))
    return any(named & _forms(text) for text in texts)


def _forms(text: str) -> frozenset[str]:
    """Return the words and every form that they may be a form of."""
    words = [word for word in WORD.findall(folded(text)) if len(word) >= _SHORTEST]
    return frozenset(chain.from_iterable(map(forms, words)))
