"""Time zones by the names that people use: «Москва», «Екатеринбург», «Asia/Almaty»."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location

from surveys.messages import LANGUAGES

_CITIES: Mapping[str, str] = {
    "Europe/Moscow": (
        "мск|msk|санкт-петербург|петербург|питер|спб|saint petersburg|казань|нижний новгород|сочи|"
        "краснодар|ростов-на-дону|воронеж|ярославль|тула|рязань|пенза|белгород|тверь|севастополь"
    ),
    "Asia/Yekaterinburg": "уфа|пермь|челябинск|тюмень|оренбург|сургут|курган|ufa|perm",
    "Europe/Samara": "тольятти|ижевск",
    "Asia/Vladivostok": "хабаровск",
    "Asia/Almaty": "астана|шымкент|караганда|astana",
}
"""Large cities that give no zone its name."""


def zone_named(said: str) -> str | None:
    """Return the IANA name of a zone by its Russian or English name; None: it is unknown."""
    return _names().get(_key(said))


def _key(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").replace("_", " ").split())


@cache
def _names() -> Mapping[str, str]:
    zones = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    areas = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/", "posix", "right")
    usual = [zone for zone in zones if not zone.startswith(areas)]
    names = {
        _key(get_timezone_location(zone, locale=language, return_city=True)): zone
        for zone in reversed(usual)
        for language in LANGUAGES
    }
    names |= {_key(city): zone for zone, cities in _CITIES.items() for city in cities.split("|")}
    return names | {_key(zone): ZoneInfo(zone).key for zone in zones}
