"""Countries: by their names in our languages, by their codes, and by the time zones in them."""

from functools import cache

from babel import Locale
from babel.core import get_global

from surveys.messages import LANGUAGES, Language


def country_name(language: Language, code: str) -> str:
    """Return a country's name, as «Россия»; its code where it has none."""
    return str(Locale(language).territories.get(code, code))


def country_named(said: str) -> str | None:
    """Return the code of a country by its code or its Russian or English name; None: unknown."""
    return _codes().get(_key(said))


def country_of_zone(zone: str) -> str | None:
    """Return the code of the country in which a time zone lies; None: in no single one."""
    found = get_global("zone_territories").get(zone)
    return str(found) if found and _is_country(found) else None


def _is_country(code: str) -> bool:
    """Tell a country's code from that of a part of the world, as 001."""
    return len(code) == len("RU") and code.isalpha()


def _key(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())


@cache
def _known() -> tuple[str, ...]:
    codes = map(str, Locale("en").territories)
    return tuple(filter(_is_country, codes))


@cache
def _codes() -> dict[str, str]:
    known = _known()
    names = {
        _key(country_name(language, f"{code}{length}")): code
        for code in known
        for language in LANGUAGES
        for length in ("", "-alt-short")
    }
    return {**names, **{_key(code): code for code in known}, "usa": "US"}
