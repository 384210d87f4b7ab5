"""Names as people search and sort them: ё is е, and capitals do not matter."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_

from storage.tables.people import people


def fold(text: str) -> str:
    """Return a text with every ё as е."""
    return text.replace("ё", "е").replace("Ё", "Е")


FOLDED: ColumnElement[str] = func.replace(func.replace(people.c.name, "ё", "е"), "Ё", "Е")
BY_NAME: tuple[ColumnElement[Any], ...] = (FOLDED, people.c.name, people.c.id)
"""The sort key of names: by code points alone, Ё would come before А."""


def has_word(word: str) -> ColumnElement[bool]:
    """Tell whether a name holds what somebody typed, with or without capitals.

    Each way of writing it is tried, since SQLite folds case only in ASCII.
    """
    plain = fold(word)
    cases = {plain, plain.lower(), plain.capitalize(), plain.title(), plain.upper()}
    return or_(*(FOLDED.contains(case, autoescape=True) for case in sorted(cases)))
