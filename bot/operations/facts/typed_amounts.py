"""Numbers as people type them on a phone: «1,5 млн», «300 тыс», «12 500 ₽», «1500.50»."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(
    r"(?P<sign>[-−–]?)\s*(?P<digits>[0-9][0-9\s\u00a0\u202f'’.,]*)(?P<rest>.*)"
)
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3}){2,}")
_UNSURE: Final = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_MIXED: Final = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?P<point>\.)[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+(?P<comma>,)[0-9]+"
)
"""«1,234.50» and «1.234,50»: the mark that comes last stands before the decimals."""
_SPACES: Final = re.compile(r"[\s\u00a0\u202f'’]")
_TIMES: Final = {
    "": 1,
    "тыс": 1_000,
    "т": 1_000,
    "к": 1_000,
    "k": 1_000,
    "млн": 1_000_000,
    "м": 1_000_000,
    "m": 1_000_000,
    "mln": 1_000_000,
    "млрд": 1_000_000_000,
}
_CURRENCIES: Final = {
    "₽": "RUB",
    "р": "RUB",
    "руб": "RUB",
    "рублей": "RUB",
    "$": "USD",
    "€": "EUR",
    "₸": "KZT",
    "тенге": "KZT",
}
_CODE: Final = re.compile(r"[A-Z]{3}")
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number; `currency` is the one that stands behind it, "" for none."""

    value: Decimal
    currency: str = ""


def typed_number(text: str) -> TypedNumber | None:
    """Return the number, None where none can be read for certain.

    «12,500» is one number to one reader and another to the next, so it is none.
    """
    found = _NUMBER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    digits = plain_number(_SPACES.sub("", found["digits"]))
    words = _words(found["rest"])
    if digits is None or words is None:
        return None
    times, currency = words
    value = Decimal(digits) * times
    if value == value.to_integral_value():
        value = Decimal(int(value))
    return TypedNumber(-value if found["sign"] else value, currency)


def plain_number(digits: str) -> str | None:
    """Return digits with a point for the decimals, None where the mark may mean thousands."""
    digits = digits.rstrip(".,")
    if mixed := _MIXED.fullmatch(digits):
        before, after = digits.split(mixed["point"] or mixed["comma"])
        return f"{re.sub('[.,]', '', before)}.{after}"
    if _GROUPED.fullmatch(digits):
        return re.sub("[.,]", "", digits)
    if _UNSURE.fullmatch(digits) and not digits.startswith("0"):
        return None
    whole, *decimals = re.split("[.,]", digits)
    if len(decimals) > 1:
        return None
    return f"{whole}.{decimals[0]}" if decimals else whole


def _words(rest: str) -> tuple[int, str] | None:
    """Return by how much the number is multiplied, and its currency; None for other words."""
    words = [word.strip(".").casefold() for word in re.findall(r"[₽$€₸]|[^\s.₽$€₸]+", rest)]
    times, currency = 1, ""
    for word in words:
        if word in _TIMES and times == 1:
            times = _TIMES[word]
        elif currency_of(word) and not currency:
            currency = currency_of(word)
        else:
            return None
    return times, currency


def currency_of(word: str) -> str:
    """Return the code of a currency by its sign, word or code; "" where it is none."""
    known = _CURRENCIES.get(word.strip(". ").casefold())
    code = word.strip().upper()
    return known or (code if _CODE.fullmatch(code) else "")
