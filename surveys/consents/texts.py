"""Texts of consent: those that come with the program, and what a company's own must hold."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml

from surveys.messages import Language, Message, mark, stopped

ConsentAudience = Literal["customers", "staff"]
AUDIENCES: Final[tuple[ConsentAudience, ...]] = ("customers", "staff")
NAMES: Final = ("company", "operator", "kept")
"""What a text may hold in braces."""
AS_WRITTEN: Final[Mapping[str, str]] = {name: f"{{{name}}}" for name in NAMES}
"""What fills a sentence that speaks of them."""
SHORTEST, LONGEST = 200, 3500
"""Characters: less says too little, more does not fit into one message."""

_USUAL = Path(__file__).with_name("usual.yaml")
_NAME = re.compile(r"\{(" + "|".join(NAMES) + r")\}(\.(?![\w.]))?")
_BRACED = re.compile(r"\{[^{}]*\}")


@cache
def _all() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(_USUAL.read_text(encoding="utf-8"))
    return found


def usual(language: Language, audience: ConsentAudience) -> str:
    """Return the text that holds as long as the company has none of its own."""
    return _all()[language][audience].strip()


def filled(text: str, *, company: str, operator: str, kept: str) -> str:
    """Replace the placeholders once: braces inside a value stay as they are."""
    values = {"company": company, "operator": operator, "kept": kept}
    return _NAME.sub(lambda match: stopped(values[match[1]], match[2]), text)


def problem_of(text: str) -> Message | None:
    """Return why a text cannot be a company's own, None where it can.

    It names who answers for the data, so that nobody agrees to something of nobody's.
    """
    braced = _BRACED.findall(text)
    unknown = [word for word in braced if word[1:-1] not in NAMES]
    if len(text) < SHORTEST:
        return Message(_SHORT, {"least": SHORTEST, "length": len(text)})
    if len(text) > LONGEST:
        return Message(_LONG, {"most": LONGEST, "length": len(text)})
    if unknown:
        return Message(_UNKNOWN, {**AS_WRITTEN, "words": ", ".join(unknown)})
    return None if {"{operator}", "{company}"} & set(braced) else Message(_NOBODYS, AS_WRITTEN)


_SHORT = mark(
    "The text has {length} characters, and needs {least} at least: say what for, which data, who "
    "sees it, for how long, and how to withdraw."
)
_LONG = mark("The text has {length} characters; one message takes {most} at most.")
_UNKNOWN = mark("Only {operator}, {company} and {kept} are filled in; not: {words}")
_NOBODYS = mark("Say who answers for the data: write {operator} or {company} in the text.")
