"""Phone numbers as lists write them, to the one form that can be dialled from anywhere.

The library of phone numbers waits for one that is not written as usual.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.operations.lists.file_parts import USUAL_COUNTRY

_SEVERAL = re.compile(r"[,;\n/|]|:::")
_MOBILE = re.compile(r"(\+?7|8)?(9\d{9})", re.ASCII)
_USUAL = re.compile(r"(\+?7|8)?[ (-]{0,2}(9\d\d)[ )-]{0,2}(\d{3})[ -]?(\d\d)[ -]?(\d\d)", re.ASCII)
"""What most cells of a Russian list look like; tried first, since others take much longer."""
_SPACING = re.compile(r"[\s().\N{NON-BREAKING HYPHEN}\N{EN DASH}-]+")
_POWER = re.compile(r"(\d)[.,](\d+)E\+?(\d{1,2})", re.ASCII | re.IGNORECASE)
_FORMULA = re.compile(r'="*([^"]*)"*')
_RUSSIAN = re.compile(r"(?<!\d)(?:\+7|7|8)(?:[\s().-]*\d){10}(?!\d)", re.ASCII)
_BY_EIGHT = re.compile(
    r"(?<!\d)\+?8[\s(.-]+\d{3}[\s).-]*\d{3}[\s.-]*\d\d[\s.-]*\d\d(?!\d)", re.ASCII
)
"""A number as it is dialled within Russia, the 8 standing apart."""
_BARE_EIGHT = re.compile(r"[^\d+]*(8\d{3} ?\d{7})\D*", re.ASCII)
"""The same without signs: it may be a number of another country, too."""
_ONE_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\+?\d+", re.ASCII)
_FEWEST_DIGITS = 11
"""A shorter number without a plus hardly begins with the code of a country."""
_MOST_DIGITS = 15
_WITH_EIGHT = 12


class PhoneNumber(NamedTuple):
    """A number that can be dialled, as +79123456789.

    `is_assumed`: the cell names no country, so that it is read as one of the company's.
    """

    e164: str
    is_assumed: bool


def countries() -> frozenset[str]:
    """Return the countries by whose numbers a bare one can be read, such as RU, KZ, US."""
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 (see above)

    return frozenset(SUPPORTED_REGIONS)


def first_number(cell: str, country: str = USUAL_COUNTRY) -> PhoneNumber | None:
    """Return the first number of a cell that can be dialled; None: there is none.

    Cells hold several numbers, words around them, and what spreadsheets make of them.
    """
    usual = _USUAL.fullmatch(cell)
    if usual is not None and _is_russian(usual[1], country):
        return PhoneNumber("+7" + "".join(usual.groups()[1:]), usual[1] is None)
    text = _plain(cell)
    power = _POWER.fullmatch(text)
    if power is not None:
        # Spreadsheets show 7,91E+10 for a number of which only the first digits are left.
        if len(power[2]) != int(power[3]):
            return None
        text = power[1] + power[2]
    if _BY_EIGHT.search(text) and not _dials_eight(country):
        # Without its 8 the rest could pass for a number of this country.
        text = _BY_EIGHT.sub("\n", text)
    return next(_numbers(text, country), None)


def _dials_eight(country: str) -> bool:
    """Tell whether numbers within a country are dialled with an 8 before them."""
    if country == USUAL_COUNTRY:
        return True
    import phonenumbers  # noqa: PLC0415 (see above)

    return phonenumbers.ndd_prefix_for_region(country, strip_non_digits=True) == "8"


def is_russian(cell: str, country: str) -> bool:
    """Tell whether a cell holds a number as it is dialled within Russia, and not in `country`."""
    if _dials_eight(country):
        return False
    text = _plain(cell)
    return bool(_BY_EIGHT.search(text)) or any(_by_bare_eight(part) for part in _parts(text))


def _by_bare_eight(part: str) -> str:
    """Return the eleven digits that Russia would dial so, "" where a part holds no such number."""
    found = _BARE_EIGHT.fullmatch(part)
    if found is None:
        return ""
    digits = _SPACING.sub("", found[1])
    return digits if _valid(f"+7{digits[1:]}", USUAL_COUNTRY) else ""


def _is_anyones(part: str, country: str) -> bool:
    """Tell whether nobody knows if a number is of Russia or of this country.

    It is of this country where it is a mobile phone there, or begins with its code.
    """
    digits = "" if _dials_eight(country) else _by_bare_eight(part)
    if not digits:
        return False
    import phonenumbers  # noqa: PLC0415 (see above)

    if digits.startswith(str(phonenumbers.country_code_for_region(country))):
        return False
    own, kinds = _valid(digits, country), phonenumbers.PhoneNumberType
    mobile = {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE}
    return own is None or phonenumbers.number_type(phonenumbers.parse(own)) not in mobile


def _is_russian(prefix: str | None, country: str) -> bool:
    """Tell whether digits like those of a Russian mobile phone are one."""
    return country == USUAL_COUNTRY or prefix == "+7"


def _plain(cell: str) -> str:
    seen = (sign for sign in cell if unicodedata.category(sign) != "Cf")
    text = (cell if cell.isascii() else "".join(seen)).strip().lstrip("'").removesuffix(".0")
    formula = _FORMULA.fullmatch(text)
    return formula[1] if formula is not None else text


def _numbers(text: str, country: str) -> Iterator[PhoneNumber]:
    for part in _parts(text):
        if _is_anyones(part, country):
            continue
        whole = _said(part, country)
        if whole is not None:
            yield whole
            continue
        if country == USUAL_COUNTRY:
            written = (_said(found[0], country) for found in _RUSSIAN.finditer(part))
            yield from (number for number in written if number is not None)
        import phonenumbers  # noqa: PLC0415 (see above)

        for match in phonenumbers.PhoneNumberMatcher(part, country):
            form = phonenumbers.PhoneNumberFormat.E164
            e164 = phonenumbers.format_number(match.number, form)
            yield PhoneNumber(e164, _is_assumed(match.raw_string, e164))


def _parts(text: str) -> Sequence[str]:
    return [part.strip() for part in _SEVERAL.split(text)]


def _said(text: str, country: str) -> PhoneNumber | None:
    e164 = as_e164(text, country)
    return None if e164 is None else PhoneNumber(e164, _is_assumed(text, e164))


def _is_assumed(text: str, e164: str) -> bool:
    """Tell whether the digits of a cell are those of a number without its country's code."""
    digits = "".join(_ONE_DIGIT.findall(text)).removeprefix("0")
    return "+" not in text and len(digits) < len(e164) - 1 and e164.endswith(digits)


