"""The period and the filter in an address: read within bounds, and trusted in nothing."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.errors import BotError
from bot.operations.reports.live import LiveAsked
from surveys.errors import PeriodInvalid
from surveys.messages import mark
from surveys.periods import Zone, asked_for, compared, parse_period
from surveys.reports.scope import Scope

_LONGEST: Final = 300
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_UNSTORABLE: Final = re.compile("[\0-\x1f\x7f\ud800-\udfff]")


class FilterUnreadable(BotError):
    """An address that no page has made."""

    template = mark("This address cannot be read. Please choose the period and the filter anew.")


def asked_in(query: Mapping[str, str], path: str, now: datetime, zone: Zone) -> LiveAsked:
    """Return what an address asks for.

    Raises FilterUnreadable, PeriodAhead for a period that has not begun, and PeriodsUnlike for two
    that cannot be compared.
    """
    period, against = period_in(query, zone), period_in(query, zone, "against")
    compared([asked_for(period, now, zone).key, *filter(None, [against])], now, zone)
    return LiveAsked(path, period, scope_in(query), against)


def scope_in(query: Mapping[str, str]) -> Scope:
    """Return the part of the company that an address names. Raises FilterUnreadable."""
    attribute, value = _text(query, "attribute"), _text(query, "value")
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
