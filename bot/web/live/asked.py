"""The period and the filter in an address: read within bounds, and trusted in nothing."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from bot.errors import BotError, Refused
from bot.operations.reports.live import LiveAsked
from surveys.errors import PeriodInvalid
from surveys.messages import mark
from surveys.periods import Zone, asked_for, compared, parse_period
from surveys.reports.scope import Scope

_LONGEST: Final = 300
_LONGEST_NAME: Final = 60
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_UNSTORABLE: Final = re.compile("[\0-\x1f\x7f\ud800-\udfff]")
_OF_SCOPE: Final = ("segment", "team", "manager", "campaign", "attribute", "value")
_OF_PAGE: Final = ("period", "against", *_OF_SCOPE, "l")
"""What every page's address may name; `l` is the language of what is said to visitors."""
_UNKNOWN: Final = mark(
    "This address names «{name}», which no page knows. Please choose the period and the filter "
    "anew."
)
_TWICE: Final = mark("This address names «{name}» twice. Please choose it anew.")
_NO_VALUE: Final = mark("Write beside the attribute «{name}» which of its values you mean.")
_NO_ATTRIBUTE: Final = mark("Choose the attribute whose value «{value}» is.")


class FilterUnreadable(BotError):
    """An address that no page has made."""

    template = mark("This address cannot be read. Please choose the period and the filter anew.")


def asked_in(
    query: Mapping[str, str], path: str, now: datetime, zone: Zone, more: Collection[str] = ()
) -> LiveAsked:
    """Return what an address asks for; `more`: what it may name on this page alone.

    Raises FilterUnreadable, Refused, PeriodAhead for a period that has not begun, and PeriodsUnlike
    for two that cannot be compared.
    """
    _named_once(query, more)
    period, against = period_in(query, zone), period_in(query, zone, "against")
    compared([asked_for(period, now, zone).key, *filter(None, [against])], now, zone)
    return LiveAsked(path, period, scope_in(query), against)


def scope_in(query: Mapping[str, str]) -> Scope:
    """Return the part of the company that an address names.

    Raises FilterUnreadable, and Refused for an attribute without a value: that is no filter.
    """
    attribute, value = _text(query, "attribute"), _text(query, "value")
    if attribute and not value:
        raise Refused(_NO_VALUE, name=attribute)
    if value and "attribute" not in query:  # the form always sends it, even empty
        raise Refused(_NO_ATTRIBUTE, value=value)
    return Scope(
        segment=_text(query, "segment"),
        team=_text(query, "team"),
        manager=_number(query, "manager"),
        campaign=_number(query, "campaign"),
        attribute=(attribute, value) if attribute and value else None,
    )


def period_in(query: Mapping[str, str], zone: Zone, name: str = "period") -> str | None:
    """Return the key of the period that an address names. Raises FilterUnreadable."""
    named = _text(query, name)
    try:
        return None if named is None else parse_period(named, zone).key
    except (PeriodInvalid, ValueError, OverflowError) as error:
        raise FilterUnreadable from error


def _named_once(query: Mapping[str, str], more: Collection[str]) -> None:
    """Refuse what no page asks for, and what is asked for twice: neither would narrow anything."""
    names = [name for name, _ in query.items()]
    for name in names:
        if name not in _OF_PAGE and name not in more:
            raise Refused(_UNKNOWN, name=_UNSTORABLE.sub(" ", name)[:_LONGEST_NAME])
        if names.count(name) > 1:
            raise Refused(_TWICE, name=name)


def _text(query: Mapping[str, str], name: str) -> str | None:
    text = query.get(name, "").strip()
    if len(text) > _LONGEST or _UNSTORABLE.search(text):
        raise FilterUnreadable
    return text or None


def _number(query: Mapping[str, str], name: str) -> int | None:
    text = _text(query, name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise FilterUnreadable
    return int(text)
