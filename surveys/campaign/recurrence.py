"""Recurring moments by RFC 5545 rules in a time zone: strictly forward, each exactly once."""

import re
from datetime import UTC, date, datetime, time, timedelta

from dateutil.rrule import MONTHLY, YEARLY, rrule, rrulebase, rrulestr

from surveys.errors import RecurrenceInvalid
from surveys.periods import Zone, zone_info

PRESETS = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY;BYDAY=MO",
    "monthly": "FREQ=MONTHLY;BYMONTHDAY=1",
    "quarterly": "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1",
    "yearly": "FREQ=YEARLY",
    "month-end": "FREQ=MONTHLY;BYMONTHDAY=-1",
}
"""Words for the usual rules; weeks begin on Monday."""
_SMALLEST = 3
"""dateutil numbers YEARLY, MONTHLY, WEEKLY and DAILY 0–3; finer frequencies are refused."""
_NEVER = re.compile(r"BYHOUR|BYMINUTE|BYSECOND|DTSTART|[^\x20-\x7E]|.{200}", re.IGNORECASE)
_HORIZON = 3000
_YEAR = 12
_ANY_DAY = date(2026, 1, 1)
_SEARCH = timedelta(days=1)


def parse_rule(text: str, first: date) -> rrulebase:
    """Read a preset or an RFC 5545 rule that counts from the day `first`.

    Raises RecurrenceInvalid for what is no rule, and for what repeats within a day.
    """
    rule = PRESETS.get(text, text).removeprefix("RRULE:")
    try:
        parsed = rrulestr(rule, dtstart=datetime.combine(first, time()))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise RecurrenceInvalid(text) from error
    if not isinstance(parsed, rrule) or _is_strange(parsed) or _NEVER.search(rule):
        raise RecurrenceInvalid(text)
    return parsed


def _is_strange(rule: rrule) -> bool:
    """Tell whether a rule repeats within a day, or has no step and would never end."""
    frequency, interval = vars(rule)["_freq"], vars(rule)["_interval"]
    return bool(frequency > _SMALLEST or interval < 1)


def months_between(text: str) -> int:
    """Return how many months a rule leaves between its moments; 0: it comes every few days.

    Raises RecurrenceInvalid.
    """
    rule = vars(parse_rule(text, _ANY_DAY))
    if rule["_freq"] == YEARLY:
        return int(_YEAR * rule["_interval"] / len(rule["_bymonth"] or (1,)))
    return int(rule["_interval"]) if rule["_freq"] == MONTHLY else 0


def next_moment(text: str, first: date, at: time, zone: Zone, after: datetime) -> datetime | None:
    """Return the rule's next moment strictly after `after`, in UTC; None: there is none.

    Days are the zone's. A time of day that the clocks skip moves on by the gap, and of a time that
    comes twice the first counts, so every day of the rule has exactly one moment. A rule such as
    BYMONTHDAY=31 skips months without that day, as RFC 5545 says; −1 is the last day.
    """
    rule = parse_rule(text, first)
    zoned = zone_info(zone)
    day = after.astimezone(zoned).replace(tzinfo=None) - 2 * _SEARCH
    while True:
        following = rule.after(day)
        if following is None or following.year > _HORIZON:
            return None
        moment = datetime.combine(following.date(), at, zoned).astimezone(UTC)
        if moment > after:
            return moment
        day = following