def as_e164(text: str, country: str = USUAL_COUNTRY) -> str | None:
    """Return a phone number in its international form, None where nobody could dial it."""
    bare = _SPACING.sub("", text)
    mobile = _MOBILE.fullmatch(bare)
    if mobile is not None and _is_russian(mobile[1], country):
        return f"+7{mobile[2]}"
    spellings = _spellings(text, bare, country)
    return next((found for said in spellings if (found := _valid(said, country))), None)


def _spellings(text: str, bare: str, country: str) -> Iterator[str]:
    """Yield what somebody may have meant: «00…», «+8…», «+7 8…», or no «+» before a country."""
    yield text
    if not _DIGITS.fullmatch(bare) or len(bare) > _MOST_DIGITS:
        return
    digits = bare.removeprefix("+")
    if digits.startswith("00"):
        yield f"+{digits[2:]}"
    if country == USUAL_COUNTRY and bare.startswith("+8"):
        yield digits
    if digits.startswith("78") and len(digits) == _WITH_EIGHT:
        yield f"+7{digits[2:]}"
    if len(digits) >= _FEWEST_DIGITS and not _may_be_russian(digits, country):
        yield f"+{digits}"


def _may_be_russian(digits: str, country: str) -> bool:
    """Tell whether an 8 before a number may be Russia's prefix as well as a code of Asia."""
    if not digits.startswith("8") or len(digits) != _FEWEST_DIGITS:
        return False
    import phonenumbers  # noqa: PLC0415 (see above)

    is_own = digits.startswith(str(phonenumbers.country_code_for_region(country)))
    return not is_own and _valid(f"+7{digits[1:]}", country) is not None


def _valid(text: str, country: str) -> str | None:
    import phonenumbers  # noqa: PLC0415 (see above)

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
