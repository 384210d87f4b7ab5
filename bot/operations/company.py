"""What the bot knows about the company."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.operations.lists.file_parts import USUAL_COUNTRY
from bot.operations.lists.phone_numbers import countries
from storage.database import Database
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.messages import mark
from surveys.survey.cleaning import clean_text
from templates.countries import country_name, country_named, country_of_zone
from templates.texts import Texts
from templates.zones import zone_named

_LONGEST_NAME = 60
_LONGEST_OPERATOR = 400
_WIDEST = 100
_REPEATS = set("123456789")


async def company(
    database: Database,
    now: datetime,
    /,
    *,
    break_down_by: Sequence[str] | None = None,
    **changes: str,
) -> dict[str, Any]:
    """Operation: change what is given, return all. `break_down_by` replaces what was chosen."""
    # A list needs the company's country and none of what is counted.
    from bot.operations.reports.breakdowns import choose  # noqa: PLC0415
    from storage.counting import attributes  # noqa: PLC0415

    del now
    async with database.reading() as reader:
        known = await attributes.known(reader)
    async with database.transaction() as tx:
        space = await workspace.get(tx)
        if changes:
            space = with_changes(space, changes)
            await workspace.save(tx, space)
        if break_down_by is not None:
            space = await choose(tx, break_down_by, known)
    return {
        "name": space.company,
        "language": space.language,
        "zone": space.zone,
        "country": country_of(space),
        "review_url": space.review_url,
        "operator": space.operator,
        "quiet_hours": f"{space.quiet_from}:00–{space.quiet_until}:00",
        "break_down_by": list(space.break_down_by),
        "margin_nps": space.margin_nps,
        "margin_index": space.margin_index,
        "loyal_repeats": space.loyal_repeats,
        "attributes": known,
    }


async def zone(database: Database, now: datetime, /, *, check: bool) -> dict[str, Any]:
    """Operation: return the zone in which days are shown; a `check` makes no database for it."""
    del now, check
    async with database.reading() as reader:
        return {"zone": (await workspace.get(reader)).zone}


def country_of(space: Workspace) -> str:
    """Return the country of phone numbers that name none: the company's choice, else the zone's."""
    by_zone = country_of_zone(space.zone)
    if space.country or by_zone is None or by_zone == USUAL_COUNTRY:
        return space.country or USUAL_COUNTRY  # the usual case: no library is loaded
    return by_zone if by_zone in countries() else USUAL_COUNTRY


def usual_settings(texts: Texts, space: Workspace) -> str:
    """Return what is assumed as long as nobody has set the company up, "" where somebody has."""
    if space.company:
        return ""
    return texts(
        "This company is not set up yet, so it is taken for one that speaks {language}, in the "
        "time zone {zone}, with phones of {country}. To change that first: otklik company "
        "--name NAME --language en --zone Europe/London --country GB",
        language=texts(_LANGUAGES[space.language]),
        zone=space.zone,
        country=country_name(texts.language, country_of(space)),
    )


_LANGUAGES = {"ru": mark("Russian"), "en": mark("English")}


def with_changes(space: Workspace, changes: Mapping[str, str]) -> Workspace:
    """Return the company with these settings; refuses the first that makes no sense."""
    return replace(space, **checked(changes))


def checked(changes: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings as they are stored; refuses the first that makes no sense."""
    kept: dict[str, Any] = {}
    for key, value in changes.items():
        match key, clean_text(value):
            case "name", name if 0 < len(name) <= _LONGEST_NAME:
                kept["company"] = name
            case "language", ("ru" | "en") as language:
                kept["language"] = language
            case "zone", said if (zone := zone_named(said)) is not None:
                kept["zone"] = zone
            case "operator", said if len(said) <= _LONGEST_OPERATOR:
                kept["operator"] = said or None
            case "country", "":
                kept["country"] = None
            case "country", said if (country := country_named(said)) in countries():
                kept["country"] = country
            case (
                ("margin_nps" | "margin_index" | "loyal_repeats") as setting,
                number,
            ) if _is_number_for(setting, number):
                kept[setting] = int(number) if number else None
            case "review_url", url if not url or url.startswith("https://"):
                kept["review_url"] = url or None
            case _:
                raise Refused(_HINTS[key], limit=_LONGEST_NAME)
    return kept


def _is_number_for(setting: str, number: str) -> bool:
    if setting == "loyal_repeats":
        return not number or number in _REPEATS
    return not number or (number.isdecimal() and 0 < int(number) <= _WIDEST)


_MARGIN = mark("The margin must be a whole number of points from 1 to 100; '' for the usual one.")
_HINTS = {
    "name": mark("The name must have 1 to {limit} characters."),
    "language": mark("The language must be ru or en."),
    "zone": mark("The zone must be a city or a name such as Europe/Moscow or Asia/Yekaterinburg."),
    "review_url": mark("The review link must begin with https://"),
    "operator": mark("Name, address and contact must fit into 400 characters."),
    "country": mark("There is no such country; write its name or its code, such as RU, KZ, US."),
    "margin_nps": _MARGIN,
    "margin_index": _MARGIN,
    "loyal_repeats": mark("Repeat purchases are a number from 1 to 9; '' for promoters."),
}
