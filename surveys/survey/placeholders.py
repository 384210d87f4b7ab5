"""The few names that a survey's text may hold in braces: a fixed list, no template language."""

import re
from dataclasses import dataclass

from surveys.messages import stopped

TOTAL = "total"
NAMES = ("company", "name", "manager", TOTAL)
_ANY = "|".join(NAMES)
_KNOWN = re.compile(rf"«\{{(?P<quoted>{_ANY})\}}»|\{{(?P<name>{_ANY})\}}(?P<stop>\.(?![\w.]))?")
_BEGINS = re.compile(r"(?:(?<=\A)|(?<=[.!?…]\s))\{name\},\s*(?P<first>\w)")
_NAMELESS = re.compile(r"\s*«\{company\}»")
_JOINED = re.compile(r",\s*\{name\}")
_BRACED = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Placeholders:
    """What stands for ``{company}``, ``{name}`` (the respondent's first name) and ``{manager}``.

    An unknown name is left out together with the comma beside it, a company's with its quotation
    marks. ``{total}``, in the thanks alone,
    is the sum of the numbers that the respondent gave.
    """

    company: str
    name: str = ""
    manager: str = ""
    total: str = ""


def fill(text: str, values: Placeholders) -> str:
    """Replace the placeholders once: braces inside a value stay as they are.

    >>> fill("{name}, спасибо! Всего доброго, {name}.", Placeholders("Ромашка"))
    'Спасибо! Всего доброго.'
    """
    if not values.name:
        text = _BEGINS.sub(lambda match: match["first"].upper(), text)
        text = _JOINED.sub("", text)

    if not values.company:
        text = _NAMELESS.sub("", text)

    def value(match: re.Match[str]) -> str:
        found = str(getattr(values, match["name"] or match["quoted"]))
        return stopped(found, match["stop"]) if match["name"] else f"«{within_quotes(found)}»"

    return _KNOWN.sub(value, text)


def in_sentence(company: str, language: str) -> str:
    """Return a company's name for the program's own sentences that hold it, in Russian, within «…».

    A sentence without these marks takes the name as the company writes it.
    """
    return within_quotes(company) if language == "ru" else company


def within_quotes(name: str) -> str:
    """Return a name as it stands within «…»: its own quotation marks become the inner ones.

    >>> within_quotes("«Ромашка»"), within_quotes("ООО «Ромашка»")
    ('Ромашка', 'ООО „Ромашка“')
    """
    if name.startswith("«") and name.endswith("»") and name.count("«") == 1:
        return name[1:-1]
    return name.replace("«", "„").replace("»", "“")


def unknown(text: str) -> tuple[str, ...]:
    """Return the braced words of a text that are no placeholders."""
    return tuple(word for word in _BRACED.findall(text) if word[1:-1] not in NAMES)
