"""Phone numbers as lists write them, to the one form that can be dialled from anywhere."""

import re
import unicodedata
from collections.abc import Iterator

import phonenumbers

_COUNTRY = "RU"
_SEVERAL = re.compile(r"[,;\n/|]|:::")
_MOBILE = re.compile(r"(?:\+?7|8)?(9\d{9})", re.ASCII)
_USUAL = re.compile(
    r"(?:\+?7|8)?[ (-]{0,2}(9\d\d)[ )-]{0,2}(\d{3})[ -]?(\d\d)[ -]?(\d\d)", re.ASCII
)
"""Most cells of a Russian list; looked at first, for the others take much longer."""
_SPACING = re.compile(r"[\s().\N{NON-BREAKING HYPHEN}\N{EN DASH}-]+")
_POWER = re.compile(r"(\d)[.,](\d+)E\+?(\d{1,2})", re.ASCII | re.IGNORECASE)
_FORMULA = re.compile(r'="*([^"]*)"*')
_RUSSIAN = re.compile(r"(?<!\d)(?:\+7|7|8)(?:[\s().-]*\d){10}(?!\d)", re.ASCII)
_DIGITS = re.compile(r"\+?\d+", re.ASCII)
_MOST_DIGITS = 15
_WITH_EIGHT = 12


def first_number(cell: str) -> str | None:
    """Return the first number of a cell that can be dialled, as +79123456789; None: there is none.

    Cells hold several numbers, words around them, and what spreadsheets make of them.
    """
    usual = _USUAL.fullmatch(cell)
    if usual is not None:
        return "+7" + "".join(usual.groups())
    text = _plain(cell)
    power = _POWER.fullmatch(text)
    if power is not None:
        # Spreadsheets show 7,91E+10 for a number of which only the first digits are left.
        is_whole = len(power[2]) == int(power[3])
        return as_e164(power[1] + power[2]) if is_whole else None
    return next(_numbers(text), None)


def _plain(cell: str) -> str:
    seen = (sign for sign in cell if unicodedata.category(sign) != "Cf")
    text = (cell if cell.isascii() else "".join(seen)).strip().lstrip("'").removesuffix(".0")
    formula = _FORMULA.fullmatch(text)
    return formula[1] if formula is not None else text


def _numbers(text: str) -> Iterator[str]:
    parts = [part.strip() for part in _SEVERAL.split(text)]
    for part in parts:
        whole = as_e164(part)
        if whole is not None:
            yield whole
            continue
        written = (as_e164(found[0]) for found in _RUSSIAN.finditer(part))
        yield from (number for number in written if number is not None)
        for match in phonenumbers.PhoneNumberMatcher(part, _COUNTRY):
            yield phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)


def as_e164(text: str) -> str | None:
    """Return a phone number in its international form, None where nobody could dial it."""
    bare = _SPACING.sub("", text)
    mobile = _MOBILE.fullmatch(bare)
    if mobile is not None:
        return f"+7{mobile[1]}"
    return next((found for said in _spellings(text, bare) if (found := _valid(said))), None)


def _spellings(text: str, bare: str) -> Iterator[str]:
    """Yield what somebody may have meant: «00…», «+8…», «+7 8…», or no «+» before a country."""
    yield text
    if not _DIGITS.fullmatch(bare) or len(bare) > _MOST_DIGITS:
        return
    digits = bare.removeprefix("+")
    if digits.startswith("00"):
        yield f"+{digits[2:]}"
    if bare.startswith("+8"):
        yield digits
    if digits.startswith("78") and len(digits) == _WITH_EIGHT:
        yield f"+7{digits[2:]}"
    yield f"+{digits}"


def _valid(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, _COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
