"""Nothing is on the page that is not in the document: every number there is one of its numbers."""

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from surveys.messages import LANGUAGES, Language
from templates.catalog import messages, read
from templates.texts import Texts
from tests.templates.pages import SAMPLES, Page, document, render_digest, render_text

_NUMBER = re.compile(r"[+−]?\d+(?:[\u00a0,]\d{3})*(?:[.,]\d+)?")
AXES = {"0", "1", "5", "10", "100", "+50", "+100", "−50", "−100"} | {str(n) for n in range(11)}


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


def _writings(texts: Texts, leaf: float) -> set[str]:
    return {
        texts.number(number, digits, sign=sign)
        for number in (leaf, 100 * leaf, abs(leaf), math.ceil(leaf))
        for digits in (0, 1, 2)
        for sign in (False, True)
    }


def _allowed(written: dict[str, Any], language: Language) -> set[str]:
    texts = Texts(language)
    allowed = set(AXES)
    for leaf in _leaves(written):
        if isinstance(leaf, str) and re.fullmatch(r"-?\d+(\.\d+)?", leaf):  # money, as text
            allowed |= _writings(texts, float(leaf))
        if isinstance(leaf, str):
            allowed |= set(re.findall(r"\d+", leaf)) | {
                part.lstrip("0") for part in _NUMBER.findall(leaf)
            }
        elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
            allowed |= _writings(texts, leaf)
    return allowed | _of_days(written) | _of_texts(texts)


def _of_days(written: dict[str, Any]) -> set[str]:
    days = {str(day) for day in range(1, 32)}
    return days | {leaf[-2:].lstrip("0") for leaf in _leaves(written) if isinstance(leaf, str)}


def _of_texts(texts: Texts) -> set[str]:
    return _in_texts() | {"0–6", texts.language}


@cache
def _in_texts() -> set[str]:
    """Return the numbers of all texts: a catalog has those of the source, see `test_catalog`."""
    forms = (form for message in messages(read("en")) for form in _forms(message.id))
    return {number for form in forms for number in _NUMBER.findall(form)}


def _forms(message: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_shown_is_one_of_the_documents(name: str, language: Language) -> None:
    written = document(name, language)
    allowed = _allowed(written, language)
    page = " ".join(Page(render_digest(written, language)).text)
    for shown in (page, render_text(written, language)):
        without_clock = re.sub(r"\d\d:\d\d", "", shown)
        assert set(_NUMBER.findall(without_clock)) <= allowed


def test_a_number_from_nowhere_would_be_noticed() -> None:
    assert "173" not in _allowed(document("rich", "ru"), "ru")
