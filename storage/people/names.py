"""Names as people look for them and read them in order: ё is е, and cases are one."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_

from storage.tables.people import people


def fold(text: str) -> str:
    """Return a text with every ё as е."""
    return text.replace("ё", "е").replace("Ё", "Е")


FOLDED: ColumnElement[str] = func.replace(func.replace(people.c.name, "ё", "е"), "Ё", "Е")
BY_NAME: tuple[ColumnElement[Any], ...] = (FOLDED, people.c.name, people.c.id)
"""The order of a list of people: by code points alone, Ё would stand before А."""


def has_word(word: str) -> ColumnElement[bool]:
    """Tell whether a name holds what somebody typed, in the cases that a word may stand in.

    They are tried one by one: SQLite folds no case outside ASCII.
    """
    plain = fold(word)
    cases = {plain, plain.lower(), plain.capitalize(), plain.title(), plain.upper()}
    return or_(*(FOLDED.contains(case, autoescape=True) for case in sorted(cases)))
