"""The words of an audience that fit nobody: a misspelt segment would ask nobody, for ever."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select

from storage.asking.prospects import attribute_values
from storage.engine.reading import Reader
from storage.tables.people import people
from surveys.campaign.audience import STATUS, Filter

_ALL = 1_000_000


async def unknown_words(reader: Reader, audience: Filter) -> Mapping[str, Sequence[str]]:
    """Return the parts of an audience whose words fit nobody here."""
    columns: Mapping[str, tuple[ColumnElement[str | None], Sequence[str]]] = {
        "segments": (people.c.segment, audience.segments),
        "managers": (people.c.external_id, audience.managers),
        "teams": (people.c.team, audience.teams),
    }
    unknown: dict[str, list[str]] = {}
    for part, (column, wanted) in columns.items():
        which = column.in_(wanted) & people.c.left_at.is_(None)
        if part == "managers":
            which &= people.c.is_manager
        known = set(await reader.scalars(select(column).where(which).distinct())) if wanted else ()
        unknown[part] = [word for word in wanted if word not in known]
    if audience.statuses or audience.attributes:
        unknown |= await _unknown_attributes(reader, audience)
    return {part: words for part, words in unknown.items() if words}


async def _unknown_attributes(reader: Reader, audience: Filter) -> Mapping[str, list[str]]:
    known: dict[str, set[str]] = {}
    for key, values in (await attribute_values(reader, limit=_ALL, latest=_ALL)).items():
        known.setdefault(key.casefold(), set()).update(values)
    statuses = set().union(*(known.get(key, set()) for key in STATUS))
    return {
        "statuses": [word for word in audience.statuses if word not in statuses],
        "attributes": [
            f"{key}: {value}"
            for key, value in audience.attributes.items()
            if value not in known.get(key.casefold(), set())
        ],
    }
