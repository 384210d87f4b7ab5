"""When an invitation may go out: within the window, outside the quiet hours, spread evenly."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.campaign.schedule import next_allowed
from surveys.periods import Zone

_HOUR = timedelta(hours=1)
_LONGEST_SEARCH = 24 * 400
_DAY = 24


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a day in which people are written to; `window` narrows them further."""

    quiet_from: int = 21
    quiet_until: int = 9
    window: tuple[int, int] | None = None


def send_at(moment: datetime, zone: Zone, hours: Hours) -> datetime:
    """Return the moment itself or the next allowed one, in UTC.

    A window that lies wholly within the quiet hours would never open, so it is ignored.
    """
    allowed = next_allowed(moment, zone, hours.quiet_from, hours.quiet_until)
    if hours.window is None:
        return allowed
    start, end = hours.window
    fitting = allowed
    for _ in range(4):
        within = next_allowed(fitting, zone, end % _DAY, start % _DAY)
        fitting = next_allowed(within, zone, hours.quiet_from, hours.quiet_until)
        if fitting == within:
            return fitting
    return allowed


def is_quiet(moment: datetime, zone: Zone, hours: Hours) -> bool:
    """Tell whether nobody of that zone is written to now."""
    return send_at(moment, zone, hours) > moment


def after_waiting(moment: datetime, wait: timedelta, zone: Zone, hours: Hours) -> datetime:
    """Return the moment at which `wait` of allowed time has passed, in UTC.

    Forbidden hours do not count, so a spread over several days does not crowd into the first hour
    of each window.
    """
    at = send_at(moment, zone, hours)
    for _ in range(_LONGEST_SEARCH):
        step = min(wait, _HOUR)
        following = send_at(at + step, zone, hours)
        if following == at + step:
            wait -= step
        else:
            wait -= _until_closing(at, step, zone, hours)
        at = following
        if wait <= timedelta(0):
            break
    return at


def _until_closing(at: datetime, step: timedelta, zone: Zone, hours: Hours) -> timedelta:
    """Return how much of a step is still allowed, to the minute."""
    low, high = 0, int(step / timedelta(minutes=1)) + 1
    while low < high:
        middle = (low + high + 1) // 2
        if is_quiet(at + middle * timedelta(minutes=1), zone, hours):
            high = middle - 1
        else:
            low = middle
    return min(step, (low + 1) * timedelta(minutes=1))


def timetable(
    count: int, moment: datetime, over: timedelta, zone: Zone, hours: Hours
) -> Iterator[datetime]:
    """Yield when each of `count` messages goes out, evenly over so much allowed time."""
    at = send_at(moment, zone, hours)
    for number in range(count):
        if number and over:
            at = after_waiting(at, over / count, zone, hours)
        yield at
