"""A case: an unhappy customer whom somebody of the staff gets in touch with. Pure.

What opens one is what is reported at once, and stands in the survey: see `survey.low_answers`.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal, get_args

from surveys.periods import Zone, zone_info

State = Literal["open", "taken", "resolved"]
CaseOutcome = Literal["put_right", "not_put_right", "not_reached"]
EventKind = Literal[
    "opened",
    "answer_changed",
    "assigned",
    "taken",
    "note",
    "call_at",
    "resolved",
    "reopened",
    "nagged",
    "escalated",
]
STATES: Final[tuple[State, ...]] = get_args(State)
OUTCOMES: Final[tuple[CaseOutcome, ...]] = get_args(CaseOutcome)
EVENT_KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)

WORKING_HOURS: Final = timedelta(hours=9)
"""How much working time there is to resolve a case: one whole working day."""
_FROM, _UNTIL = time(9), time(18)
_SATURDAY = 5
_DAY = timedelta(days=1)


def due_after(moment: datetime, zone: Zone, wait: timedelta = WORKING_HOURS) -> datetime:
    """Return when so much working time has passed, in UTC.

    Working time is 9 to 18 o'clock of the zone, Monday to Friday. No public holidays are known.
    """
    there = zone_info(zone)
    local = moment.astimezone(there).replace(tzinfo=None)
    day, at = local.date(), local
    while True:
        begins, ends = datetime.combine(day, _FROM), datetime.combine(day, _UNTIL)
        at = max(at, begins)
        if day.weekday() < _SATURDAY and at < ends:
            if wait <= ends - at:
                return (at + wait).replace(tzinfo=there).astimezone(UTC)
            wait -= ends - at
        day += _DAY
