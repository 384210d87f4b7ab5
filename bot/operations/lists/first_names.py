"""Which word of a name is the first name: where the list says so, or a patronymic does.

Two bare words cannot be told apart: «Ахметов Нурлан» and «Иван Ахметов» are both common. Whoever is
addressed by the surname is annoyed, whoever is not addressed does not notice.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

_PATRONYMICS = (
    "евич", "ёвич", "ович", "ильич", "кузьмич", "лукич", "фомич", "никитич", "саввич",
    "евна", "ёвна", "овна", "ична",
)  # fmt: skip
"""How patronymics end."""
_ENDING = re.compile("|".join(_PATRONYMICS))
_WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})?")


def may_have_patronymics(names: Iterable[str]) -> bool:
    """Tell whether any of the names may hold a patronymic: one look at all of them together."""
    return _ENDING.search("\n".join(names).lower()) is not None


def first_name(cell: str, name: str) -> str | None:
    """Return the first name, from its own `cell` or from before a patronymic; None where unsure.

    >>> first_name("Анна", "Анна Петрова"), first_name("", "Петрова Анна Сергеевна")
    ('Анна', 'Анна')
    >>> first_name("", "Нурлан Ахметов"), first_name("Иванов Иван", "Иванов Иван")
    (None, None)
    """
    if cell and _WORD.fullmatch(cell.strip()):
        return _cased(cell.strip())
    words = (cell or name).split()
    for before, word in pairwise(words):
        if word.lower().endswith(_PATRONYMICS) and _WORD.fullmatch(before):
            return _cased(before)
    return None


def _cased(word: str) -> str:
    """Return a name as names are written, where a list has capitals or small letters alone."""
    return word.title() if word.isupper() or word.islower() else word
