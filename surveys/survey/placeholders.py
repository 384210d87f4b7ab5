"""The few names a survey's text may hold in braces; a fixed list, never a template language."""

import re
from dataclasses import dataclass

NAMES = ("company", "name", "manager")
_KNOWN = re.compile(r"\{(" + "|".join(NAMES) + r")\}")
_BRACED = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Placeholders:
    """What stands for ``{company}``, ``{name}`` (the respondent's) and ``{manager}``."""

    company: str
    name: str = ""
    manager: str = ""


def fill(text: str, values: Placeholders) -> str:
    """Replace the placeholders once: braces inside a value stay as they are."""
    return _KNOWN.sub(lambda match: str(getattr(values, match[1])), text)


def unknown(text: str) -> tuple[str, ...]:
    """Return the braced words of a text that are no placeholders."""
    return tuple(word for word in _BRACED.findall(text) if not _KNOWN.fullmatch(word))
