"""Words that mean something else beside certain others: who answers for an order replies to nobody.

Patterns of a clause's words, parted by a space. What is not counted is the one word that misleads,
the first or the last of a pattern: of «за доставку никто не отвечает» the delivery stays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_ANSWERS: Final = r"(?:отвеча\w*|ответ(?:ит|ят|ил|им)\w*)"
_SPAN: Final = (
    r"(?:[\w-]+ ){0,2}(?:секунд\w*|мин|минут\w*|час|часа|часов|часик\w*|полчас\w*|полдня|день|дня"
    r"|дней|дни|сут\w*|недел\w*|месяц\w*|вечер\w*|ноч[ьи]|выходн\w*|мгновени\w*|раз)\b"
)
"""How long something takes: «отвечают за пять минут» is about the speed of a reply."""
_LASTS: Final = (
    r"(?:[\w-]+ ){0,3}(?:second|minute|hour|day|night|week|month|year|age|long|time)s?\b"
)
_FITS: Final = (
    r"(?:требовани|ожидани|запрос|стандарт|потребност|описани|услови|критери|норм|уровн|задач|цел"
    r"|интерес|вкус|цен|назначени)(?:ям|ам|ю|у|е|и)\b"
)
_FIRST: Final = (
    rf"{_ANSWERS} за (?!{_SPAN})",
    rf"{_ANSWERS} (?:(?!(?:на|в|по|о|об|с|от|при|через) )[\w-]+ ){{0,2}}{_FITS}",
    r"обменя\w+ (?:контакт|мнени|опыт|телефон|визитк)\w*",
    r"слома\w+ (?:себе )?голов\w+",
    r"грубо говоря",
    r"дорог(?:ие|ая|ой) (?:друзья|друг|коллеги|коллега|редакция)",
    r"позици\w+ (?:компани|руководств|фирм)\w*",
    r"приложени\w+ к (?:договор|счет|акт|заказ)\w*",
    rf"(?<!\bno )answers for (?!{_LASTS})",
    rf"(?:(?<=\bto )|(?<=\bmust )|(?<=\bwill )|(?<=\bshould ))answer for (?!{_LASTS})",
    r"(?:answer|respond)\w* (?:[\w-]+ ){0,2}(?:need|requirement|expectation|standard)s?\b",
    r"return(?:s|ed|ing)? (?:[\w-]+ )?calls?\b",
    r"manag(?:e|es|ed|ing) to\b",
    r"switch(?:es|ed|ing)? (?:on|off)\b",
)
_LAST: Final = (
    rf"за (?!{_SPAN})[\w-]+ (?:(?:никто|кто|он|она|они|вы|менеджер) )?(?:не )?{_ANSWERS}",
    r"за счет\b",
    r"на этот счет\b",
    r"at all costs?\b",
    r"on site\b",
)
WORDS_OF_THEIR_OWN: Final = frozenset(
    (
        *("contact", "contacts", "contacted", "contacting", "contrast", "shopping", "shopped"),
        *("skipping", "produce", "produced", "science", "extensive", "expansive", "qualify"),
        *("prince", "broker", "diver"),
    )
)
"""English words that are no slips of those of the usual rules: no dictionary tells them apart."""
NO_FORMS: Final = {"friend": "friendly", "friends": "friendly", "lately": "late"}
"""English words whose stem is that of another word, by the one of the rules that they are not."""
_PATTERNS: Final = tuple(
    (re.compile(rf"\b(?:{'|'.join(patterns)})"), is_last)
    for patterns, is_last in ((_FIRST, False), (_LAST, True))
)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Words from `start` to before `end` of which the one at `word` has another meaning."""

    word: int
    start: int
    end: int


def otherwise(words: Sequence[str]) -> Iterator[Otherwise]:
    """Yield what has another meaning among the folded words of a clause."""
    text = " ".join(words)
    for pattern, is_last in _PATTERNS:
        for found in pattern.finditer(text):
            start = text.count(" ", 0, found.start())
            end = text.count(" ", 0, len(found[0].rstrip()) + found.start()) + 1
            yield Otherwise(end - 1 if is_last else start, start, end)
