"""What the bot knows about the company."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import Refused
from bot.operations.reports.breakdowns import choose
from storage.counting import attributes
from storage.database import Database
from storage.people import workspace
from surveys.messages import mark
from surveys.survey.answers import clean_text

_LONGEST_NAME = 60


async def company(
    database: Database,
    now: datetime,
    /,
    *,
    break_down_by: Sequence[str] | None = None,
    **changes: str,
) -> dict[str, Any]:
    """Operation: change what is given, return all. `break_down_by` replaces what was chosen."""
    del now
    async with database.reading() as reader:
        known = await attributes.known(reader)
    async with database.transaction() as tx:
        space = await workspace.get(tx)
        if changes:
            space = replace(space, **_checked(changes))
            await workspace.save(tx, space)
        if break_down_by is not None:
            space = await choose(tx, break_down_by, known)
    return {
        "name": space.company,
        "language": space.language,
        "zone": space.zone,
        "review_url": space.review_url,
        "quiet_hours": f"{space.quiet_from}:00–{space.quiet_until}:00",
        "break_down_by": list(space.break_down_by),
        "attributes": known,
    }


async def zone(database: Database, now: datetime, /, *, check: bool) -> dict[str, Any]:
    """Operation: say in which time zone days are shown; a `check` makes no database for it."""
    del now, check
    async with database.reading() as reader:
        return {"zone": (await workspace.get(reader)).zone}


def _checked(changes: dict[str, str]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for key, value in changes.items():
        match key, clean_text(value):
            case "name", name if 0 < len(name) <= _LONGEST_NAME:
                checked["company"] = name
            case "language", ("ru" | "en") as language:
                checked["language"] = language
            case "zone", zone if zone in available_timezones():
                checked["zone"] = ZoneInfo(zone).key
            case "review_url", url if not url or url.startswith("https://"):
                checked["review_url"] = url or None
            case _:
                raise Refused(_HINTS[key], limit=_LONGEST_NAME)
    return checked


_HINTS = {
    "name": mark("The name must have 1 to {limit} characters."),
    "language": mark("The language must be ru or en."),
    "zone": mark("The zone must be a name such as Europe/Moscow or Asia/Yekaterinburg."),
    "review_url": mark("The review link must begin with https://"),
}
